import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { viewNumbers } from "#shared/working-list.ts";
import { call } from "#web/call.ts";
import { extend, nobody, toggle, toggleAll, type Selection } from "#web/customers/selection.ts";

/**
 * Who is chosen of an opened list. A range and a choice of all go by the numbers of the list, which are fetched then:
 * choosing shows nobody. Another list begins with nobody chosen.
 */
export function useSelection(viewId: string | undefined, onError: (error: unknown) => void) {
  const client = useQueryClient();
  const [held, setHeld] = useState<{ viewId: string | undefined; selection: Selection; isPart: boolean }>({ viewId, selection: nobody, isPart: false });
  const selection = held.viewId === viewId ? held.selection : nobody;
  const put = useCallback((next: Selection, isPart = false) => setHeld({ viewId, selection: next, isPart }), [viewId]);
  const fetchOrder = useCallback(
    () =>
      client.fetchQuery({
        queryKey: ["view-numbers", viewId],
        queryFn: () => call(viewNumbers, { params: { viewId: viewId ?? "" } }),
        staleTime: Infinity,
      }),
    [client, viewId],
  );
  return {
    selection,
    isPart: held.viewId === viewId && held.isPart,
    /** The numbers of the list, as far as they were fetched. */
    order: client.getQueryData<{ customerNos: number[] }>(["view-numbers", viewId])?.customerNos ?? [],
    choose: (customerNo: number, isRange: boolean) => {
      if (!isRange || selection.anchor === null) return put(toggle(selection, customerNo));
      fetchOrder().then(({ customerNos }) => put(extend(selection, customerNo, customerNos)), onError);
    },
    chooseAll: () => void fetchOrder().then(({ customerNos, isComplete }) => put(toggleAll(selection, customerNos), !isComplete), onError),
    clear: () => put(nobody),
  };
}
