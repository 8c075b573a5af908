import { Button, VisuallyHidden } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { IconArrowsJoin2, IconCheckbox, IconColumns3, IconPlus } from "@tabler/icons-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { ListLayout } from "#shared/working-list.ts";
import { ColumnDialog } from "#web/customers/column-dialog.tsx";
import { CustomerFilters } from "#web/customers/customer-filters.tsx";
import styles from "#web/customers/customer-list.module.css";
import { CustomerPhoneRow, phoneColumns, useCustomerColumns, type RowMarks } from "#web/customers/customer-row.tsx";
import { SavedViews } from "#web/customers/saved-views.tsx";
import { SelectionBar } from "#web/customers/selection-bar.tsx";
import { numbersIn } from "#web/customers/selection.ts";
import { customerQuery } from "#web/customers/use-customer.ts";
import { rowsToShow, useViewRows, type CustomerRow, type ViewSort } from "#web/customers/use-customer-view.ts";
import { useLayout } from "#web/customers/use-layout.ts";
import { plainAsk, useList } from "#web/customers/use-list.ts";
import { useListGroups } from "#web/customers/use-list-groups.tsx";
import { useSelection } from "#web/customers/use-selection.ts";
import { useStars } from "#web/customers/use-stars.ts";
import { DataTable } from "#web/parts/data-table.tsx";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { SearchBox } from "#web/parts/search-box.tsx";
import { useKeys } from "#web/parts/use-keys.ts";
import { useMay } from "#web/parts/use-me.ts";
import { usePeek } from "#web/parts/use-peek.ts";
import { useStable } from "#web/parts/use-stable.ts";
import { useWords } from "#web/words/words.ts";

/** Stands in until the own layout is known; nothing is fetched by it. */
const unknownLayout: ListLayout = { columns: [], widths: {}, density: "comfortable", firstViewNo: null };

/** Ctrl+A chooses all of the list wherever nobody types. */
function useChooseAllKey(act: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key !== "a" || event.isComposing) return;
      const isTyping = event.target instanceof HTMLElement && event.target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
      if (isTyping || document.querySelector("[aria-modal=true]") !== null) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [act]);
}

/** The code of what is opened from a list, while nobody waits for it; nothing of a person. */
function preloadPerson(): () => void {
  const timer = setTimeout(() => void Promise.all([import("#web/customers/customer-preview.tsx"), import("#web/customers/customer-page.tsx")]), 300);
  return () => clearTimeout(timer);
}

