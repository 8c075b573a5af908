import { Button, VisuallyHidden } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconArrowsJoin2 } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import { listCompanies } from "#shared/customers.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { call } from "#web/call.ts";
import styles from "#web/companies/company-list.module.css";
import { DataTable, type Column } from "#web/parts/data-table.tsx";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { SearchBox } from "#web/parts/search-box.tsx";
import { useFields } from "#web/parts/use-directory.ts";
import { useMe } from "#web/parts/use-me.ts";
import { usePeek } from "#web/parts/use-peek.ts";
import { Value } from "#web/parts/value.tsx";
import { formatNumber } from "#web/words/format.ts";
import { useWords } from "#web/words/words.ts";

type CompanyRow = ReplyOf<typeof listCompanies>["rows"][number];
const pageRows = 50;

export function CompanyList() {
  const { w, label } = useWords();
  const { mayRead } = useMe();
  useDocumentTitle(w.companies.title);
  const [search, setSearch] = useState("");
  const { peek, show } = usePeek();
  const fields = useFields("company");
  const { data, error, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["companies", search],
    queryFn: ({ pageParam }) => call(listCompanies, { body: { search, offset: pageParam, limit: pageRows } }),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (pages.length * pageRows < last.total ? pages.length * pageRows : null),
    placeholderData: (former) => former,
  });
  const rows = data?.pages.flatMap((page) => page.rows) ?? [];
  const total = data?.pages[0]?.total ?? 0;
  const onVisible = useCallback(
    (_first: number, last: number) => {
      if (last >= rows.length - 1 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
    [rows.length, hasNextPage, isFetchingNextPage, fetchNextPage],
  );
  const column = (key: string, width: string): Column<CompanyRow>[] => {
    const field = fields.find((one) => one.key === key && one.mayRead);
    return field === undefined ? [] : [{ key, label: label(field), width, render: (row) => <Value shown={row.values[key]} type={field.type} isBare /> }];
  };
  const columns: readonly Column<CompanyRow>[] = [
    { key: "number", label: w.customers.number, width: "76px", isNumber: true, render: (row) => <span className="soft">{row.companyNo}</span> },
    ...column("companyName", "minmax(180px, 2fr)"),
    ...column("kana", "minmax(140px, 1.4fr)"),
    ...column("phone", "132px"),
    ...column("address", "minmax(180px, 2fr)"),
    { key: "customers", label: w.companies.customers, width: "96px", isNumber: true, render: (row) => formatNumber(row.customers) },
  ];
  return (
    <>
      <VisuallyHidden component="h1">{w.companies.title}</VisuallyHidden>
      <div className={styles["tools"]}>
        <div className={styles["search"]}>
          <SearchBox label={w.companies.searchLabel} hint={w.companies.searchHint} value={search} onSearch={setSearch} isBusy={isFetching} />
        </div>
        <span role="status" className="number">
          {data === undefined ? "" : w.companies.count(total)}
        </span>
        {mayRead.customer ? (
          <Button
            component={Link}
            to="/duplicates"
            search={{ kind: "company" } as never}
            size="xs"
            variant="default"
            leftSection={<IconArrowsJoin2 size={14} />}
          >
            {w.duplicates.title}
          </Button>
        ) : null}
      </div>
      {error === null ? null : <ProblemNotice error={error} />}
      {data !== undefined && total === 0 ? (
        <EmptyState title={w.companies.none} help={w.companies.noneHelp} />
      ) : data === undefined ? null : (
        <DataTable
          label={w.companies.title}
          listKey={search}
          columns={columns}
          total={Math.min(total, rows.length + (hasNextPage ? 10 : 0))}
          rowAt={(index) => rows[index]}
          keyOf={(row) => row.companyNo}
          selected={peek?.kind === "company" ? peek.no : undefined}
          onOpen={(row) => show({ kind: "company", no: row.companyNo })}
          onVisible={onVisible}
          renderPhone={(row) => (
            <>
              <strong>
                <Value shown={row.values["companyName"]} isBare />
              </strong>
              <span className="small soft">
                <Value shown={row.values["kana"]} isBare /> {w.companies.customers} {formatNumber(row.customers)}
              </span>
            </>
          )}
          isFilling
        />
      )}
    </>
  );
}
