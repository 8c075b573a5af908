import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { showCompany } from "#shared/customers.ts";
import { call } from "#web/call.ts";
import styles from "#web/companies/company-list.module.css";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { textOf, useFields } from "#web/parts/use-directory.ts";
import { useMe } from "#web/parts/use-me.ts";
import { Value } from "#web/parts/value.tsx";
import { formatNumber } from "#web/words/format.ts";
import { useWords } from "#web/words/words.ts";

/** One company: its values and the way to its people. */
export function CompanyPreview({ companyNo, as: Heading = "h2" }: { companyNo: number; as?: "h1" | "h2" }) {
  const { w, label } = useWords();
  const { mayRead } = useMe();
  const fields = useFields("company");
  const { data, error, refetch } = useQuery({ queryKey: ["company", companyNo], queryFn: () => call(showCompany, { params: { companyNo } }) });
  if (error !== null) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <p className="soft">{w.act.loading}</p>;
  return (
    <div className="column">
      <Heading>{textOf(data.values["companyName"]) ?? w.companies.noName}</Heading>
      <div className="line">
        <Button component={Link} to={`/companies/${companyNo}`} size="xs">
          {w.act.openFull}
        </Button>
      </div>
      {mayRead.customer ? (
        <p>
          <Link to="/customers" search={{ company: companyNo }}>
            {w.companies.showCustomers} ({formatNumber(data.customers)})
          </Link>
        </p>
      ) : null}
      <dl className={styles["pairs"]}>
        {fields
          .filter((field) => field.key in data.values && field.key !== "companyName")
          .map((field) => (
            <div key={field.key}>
              <dt>{label(field)}</dt>
              <dd>
                <Value shown={data.values[field.key]} type={field.type} choices={field.choices} label={label(field)} />
              </dd>
            </div>
          ))}
      </dl>
    </div>
  );
}
