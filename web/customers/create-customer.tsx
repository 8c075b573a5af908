import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { createCustomer } from "#shared/customers.ts";
import { call } from "#web/call.ts";
import { CompanySelect } from "#web/companies/company-select.tsx";
import { CustomerForm, DepartmentSelect, type Draft } from "#web/customers/customer-form.tsx";
import { AlikeNotice } from "#web/duplicates/alike-notice.tsx";
import { PageHead, useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice, reasonOf, refusalOf, sentenceOf } from "#web/parts/problem-notice.tsx";
import { useDepartments } from "#web/parts/use-directory.ts";
import { useMe } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

export function CreateCustomer() {
  const spoken = useWords();
  const { w } = spoken;
  useDocumentTitle(w.person.createTitle);
  const { departments } = useMe();
  const own = useDepartments().find((one) => departments.some((mine) => mine.departmentNo === one.departmentNo));
  const [draft, setDraft] = useState<Draft>({});
  const [companyNo, setCompanyNo] = useState<number | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  const cellNo = chosen ?? own?.cellNo ?? null;
  const navigate = useNavigate();
  const values = Object.fromEntries(
    Object.entries(draft)
      .map(([field, text]) => [field, text.trim()])
      .filter(([, text]) => text !== ""),
  );
  const create = useMutation({
    mutationFn: () => call(createCustomer, { body: { values, ...(cellNo === null ? {} : { cellNo }), ...(companyNo === null ? {} : { companyNo }) } }),
    onSuccess: ({ customerNo }) => void navigate({ to: "/customers/$customerNo", params: { customerNo: String(customerNo) }, replace: true }),
  });
  const refusal = create.error === null ? null : refusalOf(create.error);
  const wrongField = typeof refusal?.facts["field"] === "string" ? refusal.facts["field"] : undefined;
  return (
    <div className="page">
      <PageHead title={w.person.createTitle} />
      <form
        method="post"
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.nativeEvent.isComposing || event.keyCode === 229)) event.preventDefault();
        }}
      >
        {refusal === null ? null : <ProblemNotice error={refusal} />}
        <CustomerForm
          values={{}}
          draft={draft}
          onDraft={setDraft}
          wrongField={wrongField}
          sentence={refusal === null ? undefined : (reasonOf(refusal, spoken) ?? sentenceOf(refusal.code, spoken))}
        >
          <DepartmentSelect cellNo={cellNo} onChange={setChosen} />
          <CompanySelect
            companyNo={companyNo}
            onChange={(no, name) => {
              setCompanyNo(no);
              if (name !== undefined) setDraft((former) => ({ ...former, companyName: name }));
            }}
          />
        </CustomerForm>
        <AlikeNotice values={values} />
        <div className="line">
          <Button type="submit" loading={create.isPending} disabled={Object.keys(values).length === 0}>
            {w.act.save}
          </Button>
          <Button variant="default" onClick={() => void navigate({ to: "/customers" })}>
            {w.act.cancel}
          </Button>
          {Object.keys(values).length === 0 ? <span className="small soft">{w.person.needsOne}</span> : null}
        </div>
      </form>
    </div>
  );
}
