import type { Placed } from "#server/core/door/index.ts";
import type { ListedCustomers } from "./listed-customers.ts";
import type { StoredOrder } from "./stored-order.ts";

export interface SplitList {
  /** Of whom the order speaks, in its order. */
  readonly placed: Placed;
  /** Of whom it knows that there is no value, or (for the house) that it cannot be opened. */
  readonly rest: Placed;
  /** Of whom it does not speak: new, changed since, suspended. */
  readonly toOpen: number[];
}

/** Parts a list into those whose row still stands in the version that an order speaks of, and those to be opened. */
export function splitListed(order: StoredOrder, listed: ListedCustomers): SplitList {
  const isListed = new Uint8Array(order.numbers.length);
  const toOpen: number[] = [];
  let at = 0;
  let placed = 0;
  let rest = 0;
  listed.numbers.forEach((no, index) => {
    while (at < order.byNo.length && (order.byNo[at] as number) < no) at += 1;
    const place = order.byNo[at] === no ? (order.places[at] as number) : -1;
    if (place < 0 || order.versions[place] !== listed.versions[index] || (listed.versions[index] as number) < 0) {
      toOpen.push(no);
      return;
    }
    isListed[place] = 1;
    if (place < order.known) placed += 1;
    else rest += 1;
  });
  return { placed: pick(order, isListed, 0, order.known, placed), rest: pick(order, isListed, order.known, order.numbers.length, rest), toOpen };
}

function pick(order: StoredOrder, isListed: Uint8Array, from: number, to: number, count: number): Placed {
  const numbers = new Int32Array(count);
  const versions = new Int32Array(count);
  let into = 0;
  for (let place = from; place < to; place++) {
    if (isListed[place] === 1) {
      numbers[into] = order.numbers[place] as number;
      versions[into] = order.versions[place] as number;
      into += 1;
    }
  }
  return { numbers, versions };
}
