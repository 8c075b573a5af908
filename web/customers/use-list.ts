import { notifications } from "@mantine/notifications";
import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { ListLayout } from "#shared/working-list.ts";
import { fieldsOfColumns } from "#web/customers/customer-row.tsx";
import { useOpenedView, useOpenView, type Ask, type Filters } from "#web/customers/use-customer-view.ts";
import { askOfSaved, useSavedViews } from "#web/customers/use-saved-views.ts";
import { refusalOf } from "#web/parts/problem-notice.tsx";
import { textOf, useFields } from "#web/parts/use-directory.ts";
import { useWords } from "#web/words/words.ts";

interface ListSearch {
  readonly view?: string;
  readonly company?: number;
  readonly import?: number;
  readonly owner?: number;
  readonly saved?: number;
  readonly hand?: "starred" | "recent";
}

export const plainAsk: Ask = { search: "", filters: {}, sort: { by: "number", descending: false } };

/** What a link asks for by numbers alone. */
function askOf(search: ListSearch): Ask {
  const filters: Filters = {
    ...(search.company === undefined ? {} : { companyNo: search.company }),
    ...(search.import === undefined ? {} : { importNo: search.import }),
    ...(search.owner === undefined ? {} : { ownerNo: search.owner }),
    ...(search.hand === undefined ? {} : { atHand: search.hand }),
  };
  return { ...plainAsk, filters };
}

/** Keeps one list open: the handle stands in the URL, the words do not. */
export function useList(layout: ListLayout | undefined, isPhone: boolean, phoneColumns: readonly string[]) {
  const { w } = useWords();
  const search: ListSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const router = useRouter();
  const fields = useFields("customer");
  const { views } = useSavedViews();
  const saved = views?.find((one) => one.savedViewNo === search.saved);
  const [override, setOverride] = useState<{ saved: number | undefined; columns: readonly string[] }>();
  const columns = useMemo(
    () => (override !== undefined && override.saved === search.saved ? override.columns : (saved?.columns ?? layout?.columns ?? [])),
    [layout, override, saved, search.saved],
  );
  const wanted = useMemo(() => fieldsOfColumns(isPhone ? phoneColumns : columns, fields), [columns, fields, isPhone, phoneColumns]);
  const isReady = fields.length > 0 && layout !== undefined && (views !== undefined || (search.saved === undefined && layout.firstViewNo === null));
  const open = useOpenView();
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
    async (next: Ask, given: { isReplacing: boolean; saved?: number | null; fields?: readonly string[] }) => {
      setIsBusy(true);
      setError(null);
      try {
        const viewId = await open(next, given.fields ?? wanted);
        // Whoever has walked on meanwhile is not brought back.
        if (viewId !== undefined && router.latestLocation.pathname === "/customers")
          await navigate({
            to: "/customers",
            search: (former: { peek?: string; saved?: number }) => {
              const savedNo = given.saved === null ? undefined : (given.saved ?? former.saved);
              return { ...(former.peek === undefined ? {} : { peek: former.peek }), ...(savedNo === undefined ? {} : { saved: savedNo }), view: viewId };
            },
            replace: given.isReplacing,
          });
      } catch (refused) {
        setError(refused);
      } finally {
        setIsBusy(false);
      }
    },
    [navigate, open, router, wanted],
  );
  const isGone = view.error !== null && refusalOf(view.error).code === "not-found";
  const handle = search.view;
  const opened = useRef<string | undefined>("never");
  useEffect(() => {
    const key = isGone ? `gone-${handle}` : handle;
    if (!isReady || (handle !== undefined && !isGone) || opened.current === key) return;
    opened.current = key;
    if (isGone) notifications.show({ message: w.refusal.viewGone });
    const first = isBare(search) ? views?.find((one) => one.savedViewNo === layout.firstViewNo) : saved;
    if (isGone) void go(last.current ?? (saved === undefined ? plainAsk : askOfSaved(saved)), { isReplacing: true });
    else if (first !== undefined)
      void go(askOfSaved(first), {
        isReplacing: true,
        saved: first.savedViewNo,
        fields: fieldsOfColumns(isPhone ? phoneColumns : (first.columns ?? layout.columns), fields),
      });
    else void go(askOf(search), { isReplacing: true, saved: null });
  }, [fields, go, handle, isGone, isPhone, isReady, layout, phoneColumns, saved, search, views, w]);
  useEffect(() => {
    // Leaving for a view and coming back to the bare address opens the list again.
    if (handle !== undefined && !isGone) opened.current = "never";
  }, [isGone, handle]);

  const change = (part: Partial<Ask>) => {
    const isTyping = part.search !== undefined;
    const isReplacing = isTyping && wasTyped.current;
    wasTyped.current = isTyping;
    void go({ ...(ask ?? plainAsk), ...part }, { isReplacing });
  };
  return {
    viewId: search.view,
    view: view.data,
    ask,
    change,
    /** Opens a saved view, or a list of its own (`null`). */
    openAs: (next: Ask, savedNo: number | null, shown?: readonly string[]) => {
      wasTyped.current = false;
      setOverride(undefined);
      const shownColumns = shown ?? layout?.columns ?? [];
      void go(next, { isReplacing: false, saved: savedNo, fields: fieldsOfColumns(isPhone ? phoneColumns : shownColumns, fields) });
    },
    /** Opens the same list with the fields that are shown now: those of another hour are no longer enough. */
    refetch: () => ask !== undefined && void go(ask, { isReplacing: true }),
    saved,
    columns,
    wanted,
    overrideColumns: (next: readonly string[]) => setOverride({ saved: search.saved, columns: next }),
    isBusy,
    error: error ?? (isGone ? null : view.error),
  };
}

function isBare(search: ListSearch): boolean {
  return search.company === undefined && search.import === undefined && search.owner === undefined && search.hand === undefined && search.saved === undefined;
}