export function CustomerList() {
  const { w } = useWords();
  useDocumentTitle(w.customers.title);
  const may = useMay();
  const isPhone = useMediaQuery("(width < 720px)", false, { getInitialValueInEffect: false }) === true;
  const { layout: kept, arrange } = useLayout();
  const layout = kept ?? unknownLayout;
  const list = useList(kept, isPhone, phoneColumns);
  const { viewId, view, ask = plainAsk, change, isBusy, wanted } = list;
  const total = rowsToShow(view);
  const isWhole = view !== undefined && (view.isComplete || (view.isExhausted === true && view.sort.by === "number"));
  const [failure, setFailure] = useState<unknown>(null);
  const { rowAt, onVisible, error: rowsError } = useViewRows(view === undefined ? undefined : viewId, total);
  const groups = useListGroups(viewId, view?.sort.by === "company");
  const { selection, order, choose, chooseAll, clear, isPart } = useSelection(viewId, setFailure);
  const { starred, put: putStars } = useStars();
  const [isChoosing, setIsChoosing] = useState(false);
  const [isArranging, setIsArranging] = useState(false);
  const { peek, show } = usePeek();
  const navigate = useNavigate();

  const star = (customerNos: readonly number[], isStarred: boolean) => void putStars(customerNos, isStarred).then(() => setFailure(null), setFailure);
  const chosenCount = selection.numbers.size;
  const chosenOfAll = chosenCount === 0 ? "none" : chosenCount < (view?.total ?? 0) ? "some" : "all";
  const onChoose = useStable(choose);
  const onChooseAll = useStable(chooseAll);
  const onStar = useStable((no: number) => star([no], !starred.has(no)));
  const marks = useMemo(
    (): RowMarks => ({
      isChosen: (no) => selection.numbers.has(no),
      isStarred: (no) => starred.has(no),
      onChoose,
      onStar,
      chosen: chosenOfAll,
      onChooseAll,
    }),
    [chosenOfAll, onChoose, onChooseAll, onStar, selection.numbers, starred],
  );
  const columns = useCustomerColumns(layout, list.columns, ask.search !== "" ? "found" : ask.filters.state === "trashed" ? "term" : null, marks);
  useChooseAllKey(chooseAll);
  useKeys({ Escape: clear }, chosenCount > 0 && peek === undefined);

  // Rows that were fetched for other columns lack what is shown now: absent is not empty.
  const firstRow = total === 0 ? undefined : rowAt(0);
  const lacks = firstRow !== undefined && wanted.some((key) => !(key in firstRow.values));
  const { refetch } = list;
  useEffect(() => {
    if (lacks && !isBusy) refetch();
    // Only another need of columns asks again.
  }, [lacks, wanted]);

  const { lines } = groups;
  const lineRow = (line: number) => {
    if (lines === undefined) return rowAt(line);
    const at = lines.at(line);
    return "row" in at ? rowAt(at.row) : undefined;
  };
  const { onLines } = groups;
  const seeLines = (first: number, last: number) => {
    onLines(first, last);
    const rows = lines === undefined ? { first, last } : lines.rowsWithin(first, last);
    if (rows !== undefined) onVisible(rows.first, rows.last);
  };
  const seen = useRef(seeLines);
  useEffect(() => {
    seen.current = seeLines;
  });
  // A group that opens or closes brings other rows under the same lines.
  const onSeen = useCallback((first: number, last: number) => seen.current(first, last), [lines]);

  const client = useQueryClient();
  const openPanel = (no: number) => {
    // Asked for with the key itself, not only once the panel stands.
    void client.prefetchQuery(customerQuery(no));
    show({ kind: "customer", no });
  };
  useEffect(preloadPerson, []);
  const renderPhone = useCallback((row: CustomerRow) => <CustomerPhoneRow row={row} marks={marks} isChoosing={isChoosing} />, [isChoosing, marks]);

  const isTrash = ask.filters.state === "trashed";
  const refused = list.error ?? rowsError ?? groups.error ?? failure;
  const isPlain = ask.search === "" && Object.keys(ask.filters).length === 0;
  const onColumns = (next: readonly string[]) => (list.saved?.columns == null ? arrange({ columns: [...next] }) : list.overrideColumns(next));
  const chosen = useMemo(() => numbersIn(selection, order), [order, selection]);
  return (
    <>
      <VisuallyHidden component="h1">{w.customers.title}</VisuallyHidden>
      <SavedViews ask={ask} saved={list.saved} columns={list.columns} layout={layout} onArrange={arrange} onOpen={list.openAs} />
      <div className={styles["tools"]}>
        <div className={styles["search"]}>
          <SearchBox
            label={w.customers.searchLabel}
            hint={w.customers.searchHint}
            value={ask.search}
            onSearch={(text) => change({ search: text })}
            isBusy={isBusy}
          />
        </div>
        <div className={styles["chips"]} role="group" aria-label={w.customers.filter}>
          <CustomerFilters
            filters={ask.filters}
            sort={ask.sort}
            hasSearch={ask.search !== ""}
            onFilters={(filters) => change({ filters })}
            onSort={(sort) => change({ sort })}
          />
          {lines === undefined ? null : (
            <Button size="compact-xs" variant="subtle" onClick={groups.areClosed ? groups.openAll : groups.closeAll}>
              {groups.areClosed ? w.list.openGroups : w.list.closeGroups}
            </Button>
          )}
        </div>
        <div className={styles["end"]}>
          <span role="status" className="number">
            {view === undefined ? "" : w.customers.count(view.total, isWhole)}
          </span>
          {isPhone ? (
            <Button size="xs" variant="default" aria-pressed={isChoosing} leftSection={<IconCheckbox size={14} />} onClick={() => setIsChoosing(!isChoosing)}>
              {w.list.choose}
            </Button>
          ) : (
            <Button size="xs" variant="default" leftSection={<IconColumns3 size={14} />} onClick={() => setIsArranging(true)}>
              {w.list.columns}
            </Button>
          )}
          <Button component={Link} to="/duplicates" size="xs" variant="default" leftSection={<IconArrowsJoin2 size={14} />} visibleFrom="sm">
            {w.duplicates.title}
          </Button>
          {may("create") ? (
            <Button component={Link} to="/customers/new" size="xs" leftSection={<IconPlus size={14} />}>
              {w.act.create}
            </Button>
          ) : null}
        </div>
      </div>
      {refused === null ? null : (
        <div className={styles["notice"]}>
          <ProblemNotice error={refused} />
        </div>
      )}
      {isTrash ? <p className={`${styles["notice"]} small soft`}>{w.list.trashNote}</p> : null}
      {view !== undefined && !isWhole && view.sort.by !== "number" ? <p className={`${styles["notice"]} small soft`}>{w.customers.notComplete}</p> : null}
      {isPart ? <p className={`${styles["notice"]} small soft`}>{w.list.chosenPart}</p> : null}
      {view !== undefined && total === 0 ? (
        isPlain ? (
          <EmptyState title={w.customers.first} help={w.customers.firstHelp} action={may("import") ? <Link to="/import">{w.home.toImport}</Link> : undefined} />
        ) : ask.filters.atHand !== undefined && ask.search === "" ? (
          <EmptyState
            title={ask.filters.atHand === "starred" ? w.list.noStarred : w.list.noRecent}
            help={ask.filters.atHand === "starred" ? w.list.noStarredHelp : w.list.noRecentHelp}
          />
        ) : (
          <EmptyState title={w.customers.none} help={w.customers.noneHelp} />
        )
      ) : view === undefined || (view.sort.by === "company" && lines === undefined) ? null : (
        <DataTable
          label={w.customers.title}
          listKey={viewId ?? ""}
          columns={columns}
          total={lines?.total ?? total}
          rowAt={lineRow}
          headAt={groups.headAt}
          keyOf={(row) => row.customerNo}
          selected={peek?.kind === "customer" ? peek.no : undefined}
          onOpen={(row) =>
            isPhone && isChoosing
              ? choose(row.customerNo, false)
              : peek?.kind === "customer" && peek.no === row.customerNo
                ? void navigate({ to: "/customers/$customerNo", params: { customerNo: String(row.customerNo) } })
                : openPanel(row.customerNo)
          }
          onVisible={onSeen}
          sort={ask.sort}
          onSort={(sort) => change({ sort: sort as ViewSort })}
          density={layout.density}
          onResize={(key, width) => arrange({ widths: { ...layout.widths, [key]: width } })}
          rowKeys={{ x: (row) => choose(row.customerNo, false), s: (row) => star([row.customerNo], !starred.has(row.customerNo)) }}
          renderPhone={renderPhone}
          isFilling
        />
      )}
      {chosenCount === 0 ? null : (
        <SelectionBar
          customerNos={chosen}
          view={viewId !== undefined && isWhole && chosenCount === view?.total ? { viewId, fields: list.saved === undefined ? undefined : wanted } : undefined}
          isTrash={ask?.filters.state === "trashed"}
          areStarred={chosen.every((no) => starred.has(no))}
          onStar={(isStarred) => {
            star(chosen.slice(0, 500), isStarred);
            notifications.show({ message: isStarred ? w.list.starChanged(Math.min(500, chosenCount)) : w.list.unstarred(Math.min(500, chosenCount)) });
          }}
          onDone={list.refetch}
          onClear={clear}
        />
      )}
      <ColumnDialog
        isOpen={isArranging}
        onClose={() => setIsArranging(false)}
        layout={layout}
        columns={list.columns}
        onColumns={onColumns}
        onArrange={arrange}
      />
    </>
  );
}
