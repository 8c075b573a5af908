import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Db } from "#server/core/context/db.ts";
import type { Ledger, LedgerEvent } from "#server/core/ledger/index.ts";
import { largeFrom } from "#shared/ledger-filter.ts";
import { cloneDatabase, type TestDatabase } from "#tests/support/database.ts";
import { beginLedger, openTestLedger, startTestSequencer, testEvent } from "#tests/support/ledger.ts";
import { countHours } from "./count-hours.ts";
import { countEvents, origin } from "./density.ts";
import { findEventNos } from "./find-events.ts";
import { fitsBeyondRecord } from "./list-events.ts";
import { isOffHours } from "./off-hours.ts";
import type { EventFilter } from "./read-filter.ts";

let database: TestDatabase;
let ledger: Ledger;
let db: Pick<Db, "query">;
const given: LedgerEvent[] = [];

const outcomes = ["ok", "ok", "ok", "refused", "failed"] as const;
const types = ["customer.viewed", "customer.edited", "session.started"] as const;
const purposes = ["sales", "audit", undefined] as const;
const addresses = ["192.0.2.1", "2001:db8::1", undefined] as const;

/** Five weeks, hours apart, now and then minutes: nights and weekends are among them. */
function eventAt(index: number): LedgerEvent {
  return testEvent({
    at: new Date(Date.UTC(2026, 9, 1, 0, index * 130 + (index % 7))),
    type: types[index % 3]!,
    accountNo: index % 11 === 0 ? null : (index % 4) + 1,
    principal: index % 11 === 0 ? "system" : "account",
    outcome: outcomes[(index * 7) % 5]!,
    purpose: purposes[index % 3],
    address: addresses[(index >> 1) % 3],
    // A fact may be called like a member of the header.
    facts: index % 5 === 0 ? { outcome: "refused", shown: index } : {},
    releases: [{ kind: "customer", numbers: Array.from({ length: index % 13 === 0 ? largeFrom : 2 }, (_, no) => no + 1), fields: [[1, 2]] }],
  });
}

beforeAll(async () => {
  database = await cloneDatabase();
  await beginLedger(database);
  ledger = await openTestLedger(database);
  db = { query: async <Row extends object>(text: string, values?: readonly unknown[]) => (await database.app.query(text, values as unknown[])).rows as Row[] };
  const append = async (from: number, to: number): Promise<void> => {
    for (let index = from; index < to; index++) {
      given.push(eventAt(index));
      await ledger.append(given[index]!);
    }
    const sequencer = startTestSequencer(database);
    await sequencer.sequenceNow();
    await sequencer.stop();
  };
  // Counted in parts of odd sizes, twice, with a tail that is not counted yet.
  await append(0, 150);
  await countHours(database.ledger, undefined, 37);
  await append(150, 330);
  await countHours(database.ledger, undefined, 100);
  await append(330, 400);
});
afterAll(async () => {
  await ledger.close();
  await database.drop();
});

const filters: fc.Arbitrary<EventFilter> = fc.record(
  {
    types: fc.subarray([...types], { minLength: 1 }),
    accountNo: fc.integer({ min: 1, max: 5 }),
    outcome: fc.constantFrom("ok", "refused", "failed"),
    purpose: fc.constantFrom("sales", "audit"),
    address: fc.constantFrom("192.0.2.1", "2001:db8::1"),
    isOffHours: fc.boolean(),
    isLarge: fc.boolean(),
    from: fc.integer({ min: 0, max: 50_000 }).map((minutes) => new Date(Date.UTC(2026, 9, 1, 0, minutes))),
    to: fc.integer({ min: 0, max: 60_000 }).map((minutes) => new Date(Date.UTC(2026, 9, 1, 0, minutes))),
  },
  { requiredKeys: [] },
);

/** Indexes into `given`, as anybody would look for them, newest first. */
function fitting(filter: EventFilter): number[] {
  const isOf = (event: LedgerEvent): boolean =>
    (filter.types === undefined || filter.types.includes(event.type)) &&
    (filter.accountNo === undefined || event.accountNo === filter.accountNo) &&
    (filter.from === undefined || event.at >= filter.from) &&
    (filter.to === undefined || event.at < filter.to) &&
    fitsBeyondRecord({ ...event, eventNo: 0, sequence: null }, filter);
  return [...given.keys()].filter((index) => isOf(given[index]!)).toReversed();
}

it("finds what a look at every event finds, page by page, whatever is counted already", async () => {
  await fc.assert(
    fc.asyncProperty(filters, fc.integer({ min: 1, max: 60 }), async (filter, most) => {
      const found: number[] = [];
      for (let before: number | undefined; ;) {
        const page = await findEventNos(db, filter, { before, most });
        found.push(...page.map((no) => no - 1));
        if (page.length < most) {
          break;
        }
        before = page.at(-1);
      }
      expect(found).toEqual(fitting(filter));
    }),
    { numRuns: 60 },
  );
});

it("counts into bars of minutes, hours and days what a look at every event counts", async () => {
  await fc.assert(
    fc.asyncProperty(filters, fc.constantFrom(60, 3600, 86_400, 7 * 86_400), async (filter, step) => {
      // A window stands on the edges of its bars.
      const edge = (at: Date | undefined): Date | undefined => at && new Date((origin + Math.floor((at.getTime() / 1000 - origin) / step) * step) * 1000);
      const window = { ...filter, from: edge(filter.from), to: edge(filter.to) };
      const naive = new Map<number, { events: number; refused: number }>();
      for (const index of fitting(window)) {
        const { at, outcome } = given[index]!;
        const bar = Math.floor((at.getTime() / 1000 - origin) / step);
        const former = naive.get(bar) ?? { events: 0, refused: 0 };
        naive.set(bar, { events: former.events + 1, refused: former.refused + (outcome === "refused" ? 1 : 0) });
      }
      const counted = await countEvents(db, window, step);
      expect(new Map(counted.map(({ bar, events, refused }) => [bar, { events, refused }]))).toEqual(naive);
    }),
    { numRuns: 60 },
  );
});

it("knows nights and weekends by the clock in Japan", () => {
  const times = ["2026-11-20T06:59+09:00", "2026-11-20T07:00+09:00", "2026-11-20T19:59+09:00", "2026-11-20T20:00+09:00", "2026-11-21T12:00+09:00"];
  expect(times.map((time) => isOffHours(new Date(time)))).toEqual([true, false, false, true, true]);
});

it("counts what the login that answers requests cannot write", async () => {
  for (const write of ["delete from record_hours", "update record_days set events = 0", "insert into record_spans values (now(), 1, 0, 1, 1)"]) {
    await expect(database.app.query(write)).rejects.toThrow("permission denied");
  }
  await expect(database.app.query("update record_hours_state set counted_to = 0")).rejects.toThrow("permission denied");
});
