import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cloneDatabase, type TestDatabase } from "#tests/support/database.ts";
import { makeDice } from "#tests/support/make-dice.ts";
import { beginLedger, seeds, startTestSequencer, testEvent } from "#tests/support/ledger.ts";
import { appendInBulk } from "#tests/support/ledger-in-bulk.ts";
import { encodeEvent } from "../encode.ts";
import type { LedgerEvent, ReleaseLevel } from "../event.ts";
import { listEvents } from "../read.ts";
import { readBucket } from "./fresh-looks.ts";
import { looksKept, readLooks } from "./recent-looks.ts";
import {
  exposuresOf,
  intersectEvents,
  looksAt,
  matchEvents,
  packSettled,
  peopleSeen,
  rebuildExposure,
  subtractEvents,
  uniteEvents,
  type EventFilter,
} from "./index.ts";

/**
 * Where the numbers of the events begin: many are missing in between, so that ranges of every level are made of few events, and
 * some are not packed at the end.
 */
const parts = [
  { from: 0, to: 5_000, firstNo: 1 },
  { from: 5_000, to: 6_000, firstNo: 197_000 },
  { from: 6_000, to: 12_000, firstNo: 1_044_000 },
  { from: 12_000, to: 17_000, firstNo: 1_113_700 },
  { from: 17_000, to: 21_000, firstNo: 1_245_500 },
] as const;
const eventCount = 21_000;
const numberOf = (index: number): number => {
  const part = parts.findLast(({ from }) => index >= from)!;
  return part.firstNo + index - part.from;
};
const indexOf = (eventNo: number): number => {
  const part = parts.findLast(({ firstNo }) => eventNo >= firstNo)!;
  return part.from + eventNo - part.firstNo;
};
const start = Date.UTC(2025, 0, 1);
const hour = 3_600_000;

let database: TestDatabase;
const given: LedgerEvent[] = [];

const dice = makeDice(7);
const sessions = Array.from({ length: 90 }, (_, index) => ({
  id: randomUUID(),
  accountNo: (index % 15) + 1,
  device: index % 4 === 0 ? undefined : randomUUID(),
  address: index % 5 === 0 ? `2001:db8::${index.toString(16)}` : `192.0.2.${index % 40}`,
}));
const fieldSets: readonly (readonly [number, ReleaseLevel])[][] = [
  [
    [1, 2],
    [6, 1],
  ],
  [[1, 2]],
  [
    [6, 2],
    [300, 1],
  ],
  [],
];

function drawEvent(index: number): LedgerEvent {
  const session = dice(20) === 0 ? undefined : sessions[dice(sessions.length)]!;
  const draw = (most: number): number[] => Array.from({ length: 1 + dice(most) }, () => (dice(40) === 0 ? 2 ** 33 + dice(3) : 1 + dice(1_800)));
  const releases: LedgerEvent["releases"][number][] = [];
  for (let groups = dice(3); groups > 0; groups--) {
    releases.push({ kind: (["customer", "customer", "company", "account", "query"] as const)[dice(5)]!, numbers: draw(4), fields: fieldSets[dice(4)]! });
  }
  return testEvent({
    // Some clocks lag behind.
    at: new Date(start + index * 60_000 - (dice(50) === 0 ? dice(3 * hour) : 0)),
    principal: session === undefined ? "system" : "account",
    accountNo: session?.accountNo ?? null,
    sessionId: session?.id ?? null,
    deviceId: session?.device,
    address: session?.address,
    purpose: dice(10) === 0 ? ["support", "delivery"][dice(2)] : undefined,
    type: ["customer.viewed", "customer.listed", "list.downloaded"][dice(3)]!,
    facts: dice(30) === 0 ? { listNo: dice(9) } : dice(3) === 0 ? { view: dice(100) } : {},
    outcome: dice(100) === 0 ? "refused" : "ok",
    releases,
    writes: dice(8) === 0 ? [...new Set(draw(3))].map((no) => ({ kind: "customer" as const, no, rowHash: dice(5) === 0 ? null : randomBytes(32) })) : [],
  });
}

