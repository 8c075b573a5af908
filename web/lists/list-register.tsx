import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { listLists } from "#shared/lists.ts";
import { call } from "#web/call.ts";
import { ListState, type List } from "#web/lists/list-state.tsx";
import { At } from "#web/parts/at.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { DataTable, type Column } from "#web/parts/data-table.tsx";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { PageHead, useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { Value } from "#web/parts/value.tsx";
import { formatNumber } from "#web/words/format.ts";
import { useWords } from "#web/words/words.ts";

/** The register: what, who, what for, how many, until when, and how often it was drawn. */
export function ListRegister() {
  const { w } = useWords();
  useDocumentTitle(w.lists.title);
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery({ queryKey: ["lists"], queryFn: () => call(listLists), staleTime: 0 });
  const purposeOf = (list: List) => (Object.hasOwn(w.purposes, list.purpose) ? w.purposes[list.purpose as keyof typeof w.purposes] : list.purpose);
  const columns: readonly Column<List>[] = [
    { key: "no", label: w.lists.number, width: "64px", isNumber: true, render: (list) => <span className="soft">{list.listNo}</span> },
    { key: "name", label: w.lists.name, width: "minmax(160px, 2fr)", render: (list) => <Value shown={list.name} isBare /> },
    { key: "state", label: w.lists.state, width: "104px", render: (list) => <ListState state={list.state} /> },
    { key: "owner", label: w.lists.owner, width: "minmax(120px, 1fr)", render: (list) => <AccountChip no={list.ownerNo} /> },
    { key: "purpose", label: w.lists.purpose, width: "minmax(112px, 1fr)", render: purposeOf },
    { key: "persons", label: w.lists.persons, width: "80px", isNumber: true, render: (list) => formatNumber(list.persons) },
    { key: "ends", label: w.lists.endsOn, width: "104px", render: (list) => <span className="number">{list.endsOn.replaceAll("-", "/")}</span> },
    { key: "downloads", label: w.lists.downloads, width: "72px", isNumber: true, render: (list) => formatNumber(list.downloads) },
    { key: "made", label: w.lists.madeAt, width: "112px", render: (list) => <At iso={list.madeAt} form="short" /> },
  ];
  return (
    <div className="page">
      <PageHead title={w.lists.title} lead={w.lists.lead} />
      {error === null ? null : <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined ? (
        error === null ? (
          <p className="soft">{w.act.loading}</p>
        ) : null
      ) : data.lists.length === 0 ? (
        <EmptyState
          title={w.lists.none}
          help={w.lists.noneHelp}
          action={
            <Button component={Link} to="/customers" variant="default">
              {w.lists.toCustomers}
            </Button>
          }
        />
      ) : (
        <DataTable
          label={w.lists.title}
          columns={columns}
          total={data.lists.length}
          rowAt={(index) => data.lists[index]}
          keyOf={(list) => list.listNo}
          onOpen={(list) => void navigate({ to: "/lists/$listNo", params: { listNo: String(list.listNo) } })}
          renderPhone={(list) => (
            <>
              <span>
                <Value shown={list.name} isBare /> <ListState state={list.state} />
              </span>
              <span className="small soft">
                {w.approvals.persons(list.persons)} {purposeOf(list)} {list.endsOn.replaceAll("-", "/")}
              </span>
            </>
          )}
        />
      )}
    </div>
  );
}
