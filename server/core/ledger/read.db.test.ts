import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cloneDatabase, type TestDatabase } from "#tests/support/database.ts";
import { beginLedger, openTestLedger, startTestSequencer, testEvent } from "#tests/support/ledger.ts";
import type { LedgerEvent } from "./event.ts";
import { createReleaseCounter } from "./exposure.ts";
import type { Ledger } from "./ledger.ts";
import { listEvents, type ListEventsOptions } from "./read.ts";
import { latestRowHashes } from "./row-hashes.ts";

let database: TestDatabase;
let ledger: Ledger;
const given: LedgerEvent[] = [];
const time = (minutes: number): Date => new Date(Date.UTC(2026, 10, 21, 0, minutes));

beforeAll(async () => {
  database = await cloneDatabase();
  await beginLedger(database);
  ledger = await openTestLedger(database);
  for (let index = 0; index < 60; index++) {
    given.push(
      testEvent({
        at: time(index),
        accountNo: (index % 3) + 1,
        type: index % 10 === 0 ? "session.started" : index % 10 === 5 ? "customer.edited" : "customer.viewed",
        releases: index % 10 === 0 ? [] : [{ kind: "customer", numbers: [index % 7, 100 + index], fields: index % 10 === 5 ? [] : [[1, 2]] }],
        writes: index % 10 === 5 ? [{ kind: "customer", no: 900 + index, rowHash: randomBytes(32) }] : [],
      }),
    );
  }
  for (const event of given) await ledger.append(event);
  const sequencer = startTestSequencer(database);
  await sequencer.sequenceNow();
  await sequencer.stop();
});
afterAll(async () => {
  await ledger.close();
  await database.drop();
});

/** All pages, as indexes into `given`. */
async function listAll(options: Omit<ListEventsOptions, "limit">, limit = 7): Promise<number[]> {
  const found: number[] = [];
  let before: number | undefined;
  for (;;) {
    const page = await listEvents(database.app, { ...options, limit, before });
    expect(page.events.length).toBeLessThanOrEqual(limit);
    for (const event of page.events) expect(event.sequence).toBe(event.eventNo - 1);
    found.push(...page.events.map((event) => event.eventNo - 1));
    if (page.nextBefore === null) return found;
    before = page.nextBefore;
  }
}

const indexesOf = (holds: (event: LedgerEvent) => boolean): number[] => [...given.keys()].filter((index) => holds(given[index]!)).reverse();

describe("the list of events", () => {
  test("holds every event once, newest first, page by page", async () => {
    expect(await listAll({})).toEqual(indexesOf(() => true));
  });

  test.each<[string, Omit<ListEventsOptions, "limit">, (event: LedgerEvent) => boolean]>([
    ["of an account", { accountNo: 2 }, (event) => event.accountNo === 2],
    ["of types", { types: ["session.started", "customer.edited"] }, (event) => event.type !== "customer.viewed"],
    ["of a time", { from: time(10), to: time(20) }, (event) => event.at >= time(10) && event.at < time(20)],
    ["of a customer, released or touched", { customerNo: 3 }, (event) => event.releases.some((release) => release.numbers.includes(3))],
    ["of a customer that was only written", { customerNo: 915 }, (event) => event.writes.some((write) => write.no === 915)],
    [
      "of a customer and an account",
      { customerNo: 3, accountNo: 1 },
      (event) => event.accountNo === 1 && event.releases.some((release) => release.numbers.includes(3)),
    ],
    ["of nobody", { customerNo: 77 }, () => false],
  ])("%s holds just those", async (_, options, holds) => {
    expect(await listAll(options)).toEqual(indexesOf(holds));
  });

  test("shows an event that waits for its place without one", async () => {
    const { eventNo } = await ledger.append(testEvent({ at: time(-60 * 24) }));
    const { events } = await listEvents(database.app, { limit: 1 });
    expect(events[0]).toMatchObject({ eventNo, sequence: null });
  });
});

test("distinct customers released to an account are counted since a time, and what comes later is added", async () => {
  const count = createReleaseCounter();
  const expected = (since: Date): number =>
    new Set(
      given
        .filter((event) => event.accountNo === 2 && event.at >= since && event.type === "customer.viewed")
        .flatMap((event) => [...event.releases[0]!.numbers]),
    ).size;
  expect(await count(database.app, 2, time(30))).toBe(expected(time(30)));
  expect(await count(database.app, 2, time(0))).toBe(expected(time(0)));
  expect(await count(database.app, 99, time(0))).toBe(0);
  const view = (numbers: number[]) => ledger.append(testEvent({ at: time(70), accountNo: 2, releases: [{ kind: "customer", numbers, fields: [[1, 1]] }] }));
  await view([5000, 5001]);
  await view([5001]);
  expect(await count(database.app, 2, time(0))).toBe(expected(time(0)) + 2);
  expect(await createReleaseCounter()(database.app, 2, time(0))).toBe(expected(time(0)) + 2);
});

test("the newest hash of every row is known, of removed ones too", async () => {
  const hash = (no: number, turn: number): Buffer => Buffer.alloc(32, `${no}/${turn}/`);
  for (let turn = 0; turn < 3; turn++) {
    const writes = Array.from({ length: 3000 }, (_, no) => ({ kind: "company" as const, no, rowHash: turn === 2 && no % 10 === 0 ? null : hash(no, turn) }));
    await ledger.append(
      testEvent({ type: "customer.edited", at: time(100), writes: turn === 1 ? writes.slice(0, 1500) : turn === 2 ? writes.slice(0, 100) : writes }),
    );
  }
  const hashes = await latestRowHashes(database.app);
  for (let no = 0; no < 3000; no++) {
    const expected = no < 100 ? (no % 10 === 0 ? null : hash(no, 2)) : no < 1500 ? hash(no, 1) : hash(no, 0);
    expect(hashes.get("company", no)).toEqual(expected);
  }
  expect(hashes.get("company", 3000)).toBeUndefined();
  expect(hashes.get("account", 5)).toBeUndefined();
  expect([...hashes.present("company")].length).toBe(2990);
  expect(hashes.size).toBe(3000 + 6);
});