async function append(from: number, to: number): Promise<void> {
  const client = await database.app.connect();
  await appendInBulk(
    client,
    given.slice(from, to).map((event) => encodeEvent(event, randomBytes)),
    { id: "node-1", seed: seeds.node },
  );
  client.release();
}

beforeAll(async () => {
  database = await cloneDatabase();
  await beginLedger(database);
  for (let index = 0; index < eventCount; index++) given.push(drawEvent(index));
  const sequencer = startTestSequencer(database);
  // In steps: what was packed early stands beside what comes later.
  for (const { from, to, firstNo } of parts) {
    await database.owner.query(`alter table ledger_events alter column event_no restart with ${firstNo}`);
    await append(from, to);
    await sequencer.sequenceNow();
    // A sequencer waits a minute before it gives up missing numbers.
    await database.owner.query("update ledger_rounds set settled_event_no = highest_event_no");
    await packSettled(database.ledger);
  }
  await sequencer.stop();
}, 120_000);
afterAll(() => database.drop());

/** The plain look at every event. */
interface Seen {
  events: number;
  first: number;
  last: number;
  fields: Map<number, number>;
  isWritten: boolean;
}

function fieldsOf(event: LedgerEvent, kind: string): Map<number, { fields: Map<number, number>; isWritten: boolean }> {
  const records = new Map<number, { fields: Map<number, number>; isWritten: boolean }>();
  const recordOf = (no: number) => records.get(no) ?? records.set(no, { fields: new Map(), isWritten: false }).get(no)!;
  for (const release of event.releases) {
    if (release.kind !== kind) continue;
    for (const no of release.numbers) {
      const { fields } = recordOf(no);
      for (const [fieldNo, level] of release.fields) fields.set(fieldNo, Math.max(level, fields.get(fieldNo) ?? 0));
    }
  }
  for (const write of event.writes) if (write.kind === kind) recordOf(write.no).isWritten = true;
  return records;
}

function look(holds: (event: LedgerEvent) => boolean, kind: string, touched: boolean): Map<number, Seen> {
  const people = new Map<number, Seen>();
  given.forEach((event, index) => {
    if (!holds(event)) return;
    for (const [no, { fields, isWritten }] of fieldsOf(event, kind)) {
      if (fields.size === 0 && !touched) continue;
      const seen = people.get(no) ?? { events: 0, first: numberOf(index), last: 0, fields: new Map(), isWritten: false };
      people.set(no, seen);
      seen.events += 1;
      seen.last = numberOf(index);
      seen.isWritten ||= isWritten;
      for (const [fieldNo, level] of fields) seen.fields.set(fieldNo, Math.max(level, seen.fields.get(fieldNo) ?? 0));
    }
  });
  return people;
}

const times = (event: LedgerEvent, from: number, to: number): boolean => event.at.getTime() >= from && event.at.getTime() < to;
const [from, to] = [start + 4_000 * 60_000, start + 9_000 * 60_000];
const late = start + 20_500 * 60_000;
const questions: [string, EventFilter, (event: LedgerEvent) => boolean][] = [
  ["everything", {}, () => true],
  ["an account", { accountNos: [3] }, (event) => event.accountNo === 3],
  [
    "two accounts in a window",
    { accountNos: [3, 4], from: new Date(from), to: new Date(to) },
    (event) => [3, 4].includes(event.accountNo!) && times(event, from, to),
  ],
  ["a window across what is not packed", { from: new Date(late), to: new Date(late + 500 * 60_000) }, (event) => times(event, late, late + 500 * 60_000)],
  ["a session", { sessionIds: [sessions[7]!.id] }, (event) => event.sessionId === sessions[7]!.id],
  ["a device", { deviceIds: [sessions[5]!.device!] }, (event) => event.deviceId === sessions[5]!.device],
  ["an address", { addresses: ["192.0.2.7"] }, (event) => event.address === "192.0.2.7"],
  ["a block of addresses", { addresses: ["192.0.2.0/28", "2001:db8::/32"] }, (event) => /^(192\.0\.2\.(\d|1[0-5])|2001:db8:.*)$/.test(event.address ?? "")],
  ["a purpose", { purposes: ["support"] }, (event) => event.purpose === "support"],
  ["a list", { listNos: [0, 4] }, (event) => [0, 4].includes(event.facts["listNo"] as number)],
  [
    "an account, for a purpose, of a type",
    { accountNos: [1, 2, 3, 4, 5], purposes: ["delivery"], types: ["customer.viewed"] },
    (event) => event.accountNo !== null && event.accountNo <= 5 && event.purpose === "delivery" && event.type === "customer.viewed",
  ],
  ["nothing", { accountNos: [77] }, () => false],
];

