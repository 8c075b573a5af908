import { recordFieldOf } from "#server/core/access/policy.ts";
import { examinePlaces, type Context, type Placed, type ReadInTurns } from "#server/core/door/index.ts";
import { runSoon } from "#server/platform/jobs/index.ts";
import { classesOf, listCustomers } from "../customer-records.ts";
import type { ListedCustomers } from "./listed-customers.ts";
import type { OrderCache } from "./order-cache.ts";
import { orderTask } from "./order-task.ts";
import { splitListed } from "./split-listed.ts";

/** So many customers that the stored order does not speak of are worth a new one. */
const manyChanged = 500;
/** Time for more of the same to happen: an import is not followed batch by batch. */
const askAheadMs = 15_000;
const rowsATurn = 500;

/**
 * Orders a long list as `examineOrder` does, by the stored order: only who is new or changed since is opened, with as many
 * others as it takes to find their places. The caller was found to read the field in full on every row of the list.
 */
export async function orderListed(context: Context, key: string, listed: ListedCustomers, descending: boolean, orders: OrderCache): Promise<Int32Array> {
  const field = recordFieldOf(context.policy, "customer", key);
  const order = await orders.read(context, field?.no ?? 0);
  const { placed, rest, toOpen } = splitListed(order, listed);
  if (toOpen.length > manyChanged && orders.mayAsk(context.now)) {
    const runAt = new Date(context.now.getTime() + askAheadMs);
    await runSoon(context.db, orderTask, runAt);
  }
  const read = readRecords(context, key);
  const among = await examinePlaces(context, "customer", key, { placed, numbers: toOpen, read, orderedFor: "caller" });
  // The order does not hold for this caller, or somebody was changed this very moment: then everybody is opened.
  const found = among ?? (await examinePlaces(context, "customer", key, { placed: nobody, numbers: [...listed.numbers], read, orderedFor: "caller" }));
  if (found === null) {
    throw new Error("an order of nobody always holds");
  }
  context.journal.fact("examined", found.examined);
  const behind = among === null ? found.rest : [...rest.numbers, ...found.rest].sort((a, b) => a - b);
  const ordered = new Int32Array(found.known.length + behind.length);
  ordered.set(descending ? found.known.toReversed() : found.known);
  ordered.set(behind, found.known.length);
  return ordered;
}

const nobody: Placed = { numbers: new Int32Array(), versions: new Int32Array() };

function readRecords(context: Context, key: string): ReadInTurns {
  const classes = classesOf(context, [key]);
  return async function* (numbers) {
    for (let at = 0; at < numbers.length; at += rowsATurn) {
      yield (await listCustomers(context, numbers.slice(at, at + rowsATurn), classes)).map((row) => row.record);
    }
  };
}
