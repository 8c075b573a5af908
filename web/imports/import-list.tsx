import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ReplyOf } from "#shared/endpoint.ts";
import { listImports } from "#shared/imports.ts";
import { call } from "#web/call.ts";
import { FileDrop } from "#web/imports/file-drop.tsx";
import { ImportState } from "#web/imports/import-state.tsx";
import { At } from "#web/parts/at.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { DataTable, type Column } from "#web/parts/data-table.tsx";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { PageHead, useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { Value } from "#web/parts/value.tsx";
import { formatNumber } from "#web/words/format.ts";
import { useWords } from "#web/words/words.ts";

type Import = ReplyOf<typeof listImports>["imports"][number];

export function ImportList() {
  const { w } = useWords();
  useDocumentTitle(w.imports.title);
  const navigate = useNavigate();
  const { data, error } = useQuery({ queryKey: ["imports"], queryFn: () => call(listImports), staleTime: 0 });
  const open = (importNo: number) => void navigate({ to: "/import/$importNo", params: { importNo: String(importNo) } });
  const columns: readonly Column<Import>[] = [
    { key: "no", label: w.customers.number, width: "72px", isNumber: true, render: (one) => <span className="soft">{one.importNo}</span> },
    { key: "file", label: w.imports.file, width: "minmax(180px, 2fr)", render: (one) => <Value shown={one.fileName} isBare /> },
    { key: "kind", label: w.importing.becomes, width: "112px", render: (one) => w.importing.kinds[one.kind] },
    { key: "state", label: w.imports.state, width: "136px", render: (one) => <ImportState state={one.state} /> },
    { key: "rows", label: w.imports.rows, width: "88px", isNumber: true, render: (one) => (one.rowsTotal === null ? "–" : formatNumber(one.rowsTotal)) },
    { key: "added", label: w.imports.added, width: "88px", isNumber: true, render: (one) => formatNumber(one.added) },
    { key: "updated", label: w.imports.updated, width: "88px", isNumber: true, render: (one) => formatNumber(one.updated) },
    { key: "problems", label: w.imports.problems, width: "104px", isNumber: true, render: (one) => formatNumber(one.problems) },
    { key: "by", label: w.imports.by, width: "minmax(120px, 1fr)", render: (one) => <AccountChip no={one.accountNo} /> },
    { key: "at", label: w.imports.startedAt, width: "112px", render: (one) => <At iso={one.startedAt} form="short" /> },
  ];
  return (
    <div className="page">
      <PageHead title={w.imports.title} lead={w.imports.lead} />
      <FileDrop onUploaded={open} />
      <section className="column tight">
        <h2>{w.imports.list}</h2>
        {error === null ? null : <ProblemNotice error={error} />}
        {data === undefined ? null : data.imports.length === 0 ? (
          <EmptyState title={w.imports.none} help={w.imports.noneHelp} />
        ) : (
          <DataTable
            label={w.imports.list}
            columns={columns}
            total={data.imports.length}
            rowAt={(index) => data.imports[index]}
            keyOf={(one) => one.importNo}
            onOpen={(one) => open(one.importNo)}
            renderPhone={(one) => (
              <>
                <span>
                  <Value shown={one.fileName} isBare /> <ImportState state={one.state} />
                </span>
                <span className="small soft">
                  {w.importing.kinds[one.kind]} <At iso={one.startedAt} form="short" /> {w.imports.added} {formatNumber(one.added)}
                </span>
              </>
            )}
          />
        )}
      </section>
    </div>
  );
}