describe("whom some events showed", () => {
  test.each(questions)("%s: as a plain look at every event finds", async (_, filter, holds) => {
    const events = await matchEvents(database.app, filter);
    expect([...events.numbers()]).toEqual([...given.keys()].filter((index) => holds(given[index]!)).map(numberOf));
    for (const [kind, touched] of [
      ["customer", false],
      ["customer", true],
      ["company", false],
      ["account", true],
    ] as const) {
      const found = await peopleSeen(database.app, events, { kind, touched });
      const expected = look(holds, kind, touched);
      expect([...found.nos]).toEqual([...expected.keys()].sort((a, b) => a - b));
      found.nos.forEach((no, at) => {
        const seen = expected.get(no)!;
        const { fields, isWritten } = found.fieldSet(found.fieldSets[at]!);
        const actual = [found.events[at], found.firstEvent[at], found.lastEvent[at], found.firstAt[at], found.lastAt[at], isWritten, fields];
        const time = (eventNo: number): number => given[indexOf(eventNo)]!.at.getTime();
        const wanted = [seen.events, seen.first, seen.last, time(seen.first), time(seen.last), seen.isWritten, [...seen.fields].sort(([a], [b]) => a - b)];
        if (JSON.stringify(actual) !== JSON.stringify(wanted)) expect(actual).toEqual(wanted);
      });
    }
  });

  test("what threads find in parts is what one finds in one go", async () => {
    const filter: EventFilter = { addresses: ["192.0.2.0/28", "2001:db8::/32"], from: new Date(from) };
    const events = await matchEvents(database.app, filter);
    expect([...(await matchEvents(database.app, filter, 1)).numbers()]).toEqual([...events.numbers()]);
    const options = { kind: "customer", touched: true } as const;
    const { fieldSet, ...whole } = await peopleSeen(database.app, events, options);
    const { fieldSet: fieldSetInParts, ...joined } = await peopleSeen(database.app, events, options, 1);
    expect(whole.nos.length).toBeGreaterThan(100);
    expect({ ...joined, fieldSets: [] }).toEqual({ ...whole, fieldSets: [] });
    expect(Array.from(joined.fieldSets, fieldSetInParts)).toEqual(Array.from(whole.fieldSets, fieldSet));
  }, 60_000);

  test("several causes are joined as sets of events", async () => {
    const [one, two, three] = await Promise.all([
      matchEvents(database.app, { accountNos: [3] }),
      matchEvents(database.app, { purposes: ["support"] }),
      matchEvents(database.app, { types: ["list.downloaded"] }),
    ]);
    const joined = subtractEvents(uniteEvents(intersectEvents(one, two), three), two);
    const holds = (event: LedgerEvent): boolean => event.type === "list.downloaded" && event.purpose !== "support";
    expect([...joined.numbers()]).toEqual([...given.keys()].filter((index) => holds(given[index]!)).map(numberOf));
    expect(joined.size).toBe(given.filter(holds).length);
  });

  test("an address that is none is refused", async () => {
    await expect(matchEvents(database.app, { addresses: ["192.0.2.0/33"] })).rejects.toThrow("CIDR");
    await expect(matchEvents(database.app, { addresses: ["office"] })).rejects.toThrow("CIDR");
  });
});

