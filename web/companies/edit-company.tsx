import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changeCompany, showCompany } from "#shared/customers.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { call } from "#web/call.ts";
import { compareEdits, keepMine, type Edits } from "#web/customers/compare-edits.ts";
import { ConflictView } from "#web/customers/conflict-view.tsx";
import { FormField } from "#web/parts/form-field.tsx";
import { useLeaveGuard } from "#web/parts/leave-guard.tsx";
import { ProblemNotice, refusalOf, sentenceOf, tellRefusal } from "#web/parts/problem-notice.tsx";
import { showUndo } from "#web/parts/show-undo.tsx";
import { textOf, useFields } from "#web/parts/use-directory.ts";
import { useKeys } from "#web/parts/use-keys.ts";
import { useWords } from "#web/words/words.ts";

export type Company = ReplyOf<typeof showCompany>;

/** The values of a company for a change. Two who change it at once see both. */
export function EditCompany({ company, onClose }: { company: Company; onClose: () => void }) {
  const spoken = useWords();
  const { w, label } = spoken;
  const client = useQueryClient();
  const fields = useFields("company").filter((field) => field.mayWrite && field.key in company.values);
  const [draft, setDraft] = useState<Readonly<Record<string, string>>>({});
  const [newest, setNewest] = useState<Company | null>(null);
  const edits: Edits = Object.fromEntries(
    Object.entries(draft)
      .filter(([key, text]) => text.trim() !== (textOf(company.values[key]) ?? ""))
      .map(([key, text]) => [key, text.trim() === "" ? null : text.trim()]),
  );
  const isChanged = Object.keys(edits).length > 0;
  const refresh = () =>
    Promise.all(
      [["company", company.companyNo], ["companies"], ["company-names"], ["timeline", company.companyNo]].map((queryKey) =>
        client.invalidateQueries({ queryKey }),
      ),
    );
  const save = useMutation({
    mutationFn: (change: { version: number; values: Edits }) =>
      call(changeCompany, { params: { companyNo: company.companyNo }, body: { version: change.version, values: { ...change.values } } }),
    onSuccess: async ({ companyNo, version }, { values }) => {
      await refresh();
      const shown = Object.keys(values).map((key) => [key, (newest ?? company).values[key] ?? null] as const);
      // What one was not shown in full one cannot put back.
      if (shown.some(([, value]) => typeof value === "object" && value !== null)) {
        notifications.show({ message: w.act.saved });
        onClose();
        return;
      }
      const former = Object.fromEntries(shown.map(([key, value]) => [key, textOf(value) ?? null]));
      showUndo({
        id: `company-${companyNo}`,
        message: w.act.saved,
        label: w.act.undo,
        onUndo: () =>
          void call(changeCompany, { params: { companyNo }, body: { version, values: former } }).then(refresh, (error: unknown) =>
            notifications.show({ message: tellRefusal(error, spoken), color: "red" }),
          ),
      });
      onClose();
    },
    onError: async (error) => {
      if (refusalOf(error).code === "conflict") setNewest(await call(showCompany, { params: { companyNo: company.companyNo } }));
    },
  });
  const guard = useLeaveGuard({
    isDirty: isChanged && !save.isSuccess,
    words: { title: w.person.discard, lead: w.person.discardLead, action: w.person.discardDo },
    onLeave: onClose,
  });
  useKeys({ Escape: guard.leave });

  if (newest !== null) {
    const compared = compareEdits(company.values, edits, newest.values);
    return (
      <ConflictView
        kind="company"
        clashes={compared.clashes}
        theirsOnly={compared.theirsOnly}
        newest={newest}
        isBusy={save.isPending}
        onCancel={() => {
          void refresh();
          onClose();
        }}
        onSave={(dropped) => save.mutate({ version: newest.version, values: keepMine(edits, dropped) })}
      />
    );
  }
  const refusal = save.error === null ? null : refusalOf(save.error);
  return (
    <form
      method="post"
      className="column"
      aria-label={w.activities.companyEdit}
      onSubmit={(event) => {
        event.preventDefault();
        if (isChanged) save.mutate({ version: company.version, values: edits });
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.nativeEvent.isComposing) guard.leave();
        if (event.key === "Enter" && (event.nativeEvent.isComposing || event.keyCode === 229)) event.preventDefault();
      }}
    >
      {refusal === null || refusal.code === "conflict" ? null : <ProblemNotice error={refusal} />}
      {fields.map((field) => (
        <FormField
          key={field.key}
          label={label(field)}
          type={field.type}
          choices={field.choices}
          isOwn={field.isOwn}
          isRequired={field.isRequired}
          value={draft[field.key] ?? textOf(company.values[field.key]) ?? ""}
          onChange={(text) => setDraft({ ...draft, [field.key]: text })}
          error={refusal?.facts["field"] === field.key ? sentenceOf(refusal.code, spoken) : undefined}
        />
      ))}
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
