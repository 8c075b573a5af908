import { createHash } from "node:crypto";
import type pg from "pg";
import {
  countByFact,
  countStored,
  exposuresOf,
  latestRowHashes,
  listEvents,
  matchEvents,
  peopleSeen,
  proveInclusionIn,
  readEntryBundle,
  readHeaders,
  readStored,
  rootOfTree,
  sequenceOf,
  type ListEventsOptions,
  type Query,
} from "#server/core/ledger/index.ts";
import { countEvents } from "#server/modules/records/density.ts";
import { exportLedger } from "#server/modules/records/export-ledger.ts";
import { findEventNos } from "#server/modules/records/find-events.ts";
import type { EventFilter } from "#server/modules/records/read-filter.ts";
import { usesByAccount } from "#server/modules/reviews/uses-by-account.ts";

/** A ledger of so many drawn events, and the time of each. */
export interface AskedLedger {
  readonly pool: pg.Pool;
  readonly eventCount: number;
  readonly timeOf: (index: number) => Date;
}

async function everyPage(query: Query, options: Omit<ListEventsOptions, "limit">, limit: number): Promise<unknown[]> {
  const all: unknown[] = [];
  for (let next: number | undefined; ;) {
    const page: Awaited<ReturnType<typeof listEvents>> = await listEvents(query, { ...options, before: next ?? options.before, limit });
    all.push(page);
    if (page.nextBefore === null) return all;
    next = page.nextBefore;
  }
}

/** Members in one order: a chunk and a header are read in different ones. */
const inOrder = (_: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;

export const hashOf = (value: unknown): string =>
  createHash("sha256")
    .update(Buffer.isBuffer(value) ? value : JSON.stringify(value, inOrder))
    .digest("hex");

/** Every question that anything asks of the ledger, each with the hash of its answer; young events are asked for too. */
export async function askLedger(asked: AskedLedger): Promise<Record<string, string>> {
  const { pool, timeOf, eventCount } = asked;
  const query = pool;
  const db = { query: async <Row extends object>(text: string, values?: readonly unknown[]) => (await pool.query(text, values as unknown[])).rows as Row[] };
  const answers: Record<string, string> = {};
  const note = (name: string, answer: unknown): void => void (answers[name] = hashOf(answer));
  const last = timeOf(eventCount + 5);
  const [from, to] = [timeOf(2_000), timeOf(7_500)];
  const lists: Omit<ListEventsOptions, "limit">[] = [
    { to: last },
    { accountNo: 3, to: last },
    { types: ["customer.edited", "list.downloaded"], from, to },
    { customerNo: 17, to: last },
    { customerNo: [4, 5, 600], writing: true, to: last },
    { customerNo: 17, accountNo: 2, types: ["customer.viewed"], to: last },
    { types: ["list.downloaded"], fact: { key: "listNo", value: 3 }, to: last },
    { writing: true, from, to: timeOf(4_000) },
    { eventNos: [40, 2_000, 5_999, 8_000], to: last },
    { accountNo: 5, before: 3_000 },
  ];
  for (const [index, options] of lists.entries()) note(`list ${index}`, await everyPage(query, options, index === 0 ? 1_000 : 93));
  const filters: EventFilter[] = [
    { to: last },
    { accountNo: 4, to: last },
    { outcome: "refused", to: last },
    { purpose: "audit", address: "192.0.2.1", from, to },
    { isOffHours: true, types: ["customer.edited"], to: last },
    { isLarge: true, to: last },
  ];
  for (const [index, filter] of filters.entries()) {
    for (let next: number | undefined, page = 0; page < 40; page++) {
      const numbers = await findEventNos(db, filter, { before: next, most: 211 });
      note(`find ${index} ${page}`, numbers);
      if (numbers.length < 211) break;
      next = numbers.at(-1);
    }
    note(
      `bars ${index}`,
      (await countEvents(db, filter, 86_400)).toSorted((a, b) => a.bar - b.bar),
    );
    note(
      `fine bars ${index}`,
      (await countEvents(db, { ...filter, from: timeOf(5_700), to: timeOf(6_300) }, 300)).toSorted((a, b) => a.bar - b.bar),
    );
  }
  note(
    "counts",
    [...(await countByFact(query, { type: "list.downloaded", key: "listNo", values: [1, 2, 5] }))].toSorted(([a], [b]) => a - b),
  );
  note("places", [...(await sequenceOf(query, [1, 30, 4_000, 8_999]))].toSorted());
  note("headers", await readHeaders(query, 0, eventCount));
  note("bundle", await readEntryBundle(query, { place: 3, width: 256 }, 2_000));
  note("proof", await proveInclusionIn(query, 1_234, eventCount));
  note("root", await rootOfTree(query, eventCount));
  note(
    "stored",
    (await readStored(query, [5, 6, 7_000])).map(({ batch, ...event }) => (batch === undefined ? event : event)),
  );
  const hashes = await latestRowHashes(query);
  note(
    "rows",
    [...hashes.present("customer")].toSorted((a, b) => a - b).map((no) => [no, hashes.get("customer", no)]),
  );
  note("exposures", await exposuresOf(query, { kind: "customer", nos: [17, 18], limit: 2_000, before: eventCount }));
  const seen = await matchEvents(pool, { accountNos: [3], from, to });
  note("seen", await peopleSeen(pool, seen, { kind: "customer" }));
  const uses = await usesByAccount(query, timeOf(5_500));
  note("uses", [...uses].map(([no, ofAccount]) => [no, [...ofAccount].toSorted()]).toSorted());
  note("counted", [await countStored(query, { from, to }, 100_000), await countStored(query, { from, to }, 50)]);
  note("export", await exported(asked, { from, to }));
  note("export without entries", await exported(asked, { to: timeOf(7_000) }, false));
  note(
    "whole export",
    (await exported(asked, {}))
      .toString("utf8")
      .split("\n")
      .filter((line) => line.startsWith('["event"') || line.startsWith('["batch"'))
      .slice(0, eventCount),
  );
  return answers;
}

async function exported({ pool: query, timeOf }: AskedLedger, range: { from?: Date; to?: Date }, hasEntries = true): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of exportLedger({ query, ...range, hasEntries, now: timeOf(0), checkpointEvery: 1 })) parts.push(part);
  return Buffer.concat(parts);
}