describe("who saw a record", () => {
  const customers = [1, 44, 1_777, 2 ** 33 + 1];

  test.each(customers)("customer %i: every event once, newest first, with the fields of that person alone", async (no) => {
    const found = [];
    let before: number | undefined;
    do {
      const page = await exposuresOf(database.app, { kind: "customer", nos: [no, 99], before, limit: 9, touched: true });
      found.push(...page.exposures);
      before = page.nextBefore ?? undefined;
    } while (before !== undefined);
    const expected = [...given.entries()].flatMap(([index, event]) => {
      const records = [no, 99].flatMap((each) => fieldsOf(event, "customer").get(each) ?? []);
      if (records.length === 0) return [];
      const fields = new Map<number, number>();
      for (const record of records) for (const [fieldNo, level] of record.fields) fields.set(fieldNo, Math.max(level, fields.get(fieldNo) ?? 0));
      const { at, type, principal, accountNo, sessionId, outcome } = event;
      const [deviceId, address, purpose] = [event.deviceId ?? null, event.address ?? null, event.purpose ?? null];
      const listNo = (event.facts["listNo"] as number | undefined) ?? null;
      const isWritten = records.some((record) => record.isWritten);
      const seen = { fields: [...fields].sort(([a], [b]) => a - b), isWritten };
      return [{ eventNo: numberOf(index), at, type, principal, accountNo, sessionId, deviceId, address, purpose, outcome, listNo, ...seen }];
    });
    expect(found.map((each) => ({ ...each, offset: undefined, shape: undefined }))).toEqual(
      expected.toReversed().map((each) => ({ ...each, offset: undefined, shape: undefined })),
    );
    expect(found.length).toBeGreaterThan(10);

    // The same without where and how, of which the newest of complete windows stand side by side; also in pages.
    const looks = [];
    before = undefined;
    do {
      const page = await looksAt(database.app, { kind: "customer", nos: [no, 99], before, limit: 7, touched: true });
      looks.push(...page.looks);
      before = page.nextBefore ?? undefined;
    } while (before !== undefined);
    expect(looks).toEqual(
      found.map(({ eventNo, at, principal, accountNo, type, outcome, purpose, listNo, fields, isWritten }) => ({
        eventNo,
        at,
        principal,
        accountNo,
        type,
        outcome,
        purpose,
        listNo,
        fields,
        isWritten,
      })),
    );
  });

  test("the newest looks at a record stand described, and no more than are kept", async () => {
    const { rows } = await database.owner.query<{ record_no: string; packed: Buffer }>("select record_no, packed from ledger_exposure_looks where kind = 1");
    const windows = 1 << 20;
    const expected = new Map<number, number[]>();
    for (const [index, event] of given.entries()) {
      if (numberOf(index) < windows) for (const no of fieldsOf(event, "customer").keys()) expected.set(no, [numberOf(index), ...(expected.get(no) ?? [])]);
    }
    const kept = new Map(rows.map(({ record_no: no, packed }) => [Number(no), readLooks(packed)]));
    expect([...kept.keys()].sort((a, b) => a - b)).toEqual([...expected.keys()].sort((a, b) => a - b));
    for (const [no, { looks, hasOlder }] of kept) {
      const all = expected.get(no)!;
      expect([looks.map(({ eventNo }) => eventNo), hasOlder]).toEqual([all.slice(0, looksKept), all.length > looksKept]);
    }
    expect([...kept.values()].some(({ hasOlder }) => hasOlder)).toBe(true);
  });

  test("so do the looks of the window that is not complete, behind every three ranges", async () => {
    const { rows } = await database.owner.query<{ bucket_no: string; packed: Buffer }>(
      "select bucket_no, packed from ledger_exposure_fresh_looks where kind = 1",
    );
    const [first, below] = [16 * 65_536, 19 * 65_536];
    const expected = new Map<number, number[]>();
    for (const [index, event] of given.entries()) {
      const eventNo = numberOf(index);
      if (eventNo >= first && eventNo < below) for (const no of fieldsOf(event, "customer").keys()) expected.set(no, [eventNo, ...(expected.get(no) ?? [])]);
    }
    const kept = rows.flatMap(({ bucket_no: no, packed }) => readBucket(Number(no), packed)).sort(([a], [b]) => a - b);
    expect(kept.map(([no]) => no)).toEqual([...expected.keys()].sort((a, b) => a - b));
    for (const [no, each] of kept) {
      const all = expected.get(no)!;
      const { looks, hasOlder } = readLooks(each);
      expect([looks.map(({ eventNo }) => eventNo), hasOlder]).toEqual([all.slice(0, looksKept), all.length > looksKept]);
    }
    expect(kept.some(([, each]) => readLooks(each).hasOlder)).toBe(true);
  });

  test("the list of events of a customer holds the same, also with other conditions", async () => {
    for (const [no, writing, accountNo] of [
      [44, undefined, undefined],
      [44, true, undefined],
      [1_777, undefined, 5],
    ] as const) {
      const { events } = await listEvents(database.app, { customerNo: no, writing, accountNo, limit: 1_000 });
      const expected = [...given.keys()].filter((index) => {
        const record = fieldsOf(given[index]!, "customer").get(no);
        return record !== undefined && (writing !== true || record.isWritten) && (accountNo === undefined || given[index]!.accountNo === accountNo);
      });
      expect(events.map((event) => event.eventNo)).toEqual(expected.toReversed().map(numberOf));
    }
  });
});

