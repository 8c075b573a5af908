import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { companyPeople } from "#shared/activities.ts";
import { call } from "#web/call.ts";
import styles from "#web/companies/company-people.module.css";
import { At } from "#web/parts/at.tsx";
import { AccountChip, CustomerChip } from "#web/parts/chip.tsx";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { textOf } from "#web/parts/use-directory.ts";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

const pageRows = 50;

/** The people of a company whom one sees: title, owner, last contact. */
export function CompanyPeople({ companyNo }: { companyNo: number }) {
  const { w } = useWords();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["company-people", companyNo],
    queryFn: ({ pageParam }) => call(companyPeople, { params: { companyNo }, query: { offset: pageParam, limit: pageRows } }),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (pages.length * pageRows < last.total ? pages.length * pageRows : null),
  });
  if (error !== null) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  const people = data?.pages.flatMap((page) => page.people);
  return (
    <section className="column tight" aria-label={w.activities.people}>
      <div className="line apart">
        <h2>
          {w.activities.people} <span className="soft small number">{data === undefined ? "" : w.activities.peopleCount(data.pages[0]?.total ?? 0)}</span>
        </h2>
        <Link to="/customers" search={{ company: companyNo }} className="small">
          {w.activities.listPeople}
        </Link>
      </div>
      {people === undefined ? (
        <p className="soft">{w.act.loading}</p>
      ) : people.length === 0 ? (
        <EmptyState title={w.activities.noPeople} help={w.activities.noPeopleHelp} />
      ) : (
        <ul className={styles["list"]}>
          {people.map((person) => (
            <li key={person.customerNo} className={styles["person"]}>
              <span>
                <CustomerChip no={person.customerNo} name={textOf(person.values["fullName"])} />
              </span>
              <span className="small">
                <Value shown={person.values["section"]} isBare /> <Value shown={person.values["jobTitle"]} isBare />
              </span>
              <span>{person.ownerNo === null ? <span className="soft">{w.customers.noOwner}</span> : <AccountChip no={person.ownerNo} />}</span>
              <span className="small soft">
                {w.activities.lastContact} {person.lastContactAt === null ? w.activities.never : <At iso={person.lastContactAt} form="short" />}
              </span>
            </li>
          ))}
        </ul>
      )}
      {hasNextPage ? (
        <Button variant="default" size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {w.act.more}
        </Button>
      ) : null}
    </section>
  );
}
