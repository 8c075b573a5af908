import { Button, Checkbox } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { restoreCustomer } from "#shared/customers.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { listTrash, restoreCompany } from "#shared/trash.ts";
import { call } from "#web/call.ts";
import { TrashTerm } from "#web/customers/in-trash.tsx";
import { BulkActions } from "#web/customers/bulk-actions.tsx";
import { refreshCustomers } from "#web/customers/watch-operation.tsx";
import { At } from "#web/parts/at.tsx";
import { AccountChip, CompanyChip, CustomerChip } from "#web/parts/chip.tsx";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { PageHead, useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice, tellRefusal } from "#web/parts/problem-notice.tsx";
import { textOf } from "#web/parts/use-directory.ts";
import { useMay } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

type Page = ReplyOf<typeof listTrash>;
type Row = Page["rows"][number];
type Company = Page["companies"][number];

const pageRows = 50;
/** From here on the term is worth looking at. */

/** What lies in the trash, what is left of its term, and the way back for one or many. */
export function Trash() {
  const { w } = useWords();
  useDocumentTitle(w.bulk.trashTitle);
  const may = useMay();
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, refetch } = useInfiniteQuery({
    queryKey: ["trash"],
    queryFn: ({ pageParam }) => call(listTrash, { query: { offset: pageParam, limit: pageRows } }),
    initialPageParam: 0,
    getNextPageParam: (last: Page, pages) => (pages.length * pageRows < last.total ? pages.length * pageRows : undefined),
    staleTime: 0,
  });
  const first = data?.pages[0];
  const rows = data?.pages.flatMap((page) => page.rows) ?? [];
  const choose = (customerNo: number) =>
    setChosen((former) => new Set(former.has(customerNo) ? [...former].filter((no) => no !== customerNo) : [...former, customerNo]));
  const all = rows.length > 0 && rows.every((row) => chosen.has(row.customerNo));
  return (
    <div className="page">
      <PageHead title={w.bulk.trashTitle} lead={first === undefined ? undefined : w.bulk.trashLead(first.days)}>
        {may("bulk") ? (
          <Button component={Link} to="/operations" variant="default">
            {w.bulk.operations}
          </Button>
        ) : null}
      </PageHead>
      {error === null ? null : <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {first === undefined ? null : rows.length === 0 && first.companies.length === 0 ? (
        <EmptyState title={w.bulk.trashEmpty} help={w.bulk.trashEmptyHelp} />
      ) : (
        <>
          {rows.length === 0 ? null : (
            <section className="column tight" aria-label={w.nav.customers}>
              <div className="line apart">
                {may("bulk") ? (
                  <Checkbox
                    label={w.bulk.chooseAll}
                    checked={all}
                    indeterminate={chosen.size > 0 && !all}
                    onChange={() => setChosen(all ? new Set() : new Set(rows.map((row) => row.customerNo)))}
                  />
                ) : null}
                {chosen.size === 0 ? null : (
                  <span className="line" role="group" aria-label={w.bulk.actions}>
                    <strong className="number">{w.bulk.persons(chosen.size)}</strong>
                    <BulkActions selection={{ customerNos: [...chosen] }} isTrash onDone={() => setChosen(new Set())} />
                  </span>
                )}
              </div>
              <table className="plain-table" data-stacks data-personal>
                <tbody>
                  {rows.map((row) => (
                    <CustomerLine key={row.customerNo} row={row} isChosen={chosen.has(row.customerNo)} onChoose={may("bulk") ? choose : undefined} />
                  ))}
                </tbody>
              </table>
              {hasNextPage ? (
                <div>
                  <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                    {w.act.more}
                  </Button>
                </div>
              ) : null}
            </section>
          )}
          {first.companies.length === 0 ? null : (
            <section className="column tight">
              <h2>{w.bulk.trashedCompanies}</h2>
              <table className="plain-table" data-stacks data-personal>
                <tbody>
                  {first.companies.map((company) => (
                    <CompanyLine key={company.companyNo} company={company} />
                  ))}
                </tbody>
              </table>
            </section>
          )}
        </>
      )}
    </div>
  );
}

function Term({ trashedAt, daysLeft }: { trashedAt: string; daysLeft: number }) {
  return (
    <td>
      <span className="line">
        <TrashTerm daysLeft={daysLeft} />
        <span className="soft">
          <At iso={trashedAt} form="short" />
        </span>
      </span>
    </td>
  );
}

function CustomerLine({ row, isChosen, onChoose }: { row: Row; isChosen: boolean; onChoose: ((customerNo: number) => void) | undefined }) {
  const spoken = useWords();
  const { w } = spoken;
  const client = useQueryClient();
  const restore = useMutation({
    mutationFn: () => call(restoreCustomer, { params: { customerNo: row.customerNo } }),
    onSuccess: () => {
      notifications.show({ message: w.person.restoredNote });
      refreshCustomers(client);
    },
    onError: (error) => notifications.show({ message: tellRefusal(error, spoken), color: "red" }),
  });
  return (
    <tr>
      <td>
        <span className="line">
          {onChoose === undefined ? null : (
            <Checkbox checked={isChosen} aria-label={w.customers.ofNumber(row.customerNo)} onChange={() => onChoose(row.customerNo)} />
          )}
          <CustomerChip no={row.customerNo} name={textOf(row.values["fullName"])} />
          <span className="soft">{textOf(row.values["companyName"])}</span>
        </span>
      </td>
      <td>{row.ownerNo === null ? <span className="soft">{w.customers.noOwner}</span> : <AccountChip no={row.ownerNo} />}</td>
      <Term trashedAt={row.trashedAt} daysLeft={row.daysLeft} />
      <td>
        <Button size="xs" variant="default" loading={restore.isPending} onClick={() => restore.mutate()}>
          {w.act.restore}
        </Button>
      </td>
    </tr>
  );
}

function CompanyLine({ company }: { company: Company }) {
  const spoken = useWords();
  const { w } = spoken;
  const client = useQueryClient();
  const restore = useMutation({
    mutationFn: () => call(restoreCompany, { params: { companyNo: company.companyNo } }),
    onSuccess: () => {
      notifications.show({ message: w.bulk.companyRestored });
      refreshCustomers(client);
    },
    onError: (error) => notifications.show({ message: tellRefusal(error, spoken), color: "red" }),
  });
  return (
    <tr>
      <td>
        <CompanyChip no={company.companyNo} name={textOf(company.values["companyName"])} />
      </td>
      <Term trashedAt={company.trashedAt} daysLeft={company.daysLeft} />
      <td>
        <Button size="xs" variant="default" loading={restore.isPending} onClick={() => restore.mutate()}>
          {w.act.restore}
        </Button>
      </td>
    </tr>
  );
}
