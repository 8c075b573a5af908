import { Button, VisuallyHidden } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { IconPlus } from "@tabler/icons-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { CustomerFilters } from "#web/customers/customer-filters.tsx";
import styles from "#web/customers/customer-list.module.css";
import { useCustomerColumns, CustomerPhoneRow } from "#web/customers/customer-row.tsx";
import { rowsToShow, useOpenedView, useOpenView, useViewRows, type Ask, type Filters, type ViewSort } from "#web/customers/use-customer-view.ts";
import { DataTable } from "#web/parts/data-table.tsx";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice, refusalOf } from "#web/parts/problem-notice.tsx";
import { SearchBox } from "#web/parts/search-box.tsx";
import { textOf, useFields } from "#web/parts/use-directory.ts";
import { useMay } from "#web/parts/use-me.ts";
import { usePeek } from "#web/parts/use-peek.ts";
import { useWords } from "#web/words/words.ts";

interface ListSearch {
  readonly view?: string;
  readonly company?: number;
  readonly import?: number;
  readonly owner?: number;
}

/** What a link asks for by numbers alone. */
function askOf(search: ListSearch): Ask {
  const filters: Filters = {
    ...(search.company === undefined ? {} : { companyNo: search.company }),
    ...(search.import === undefined ? {} : { importNo: search.import }),
    ...(search.owner === undefined ? {} : { ownerNo: search.owner }),
  };
  return { search: "", filters, sort: { by: "number", descending: false } };
}

/** Keeps one list open: the handle stands in the URL, the words do not. */
function useList() {
  const { w } = useWords();
  const search: ListSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const fields = useFields("customer");
  const isReady = fields.length > 0;
  const open = useOpenView(useCallback((key: string) => fields.some((field) => field.key === key && field.mayRead), [fields]));
  const view = useOpenedView(search.view);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setIsBusy] = useState(false);
  const last = useRef<Ask | undefined>(undefined);
  const wasTyped = useRef(false);

  const ask = view.data === undefined ? last.current : { search: textOf(view.data.search) ?? "", filters: view.data.filters, sort: view.data.sort };
  useEffect(() => {
    if (view.data !== undefined) last.current = { search: textOf(view.data.search) ?? "", filters: view.data.filters, sort: view.data.sort };
  }, [view.data]);

  const go = useCallback(
    async (next: Ask, isReplacing: boolean) => {
      setIsBusy(true);
      setError(null);
      try {
        const viewId = await open(next);
        if (viewId !== undefined)
          await navigate({
            to: "/customers",
            search: (former: { peek?: string }) => ({ ...(former.peek === undefined ? {} : { peek: former.peek }), view: viewId }),
            replace: isReplacing,
          });
      } catch (refused) {
        setError(refused);
      } finally {
        setIsBusy(false);
      }
    },
    [navigate, open],
  );
  const isGone = view.error !== null && refusalOf(view.error).code === "not-found";
  const wanted = search.view;
  const opened = useRef<string | undefined>("never");
  useEffect(() => {
    const key = isGone ? `gone-${wanted}` : wanted;
    if (!isReady || (wanted !== undefined && !isGone) || opened.current === key) return;
    opened.current = key;
    if (isGone) notifications.show({ message: w.refusal.viewGone });
    void go(isGone ? (last.current ?? askOf({})) : askOf(search), true);
  }, [go, isGone, isReady, search, w, wanted]);
  useEffect(() => {
    // Leaving for a view and coming back to the bare address opens the list again.
    if (wanted !== undefined && !isGone) opened.current = "never";
  }, [isGone, wanted]);

  const change = (part: Partial<Ask>) => {
    const isTyping = part.search !== undefined;
    const isReplacing = isTyping && wasTyped.current;
    wasTyped.current = isTyping;
    void go({ ...(ask ?? askOf({})), ...part }, isReplacing);
  };
  return { viewId: search.view, view: view.data, ask, change, isBusy, error: error ?? (isGone ? null : view.error) };
}

export function CustomerList() {
  const { w } = useWords();
  useDocumentTitle(w.customers.title);
  const may = useMay();
  const { viewId, view, ask, change, isBusy, error } = useList();
  const total = rowsToShow(view);
  const isWhole = view !== undefined && (view.isComplete || (view.isExhausted === true && view.sort.by === "number"));
  const { rowAt, onVisible, error: rowsError } = useViewRows(view === undefined ? undefined : viewId, total);
  const { peek, show } = usePeek();
  const navigate = useNavigate();
  const columns = useCustomerColumns((ask?.search ?? "") !== "");
  const refused = error ?? rowsError;
  const isPlain = ask === undefined || (ask.search === "" && Object.keys(ask.filters).length === 0);
  return (
    <>
      <VisuallyHidden component="h1">{w.customers.title}</VisuallyHidden>
      <div className={styles["tools"]}>
        <div className={styles["search"]}>
          <SearchBox
            label={w.customers.searchLabel}
            hint={w.customers.searchHint}
            value={ask?.search ?? ""}
            onSearch={(text) => change({ search: text })}
            isBusy={isBusy}
          />
        </div>
        <CustomerFilters
          filters={ask?.filters ?? {}}
          sort={ask?.sort ?? { by: "number", descending: false }}
          onFilters={(filters) => change({ filters })}
          onSort={(sort) => change({ sort })}
        />
        <div className={styles["end"]}>
          <span role="status" className="number">
            {view === undefined ? "" : w.customers.count(view.total, isWhole)}
          </span>
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
      {view !== undefined && !isWhole && view.sort.by !== "number" ? <p className={`${styles["notice"]} small soft`}>{w.customers.notComplete}</p> : null}
      {view !== undefined && total === 0 ? (
        isPlain ? (
          <EmptyState title={w.customers.first} help={w.customers.firstHelp} action={may("import") ? <Link to="/import">{w.home.toImport}</Link> : undefined} />
        ) : (
          <EmptyState title={w.customers.none} help={w.customers.noneHelp} />
        )
      ) : view === undefined ? null : (
        <DataTable
          label={w.customers.title}
          listKey={viewId ?? ""}
          columns={columns}
          total={total}
          rowAt={rowAt}
          keyOf={(row) => row.customerNo}
          selected={peek?.kind === "customer" ? peek.no : undefined}
          onOpen={(row) =>
            peek?.kind === "customer" && peek.no === row.customerNo
              ? void navigate({ to: "/customers/$customerNo", params: { customerNo: String(row.customerNo) } })
              : show({ kind: "customer", no: row.customerNo })
          }
          onVisible={onVisible}
          sort={ask?.sort ?? { by: "number", descending: false }}
          onSort={(sort) => change({ sort: sort as ViewSort })}
          renderPhone={(row) => <CustomerPhoneRow row={row} />}
          isFilling
        />
      )}
    </>
  );
}
