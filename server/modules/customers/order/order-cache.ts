import type { Context } from "#server/core/door/index.ts";
import { noOrder, readOrder, type StoredOrder } from "./stored-order.ts";

/** Lists of more customers than this are sorted by the stored order; shorter ones in memory. */
export const longList = 10_000;
/** A node asks for a new order at most so often. */
const askEveryMs = 10_000;

/**
 * Stored orders as this node last read them: one a field that lists are sorted by, numbers only, 16 bytes a customer. May
 * be lost at any time.
 */
export interface OrderCache {
  /** Lists of more customers are sorted by the stored order. */
  readonly longList: number;
  /** The newest order of a field. */
  read(context: Context, fieldNo: number): Promise<StoredOrder>;
  /** Whether it is this request that should ask for a new order. */
  mayAsk(now: Date): boolean;
}

export function createOrderCache(given: { longList: number } = { longList }): OrderCache {
  const orders = new Map<number, StoredOrder>();
  let askedAt = Number.NEGATIVE_INFINITY;
  return {
    longList: given.longList,
    async read(context, fieldNo) {
      const order = await readOrder(context, fieldNo, orders.get(fieldNo) ?? noOrder);
      orders.set(fieldNo, order);
      return order;
    },
    mayAsk(now) {
      if (now.getTime() - askedAt < askEveryMs) {
        return false;
      }
      askedAt = now.getTime();
      return true;
    },
  };
}
