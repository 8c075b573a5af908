import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changeCustomer, showCustomer } from "#shared/customers.ts";
import { call } from "#web/call.ts";
import { CompanySelect } from "#web/companies/company-select.tsx";
import { compareEdits, keepMine, type Edits } from "#web/customers/compare-edits.ts";
import { ConflictView } from "#web/customers/conflict-view.tsx";
import { CustomerForm, DepartmentSelect, OwnerSelect, type Draft } from "#web/customers/customer-form.tsx";
import formStyles from "#web/customers/customer-form.module.css";
import { changeOfPlaces, placeEdits, placesOf } from "#web/customers/places.tsx";
import { tellSaved } from "#web/customers/undo-edit.tsx";
import type { Customer } from "#web/customers/use-customer.ts";
import { useLeaveGuard } from "#web/parts/leave-guard.tsx";
import { ProblemNotice, reasonOf, refusalOf, sentenceOf } from "#web/parts/problem-notice.tsx";
import { textOf } from "#web/parts/use-directory.ts";
import { useKeys } from "#web/parts/use-keys.ts";
import { useWords } from "#web/words/words.ts";

interface Change {
  readonly version: number;
  readonly values: Edits;
  readonly ownerNo?: number | null;
  readonly cellNo?: number;
  readonly companyNo?: number | null;
}

/** What was really changed: a field typed back to what it was is none, an emptied one is null. */
function editsOf(customer: Customer, draft: Draft): Edits {
  const touched = Object.entries(draft).filter(([field, text]) => {
    const stored = customer.values[field];
    return typeof stored === "object" && stored !== null ? text.trim() !== "" : text.trim() !== (textOf(stored) ?? "");
  });
  return Object.fromEntries(touched.map(([field, text]) => [field, text.trim() === "" ? null : text.trim()]));
}

export function EditCustomer({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const spoken = useWords();
  const { w } = spoken;
  const client = useQueryClient();
  const [draft, setDraft] = useState<Draft>({});
  const [ownerNo, setOwnerNo] = useState(customer.ownerNo);
  const [cellNo, setCellNo] = useState(customer.cellNo);
  const [companyNo, setCompanyNo] = useState(customer.companyNo);
  const [newest, setNewest] = useState<Customer | null>(null);
  const edits = editsOf(customer, draft);
  const moves = placeEdits(customer, { ownerNo, cellNo, companyNo });
  const isChanged = Object.keys(edits).length > 0 || Object.keys(moves).length > 0;

  const save = useMutation({
    mutationFn: (change: Change) => call(changeCustomer, { params: { customerNo: customer.customerNo }, body: { ...change, values: { ...change.values } } }),
    onSuccess: async (saved) => {
      void client.invalidateQueries({ queryKey: ["timeline", customer.customerNo] });
      // Nobody is shown the former values once it was said that the new ones are saved.
      await client.invalidateQueries({ queryKey: ["customer", customer.customerNo] });
      tellSaved(saved, client, spoken);
      onClose();
    },
    onError: async (error) => {
      if (refusalOf(error).code === "conflict") setNewest(await call(showCustomer, { params: { customerNo: customer.customerNo } }));
    },
  });
  const saveWith = (values: Edits, places: Edits, version: number) => save.mutate({ version, values, ...changeOfPlaces(places) });
  const guard = useLeaveGuard({
    isDirty: isChanged && !save.isSuccess,
    words: { title: w.person.discard, lead: w.person.discardLead, action: w.person.discardDo },
    onLeave: onClose,
  });
  useKeys({ Escape: guard.leave });

  if (newest !== null) {
    const compared = compareEdits({ ...customer.values, ...placesOf(customer) }, { ...edits, ...moves }, { ...newest.values, ...placesOf(newest) });
    return (
      <ConflictView
        clashes={compared.clashes}
        theirsOnly={compared.theirsOnly}
        newest={{ values: { ...newest.values, ...placesOf(newest) } }}
        isBusy={save.isPending}
        onCancel={() => {
          void client.invalidateQueries({ queryKey: ["customer", customer.customerNo] });
          onClose();
        }}
        onSave={(dropped) => {
          setNewest(null);
          saveWith(keepMine(edits, dropped), keepMine(moves, dropped), newest.version);
        }}
      />
    );
  }
  const refusal = save.error === null ? null : refusalOf(save.error);
  const wrongField = typeof refusal?.facts["field"] === "string" ? refusal.facts["field"] : undefined;
  return (
    <form
      method="post"
      className="column"
      onSubmit={(event) => {
        event.preventDefault();
        if (isChanged) saveWith(edits, moves, customer.version);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.nativeEvent.isComposing) guard.leave();
        // Enter that ends a conversion of the input method reaches some browsers as a submit.
        if (event.key === "Enter" && (event.nativeEvent.isComposing || event.keyCode === 229)) event.preventDefault();
      }}
    >
      {refusal === null || refusal.code === "conflict" ? null : <ProblemNotice error={refusal} />}
      <CustomerForm
        values={customer.values}
        draft={draft}
        onDraft={setDraft}
        wrongField={wrongField}
        sentence={refusal === null ? undefined : (reasonOf(refusal, spoken) ?? sentenceOf(refusal.code, spoken))}
      >
        <div className={formStyles["class"]}>
          <OwnerSelect ownerNo={ownerNo} onChange={setOwnerNo} />
          <DepartmentSelect cellNo={cellNo} onChange={setCellNo} />
          <CompanySelect
            companyNo={companyNo}
            onChange={(no, name) => {
              setCompanyNo(no);
              if (name !== undefined) setDraft((former) => ({ ...former, companyName: name }));
            }}
          />
        </div>
      </CustomerForm>
      <div className="line">
        <Button type="submit" disabled={!isChanged} loading={save.isPending}>
          {w.act.save}
        </Button>
        <Button variant="default" onClick={guard.leave}>
          {w.act.cancel}
        </Button>
      </div>
      {guard.dialog}
    </form>
  );
}
