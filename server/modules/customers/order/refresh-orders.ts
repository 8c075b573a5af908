import { randomUUID } from "node:crypto";
import { recordFieldOf } from "#server/core/access/policy.ts";
import { actAs, beginTransaction, examinePlaces, type Context, type Placed, type ReadInTurns, type Storehouse } from "#server/core/door/index.ts";
import type { Job } from "#server/platform/jobs/index.ts";
import { classesOf, listCustomers } from "../customer-records.ts";
import { listVersions } from "./listed-customers.ts";
import { longList } from "./order-cache.ts";
import { splitListed, type SplitList } from "./split-listed.ts";
import { mostInOrder, noOrder, readOrder, writeOrder, type StoredOrder } from "./stored-order.ts";

/** Fields by which long lists are sorted. */
const orderedKeys = ["kana", "companyName"] as const;
type OrderedKey = (typeof orderedKeys)[number];

/** Seconds from one look to the next when nobody asks before. */
export const refreshEverySeconds = 600;
/** Younger than this an order is made anew only for many. */
const youngMs = 10_000;
const rowsATurn = 250;
/** So often somebody may be changed in the very moment of being looked at, until all are opened anew. */
const mostTries = 4;

export interface RefreshBounds {
  /** Storehouses of no more customers keep no order. */
  readonly longList: number;
  /** Most customers put in their places in one transaction: a second or two, and what a death loses. */
  readonly atOnce: number;
}

/**
 * Brings the stored orders up to all active customers: whoever is new or changed is put in their place, who is gone is left
 * out. Each part that is written holds from then on, so that it goes on there after being ended anywhere.
 */
export async function refreshOrders(storehouse: Storehouse, job: Pick<Job, "signal">, bounds: RefreshBounds = { longList, atOnce: 100_000 }): Promise<void> {
  for (const key of orderedKeys) {
    let after = 0;
    for (let tries = 1; ;) {
      job.signal.throwIfAborted();
      const work = await findWork(storehouse, key, tries === mostTries ? { after: 0, isAnew: true } : { after, isAnew: false }, bounds);
      if (work === null) {
        break;
      }
      if (await carryOut(storehouse, key, work, job.signal)) {
        after = work.toOpen.at(-1) ?? Number.POSITIVE_INFINITY;
        tries = 1;
      } else if (++tries > mostTries) {
        break;
      }
    }
  }
}

/** What brings an order up to date, or some of it. */
interface Work extends SplitList {
  readonly fieldNo: number;
  readonly order: StoredOrder;
  /** Numbers of those that could not be opened when they stood in the same version. */
  readonly closed: ReadonlySet<number>;
}

/** What is next, behind the number `after`; null when nothing is left. Nothing is opened for it. */
async function findWork(storehouse: Storehouse, key: OrderedKey, from: { after: number; isAnew: boolean }, bounds: RefreshBounds): Promise<Work | null> {
  const { after, isAnew } = from;
  const now = storehouse.clock();
  const transaction = await beginTransaction(storehouse, { as: "system" }, now);
  try {
    const { db, policy } = transaction;
    const field = recordFieldOf(policy, "customer", key);
    if (field === undefined) {
      return null;
    }
    const order = await readOrder({ db, door: storehouse.door }, field.no);
    const listed = await listVersions({ db }, "state = 'active'", []);
    const count = listed.numbers.length;
    if (count <= bounds.longList || count > mostInOrder) {
      if (order.version > 0) {
        await db.query("delete from order_pages where field_no = $1", [field.no]);
        await transaction.commit();
      }
      return null;
    }
    const closed = new Set(order.numbers.filter((_, place) => (order.versions[place] as number) < 0));
    const split = splitListed(isAnew ? noOrder : { ...order, versions: order.versions.map(Math.abs) }, { ...listed, versions: listed.versions.map(Math.abs) });
    const toOpen = split.toOpen.filter((no) => no > after);
    const isSame = toOpen.length === 0 && split.placed.numbers.length + split.rest.numbers.length === order.numbers.length;
    const isYoung = after === 0 && order.numbers.length > 0 && now.getTime() - order.builtAt < youngMs && toOpen.length < bounds.atOnce / 10;
    return isSame || isYoung || (after > 0 && toOpen.length === 0)
      ? null
      : { ...split, toOpen: toOpen.slice(0, bounds.atOnce), fieldNo: field.no, order, closed };
  } finally {
    await transaction.rollback();
  }
}

/** Writes an order that holds the work. False when it was replaced, or somebody who stands in it changed, meanwhile. */
function carryOut(storehouse: Storehouse, key: OrderedKey, work: Work, signal: AbortSignal): Promise<boolean> {
  const { placed, rest, toOpen, fieldNo, order, closed } = work;
  return actAs(storehouse, "system", "customers.ordered", randomUUID(), async (context) => {
    const versions = new Map<number, number>();
    const read = readActive(context, key, versions, signal);
    const places = await examinePlaces(context, "customer", key, { placed, numbers: toOpen, read, orderedFor: "house" });
    context.journal.fact("field", fieldNo);
    if (places === null) {
      context.journal.fact("superseded", true);
      return false;
    }
    places.unopened.forEach((no) => versions.set(no, -(versions.get(no) as number)));
    const behind = Int32Array.from([...rest.numbers, ...places.rest, ...places.unopened]).sort();
    const kept = { ...rest, versions: rest.versions.map((version, index) => (closed.has(rest.numbers[index] as number) ? -version : version)) };
    const isWritten = await writeOrder(context, fieldNo, order.version, {
      numbers: Int32Array.from([...places.known, ...behind]),
      versions: Int32Array.from([...versionsAlong(places.known, placed, versions), ...versionsAlong(behind, kept, versions)]),
      known: places.known.length,
    });
    context.journal.fact("examined", places.examined);
    if (places.unopened.length > 0) {
      context.journal.fact("unopened", places.unopened.length);
    }
    if (!isWritten) {
      context.journal.fact("superseded", true);
    }
    return isWritten;
  });
}

/** Active customers a few at a time, noting the versions in which they are opened. */
function readActive(context: Context, key: OrderedKey, versions: Map<number, number>, signal: AbortSignal): ReadInTurns {
  const classes = classesOf(context, [key]);
  return async function* (numbers) {
    for (let at = 0; at < numbers.length; at += rowsATurn) {
      signal.throwIfAborted();
      const rows = (await listCustomers(context, numbers.slice(at, at + rowsATurn), classes)).filter((row) => row.state === "active");
      rows.forEach((row) => versions.set(row.customerNo, row.version));
      yield rows.map((row) => row.record);
    }
  };
}

/** The version of each number: of those that stood there in the same order, else of those that were opened. */
function versionsAlong(numbers: Int32Array, former: Placed, opened: ReadonlyMap<number, number>): Int32Array {
  let at = 0;
  return numbers.map((no) => (former.numbers[at] === no ? (former.versions[at++] as number) : (opened.get(no) as number)));
}
