import type { AlikeNumbers } from "./list/resolve-filters.ts";
import { createOrderCache, type OrderCache } from "./order/order-cache.ts";

/** What an opened list holds in memory: numbers, and for a search how far it has looked. */
export interface OpenView {
  readonly viewId: string;
  readonly accountNo: number;
  readonly policyVersion: number;
  readonly openedAt: number;
  numbers: number[] | Int32Array;
  /** Reasons of a search's hits, by customer number. */
  readonly reasons: Map<number, { field: string; how: "exact" | "prefix" | "inside" | "last-four" }[]>;
  /** The last candidate looked at; null when every candidate was. */
  searchedTo: number | null;
  readonly columns: readonly string[];
}

const lifeMs = 30 * 60_000;
const mostViews = 500;

/**
 * Snapshots of opened lists, so that rows do not jump while scrolling. It holds numbers only and may be lost at any time:
 * the view is then opened again from its stored request.
 */
export interface ViewCache {
  get(viewId: string, accountNo: number, policyVersion: number, now: number): OpenView | undefined;
  put(view: OpenView): void;
  /** What long lists are sorted by. */
  readonly orders: OrderCache;
  /** Who is in a pair of likely duplicates: known to a module above. */
  readonly alikeNumbers: AlikeNumbers;
}

export function createViewCache(orders: OrderCache = createOrderCache(), alikeNumbers: AlikeNumbers = async () => []): ViewCache {
  const views = new Map<string, OpenView>();
  return {
    orders,
    alikeNumbers,
    get(viewId, accountNo, policyVersion, now) {
      const view = views.get(viewId);
      if (view === undefined || view.accountNo !== accountNo || view.policyVersion !== policyVersion || now - view.openedAt > lifeMs) {
        return undefined;
      }
      return view;
    },
    put(view) {
      views.delete(view.viewId);
      views.set(view.viewId, view);
      for (const [oldest] of views) {
        if (views.size <= mostViews) {
          break;
        }
        views.delete(oldest);
      }
    },
  };
}