async function everything(): Promise<unknown[]> {
  const { rows: postings } = await database.owner.query("select * from ledger_exposure_postings order by kind, level, span_no, range_no");
  const { rows: chunks } = await database.owner.query("select * from ledger_exposure_chunks order by chunk_no");
  const { rows: looks } = await database.owner.query("select * from ledger_exposure_looks order by kind, record_no");
  const { rows: blocks } = await database.owner.query("select * from ledger_exposure_look_blocks order by kind, block_no");
  const { rows: terms } = await database.owner.query("select * from ledger_exposure_terms order by term_no");
  const { rows: fresh } = await database.owner.query("select * from ledger_exposure_fresh_looks order by kind, bucket_no");
  const { rows: spans } = await database.owner.query("select * from ledger_exposure_fresh_spans order by kind, span_no");
  expect([looks, blocks, terms, fresh, spans].every(({ length }) => length > 0)).toBe(true);
  return [...postings, ...chunks, ...looks, ...blocks, ...terms, ...fresh, ...spans];
}

test("what was packed step by step is, byte for byte, what is packed anew", async () => {
  const before = await everything();
  const levels = new Set(before.map((row) => (row as { level?: number }).level));
  expect([...levels].sort()).toEqual([0, 1, 2, undefined]);
  const owner = await database.owner.connect();
  try {
    expect(await rebuildExposure(owner)).toBe(305);
  } finally {
    owner.release();
  }
  expect(await everything()).toEqual(before);
}, 60_000);

test("whoever serves requests can read what is packed, and change nothing of it", async () => {
  await expect(database.app.query("select count(*) from ledger_exposure_postings")).resolves.toBeTruthy();
  for (const change of [
    "delete from ledger_exposure_postings",
    "delete from ledger_exposure_chunks",
    "update ledger_exposure_postings set packed = ''",
    "insert into ledger_exposure_chunks values (99, 0, null, null, '', '', '', '')",
  ]) {
    await expect(database.app.query(change)).rejects.toThrow("permission denied");
  }
});

test("chunks from before there were marks are found all the same, and get theirs", async () => {
  const before = await everything();
  const filter: EventFilter = { sessionIds: [sessions[7]!.id] };
  const found = [...(await matchEvents(database.app, filter)).numbers()];
  expect(found.length).toBeGreaterThan(10);
  await database.owner.query("update ledger_exposure_chunks set marks = null where chunk_no % 3 <> 1");
  expect([...(await matchEvents(database.app, filter)).numbers()]).toEqual(found);
  await packSettled(database.ledger);
  expect(await everything()).toEqual(before);
});

test("of events that were moved away to files the chunks say the same", async () => {
  const ask = () => exposuresOf(database.app, { kind: "customer", nos: [44, 99], limit: 1_000, touched: true });
  const before = await ask();
  await database.owner.query("delete from ledger_events where event_no < $1", [parts[2].firstNo + 3_000]);
  const after = await ask();
  expect(after.exposures.filter(({ eventNo }) => eventNo < parts[2].firstNo + 3_000).length).toBeGreaterThan(10);
  expect(after.exposures.map(({ fields, ...rest }) => ({ ...rest, offset: undefined, shape: undefined, fields }))).toEqual(
    before.exposures.map(({ fields, ...rest }) => ({ ...rest, offset: undefined, shape: undefined, fields })),
  );
});
