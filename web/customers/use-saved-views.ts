import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { BodyOf, ReplyOf } from "#shared/endpoint.ts";
import { changeSavedView, createSavedView, listSavedViews, removeSavedView } from "#shared/working-list.ts";
import { call } from "#web/call.ts";
import type { Ask } from "#web/customers/use-customer-view.ts";
import { textOf } from "#web/parts/use-directory.ts";
import { useMe } from "#web/parts/use-me.ts";

export type SavedView = ReplyOf<typeof listSavedViews>["views"][number];
export type TypedView = BodyOf<typeof createSavedView>;

/** What a saved view asks for. */
export function askOfSaved(view: SavedView): Ask {
  return { search: textOf(view.search) ?? "", filters: view.filters, sort: view.sort };
}

/** One's own saved views and the shared ones, and how they are kept. */
export function useSavedViews() {
  const client = useQueryClient();
  const { mayRead } = useMe();
  const { data } = useQuery({
    queryKey: ["saved-views"],
    queryFn: async () => (await call(listSavedViews)).views,
    staleTime: Infinity,
    enabled: mayRead.customer,
  });
  const again = () => client.invalidateQueries({ queryKey: ["saved-views"] });
  return {
    views: data,
    create: async (view: TypedView): Promise<number> => {
      const { savedViewNo } = await call(createSavedView, { body: view });
      await again();
      return savedViewNo;
    },
    change: async (savedViewNo: number, view: TypedView): Promise<void> => {
      await call(changeSavedView, { params: { savedViewNo }, body: view });
      await again();
    },
    remove: async (savedViewNo: number): Promise<void> => {
      await call(removeSavedView, { params: { savedViewNo } });
      await again();
    },
  };
}

/** Whether a list is what a saved view asks for. */
export function isSame(a: Ask, b: Ask): boolean {
  const plain = (ask: Ask) =>
    JSON.stringify([
      ask.search,
      Object.entries(ask.filters)
        .filter(([, value]) => value !== undefined)
        .toSorted(),
      ask.sort,
    ]);
  return plain(a) === plain(b);
}
