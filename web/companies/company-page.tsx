import { Button, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { showCompany } from "#shared/customers.ts";
import { CompanyPurchases } from "#web/activities/purchases.tsx";
import { SubjectTimeline } from "#web/activities/subject-timeline.tsx";
import { call } from "#web/call.ts";
import styles from "#web/companies/company-list.module.css";
import { CompanyPeople } from "#web/companies/company-people.tsx";
import { EntrustedData } from "#web/companies/entrusted-data.tsx";
import { EditCompany, type Company } from "#web/companies/edit-company.tsx";
import { RestoreCompany, TrashCompany } from "#web/companies/trash-company.tsx";
import { MergedCompanyNotice, MergesOfCompany } from "#web/duplicates/duplicate-mark.tsx";
import { InTrash } from "#web/customers/in-trash.tsx";
import pageStyles from "#web/customers/customer-page.module.css";
import { PageHead, useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { textOf, useFields } from "#web/parts/use-directory.ts";
import { useKeys } from "#web/parts/use-keys.ts";
import { useMe } from "#web/parts/use-me.ts";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

/** One company: its values and people on the left, what happened and what was bought on the right. */
export function CompanyPage() {
  const { w } = useWords();
  useDocumentTitle(w.companies.title);
  const params: { companyNo?: string } = useParams({ strict: false });
  const companyNo = Number(params.companyNo);
  const { data, error, refetch } = useQuery({ queryKey: ["company", companyNo], queryFn: () => call(showCompany, { params: { companyNo } }) });
  if (error !== null) {
    return (
      <div className="page">
        <ProblemNotice error={error} onRetry={() => void refetch()} />
      </div>
    );
  }
  if (data === undefined) return <p className="page soft">{w.act.loading}</p>;
  return <CompanyDetails key={companyNo} company={data} />;
}

function CompanyDetails({ company }: { company: Company }) {
  const { w, label } = useWords();
  const { mayRead } = useMe();
  const navigate = useNavigate();
  const [isEditing, setIsEditing] = useState(false);
  const fields = useFields("company");
  useKeys({ e: () => company.may.write && setIsEditing(true) });
  return (
    <div className="page">
      <PageHead title={textOf(company.values["companyName"]) ?? w.companies.noName} lead={<Value shown={company.values["kana"]} isBare />}>
        {company.may.write && !isEditing ? (
          <Button leftSection={<IconPencil size={16} />} onClick={() => setIsEditing(true)}>
            {w.act.edit}
          </Button>
        ) : null}
        {company.may.write && !isEditing ? (
          <TrashCompany companyNo={company.companyNo} version={company.version} onDone={() => void navigate({ to: "/companies" })} />
        ) : null}
      </PageHead>
      {company.mergedInto === null ? null : (
        <MergedCompanyNotice companyNo={company.companyNo} mergedInto={company.mergedInto} mayUndo={fields.some((field) => field.mayWrite)} />
      )}
      {company.state === "trashed" ? (
        <InTrash text={w.bulk.companyInTrash} daysLeft={company.trashDaysLeft}>
          <RestoreCompany companyNo={company.companyNo} />
        </InTrash>
      ) : null}
      <div className={pageStyles["halves"]}>
        <div className="column">
          <section aria-label={w.person.values}>
            {isEditing ? (
              <EditCompany company={company} onClose={() => setIsEditing(false)} />
            ) : (
              <dl className={styles["pairs"]}>
                {fields
                  .filter((field) => field.key in company.values && !["companyName", "kana"].includes(field.key))
                  .map((field) => (
                    <div key={field.key}>
                      <dt>{label(field)}</dt>
                      <dd>
                        <Value shown={company.values[field.key]} type={field.type} choices={field.choices} label={label(field)} />
                      </dd>
                    </div>
                  ))}
              </dl>
            )}
          </section>
          <MergesOfCompany companyNo={company.companyNo} mayWrite={company.may.write} />
          {mayRead.customer ? <CompanyPeople companyNo={company.companyNo} /> : null}
          {mayRead.customer ? <EntrustedData companyNo={company.companyNo} /> : null}
        </div>
        <Past companyNo={company.companyNo} />
      </div>
    </div>
  );
}

function Past({ companyNo }: { companyNo: number }) {
  const { w } = useWords();
  const { mayRead } = useMe();
  const { tab = "timeline" }: { tab?: string } = useSearch({ strict: false });
  const navigate = useNavigate();
  return (
    <section aria-label={w.activities.timeline}>
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(next) => void navigate({ to: ".", search: (former: object) => ({ ...former, tab: next === "timeline" ? undefined : next }), replace: true })}
      >
        <Tabs.List mb={16}>
          <Tabs.Tab value="timeline">{w.activities.timeline}</Tabs.Tab>
          {mayRead.customer ? <Tabs.Tab value="purchases">{w.activities.purchases}</Tabs.Tab> : null}
        </Tabs.List>
        <Tabs.Panel value="timeline">
          <SubjectTimeline about={{ kind: "company", no: companyNo }} />
        </Tabs.Panel>
        <Tabs.Panel value="purchases">{mayRead.customer ? <CompanyPurchases companyNo={companyNo} /> : null}</Tabs.Panel>
      </Tabs>
    </section>
  );
}
