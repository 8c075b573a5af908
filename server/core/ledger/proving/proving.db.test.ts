import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cloneDatabase, type TestDatabase } from "#tests/support/database.ts";
import { beginLedger, openTestLedger, seeds, startTestSequencer, testEvent, testEvents } from "#tests/support/ledger.ts";
import { appendInBulk } from "#tests/support/ledger-in-bulk.ts";
import { signingKey } from "../ed25519.ts";
import { encodeEvent } from "../encode.ts";
import { declareEvents, type LedgerEvent } from "../event.ts";
import { askApart } from "../exposure/copy-rows.ts";
import { matchEvents, packSettled, peopleSeen, rebuildExposure, type EventFilter, type PeopleSeen } from "../exposure/index.ts";
import type { Ledger } from "../ledger.ts";
import { verifyLedger } from "../verify.ts";
import {
  bookFacts,
  checkLeaves,
  checkTypes,
  matchProvedEvents,
  openProvedThreads,
  proveFurther,
  provedPeopleSeen,
  readProved,
  type NewBook,
  type ProvedLedger,
} from "./index.ts";

/** As in exposure.db.test.ts: numbers are missing in between, so that ranges of every level are made of few events. */
const parts = [
  { from: 0, to: 4_200, firstNo: 1 },
  { from: 4_200, to: 6_900, firstNo: 1_046_000 },
  { from: 6_900, to: 7_900, firstNo: 1_113_700 },
] as const;
const start = Date.UTC(2025, 0, 1);
const publicKeys = [signingKey(seeds.checkpoint).publicKey];

let database: TestDatabase;
let ledger: Ledger;
const books: NewBook[] = [];

function drawEvent(index: number): LedgerEvent {
  const accountNo = (index % 11) + 1;
  return testEvent({
    at: new Date(start + index * 60_000),
    accountNo,
    sessionId: index % 7 === 0 ? null : `018f3b1e-0000-7000-8000-${String(index % 90).padStart(12, "0")}`,
    address: `192.0.2.${index % 40}`,
    type: index % 500 === 0 ? "customer.edited" : "customer.viewed",
    releases: [
      {
        kind: "customer",
        numbers: [1 + ((index * 31) % 1_800), 1 + ((index * 17) % 2_100)],
        fields:
          index % 3 === 0
            ? [[1, 2]]
            : [
                [1, 2],
                [6, 1],
              ],
      },
      ...(index % 9 === 0 ? [{ kind: "account" as const, numbers: [accountNo], fields: [] }] : []),
    ],
    writes: index % 500 === 0 ? [{ kind: "customer" as const, no: 1 + (index % 1_800), rowHash: randomBytes(32) }] : [],
  });
}

const sequence = async (): Promise<void> => {
  const sequencer = startTestSequencer(database);
  await sequencer.sequenceNow();
  await sequencer.stop();
  // A sequencer waits a minute before it gives up missing numbers.
  await database.owner.query("update ledger_rounds set settled_event_no = highest_event_no where round_no = (select max(round_no) from ledger_rounds)");
};

async function prove() {
  const found = await proveFurther({
    source: database.app,
    publicKeys,
    now: () => new Date(),
    keep: async (book) => {
      books.push(book);
      for (const { sha256, level, rangeNo, body } of book.bodies)
        await database.app.query("insert into ledger_proved_ranges (sha256, level, range_no, body) values ($1, $2, $3, $4) on conflict do nothing", [
          sha256,
          level,
          rangeNo,
          body,
        ]);
      const facts = bookFacts(book.chunkCount, book.hashes);
      await database.app.query("insert into ledger_proved_books (hash, ranges) values ($1, $2) on conflict do nothing", [
        Buffer.from(String(facts["hash"]), "base64url"),
        Buffer.concat([...book.hashes]),
      ]);
      await ledger.append(testEvent({ type: "ledger.packing-proved", principal: "system", accountNo: null, requestId: randomUUID(), facts }));
    },
  });
  await sequence();
  return found;
}

beforeAll(async () => {
  database = await cloneDatabase();
  await beginLedger(database);
  ledger = await openTestLedger(database, { events: [testEvents, declareEvents({ "ledger.packing-proved": { description: "Proved" } })] });
  const client = await database.app.connect();
  for (const { from, to, firstNo } of parts) {
    await database.owner.query(`alter table ledger_events alter column event_no restart with ${firstNo}`);
    const events = Array.from({ length: to - from }, (_, at) => encodeEvent(drawEvent(from + at), randomBytes));
    await appendInBulk(client, events, { id: "node-1", seed: seeds.node });
    await sequence();
    await packSettled(database.ledger);
    // Each time from the last book, of which ranges were joined in between.
    if (from < 6_900) expect((await prove()).findings).toEqual([]);
  }
  client.release();
}, 60_000);
afterAll(async () => {
  await ledger.close();
  await database.drop();
});

/** Asks as of one moment, after a superuser did this; undone afterwards. */
async function asProved<Result>(
  ask: (proved: ProvedLedger, copier: Parameters<Parameters<typeof askApart>[1]>[0]) => Promise<Result>,
  tamper: readonly string[] = [],
): Promise<{ result: Result; proved: ProvedLedger }> {
  return askApart(database.owner, async (copier) => {
    await copier.query("begin isolation level repeatable read");
    for (const statement of tamper) await copier.query(statement);
    const proved = (await readProved(copier, { publicKeys, now: new Date(), mostTail: 2_000_000 }))!;
    return { result: await ask(proved, copier), proved };
  });
}

const questions: [string, EventFilter][] = [
  ["everything", {}],
  ["an account", { accountNos: [3] }],
  ["a window", { from: new Date(start + 4_000 * 60_000), to: new Date(start + 6_950 * 60_000) }],
  ["a session", { sessionIds: ["018f3b1e-0000-7000-8000-000000000008"] }],
  ["a block of addresses", { addresses: ["192.0.2.0/28"] }],
  ["a type", { types: ["customer.edited"] }],
  ["nothing", { accountNos: [77] }],
];

const plain = ({ nos, events: counts, firstAt, lastAt, firstEvent, lastEvent, fieldSets, fieldSet }: PeopleSeen): unknown[] =>
  [nos, counts, firstAt, lastAt, firstEvent, lastEvent].map((list) => [...list]).concat([[...fieldSets].flatMap((set) => fieldSet(set).fields.flat())]);

test.each(questions)("%s: what is read as proved, by threads too, is what is read plainly", async (_, filter) => {
  const kinds = [{ kind: "customer" }, { kind: "account", touched: true }] as const;
  const { result, proved } = await asProved(async (known, copier) => {
    const answers = [];
    for (const threads of [undefined, await openProvedThreads(copier, database.app, 1)]) {
      const events = await matchProvedEvents(copier, known, threads)(filter);
      const people = [];
      for (const options of kinds) people.push(plain(await provedPeopleSeen(copier, known, events, options, threads)));
      answers.push({ events: [...events.numbers()], people });
    }
    await checkTypes(copier, known, ["customer.edited", "ledger.packing-proved", "never.happened"]);
    return answers;
  });
  expect(proved.findings).toEqual([]);
  const events = await matchEvents(database.app, filter);
  const people = [];
  for (const options of kinds) people.push(plain(await peopleSeen(database.app, events, options)));
  const expected = { events: [...events.numbers()], people };
  expect(result).toEqual([expected, expected]);
});

test("only what came after the last book is verified for it", async () => {
  const { proved } = await asProved(async () => undefined);
  expect(proved.upTo).toBe(1_048_575);
  expect(proved.verified).toBeLessThan(3_800);
  expect((await verifyLedger({ query: database.app, publicKeys, now: new Date() })).findings).toEqual([]);
});

describe("a superuser is found, by name, who", () => {
  const everything = async (known: ProvedLedger, copier: Parameters<Parameters<typeof askApart>[1]>[0]): Promise<void> => {
    const match = matchProvedEvents(copier, known);
    await match({ accountNos: [3] });
    await provedPeopleSeen(copier, known, await match({}), { kind: "customer" });
    await checkTypes(copier, known, ["customer.edited"]);
  };
  const flip = (column: string, at: number): string => `set ${column} = set_byte(${column}, ${at}, get_byte(${column}, ${at}) # 1)`;
  test.each([
    [
      "changes postings",
      [`update ledger_exposure_postings ${flip("packed", 8)} where kind = 1 and level = 2 and range_no = 0`],
      "what is packed is not what was proved",
    ],
    [
      "removes postings",
      ["delete from ledger_exposure_postings where kind = 1 and level = 2 and range_no = 0 and span_no = 1"],
      "what is packed is not what was proved",
    ],
    [
      "puts in what are no postings",
      [`update ledger_exposure_postings set packed = '\\x0177' where kind = 1 and level = 2 and range_no = 0`],
      "what is packed is not what was proved",
    ],
    ["changes who acted", [`update ledger_exposure_chunks ${flip("actors", 100)} where chunk_no = 0`], "what is packed is not what was proved"],
    [
      "takes a mark from a chunk, so that nobody reads it",
      ["update ledger_exposure_chunks set marks = '{1}' where chunk_no = 0"],
      "what is packed is not what was proved",
    ],
    ["removes a chunk", ["delete from ledger_exposure_chunks where chunk_no = 0"], "what is packed is not what was proved"],
    ["changes a book", [`update ledger_proved_books ${flip("ranges", 3)}`], "what was proved is not what the ledger says of it"],
    ["changes what was proved", [`update ledger_proved_ranges ${flip("body", 300)} where level = 2`], "what was proved is not what the ledger says of it"],
    ["removes what was proved", ["delete from ledger_proved_ranges"], "what was proved is not what the ledger says of it"],
    [
      "changes the event that names it",
      [`update ledger_events set header = replace(header, '"upTo":1', '"upTo":2') where type = 'ledger.packing-proved'`],
      "header was changed",
    ],
    ["removes the events that name it", ["delete from ledger_events where type = 'ledger.packing-proved'"], "event is missing"],
    ["changes an event behind it", ["update ledger_events set account_no = 2 where event_no = 1113800"], "columns differ from the header"],
    ["removes an event behind it", ["delete from ledger_events where event_no = 1113800"], "event is missing"],
    [
      "changes an event on which an answer rests",
      [`update ledger_events set header = replace(header, '"outcome":"ok"', '"outcome":"no"') where event_no = 1501`],
      "events customer.edited are not what was proved",
    ],
    [
      "hides an event on which an answer rests",
      ["update ledger_events set type = 'customer.viewed' where event_no = 1501"],
      "events customer.edited are not what was proved",
    ],
    ["puts another tree before it", [`update ledger_proved_ranges ${flip("body", 30)}`], "what was proved is not what the ledger says of it"],
  ])("%s", async (_, tamper, what) => {
    const { proved } = await asProved(everything, tamper);
    expect(proved.findings.map((finding) => finding.what)).toContain(what);
  });

  const asThreads = async (known: ProvedLedger, copier: Parameters<Parameters<typeof askApart>[1]>[0], between = async () => {}): Promise<void> => {
    const threads = await openProvedThreads(copier, database.app, 1);
    await between();
    const events = await matchProvedEvents(copier, known, threads)({ accountNos: [3] });
    await provedPeopleSeen(copier, known, events, { kind: "customer" }, threads);
  };
  test.each([
    ["postings", `update ledger_exposure_postings ${flip("packed", 8)} where kind = 1 and level = 2 and range_no = 0`],
    ["who acted", `update ledger_exposure_chunks ${flip("actors", 100)} where chunk_no = 0`],
    ["fields", `update ledger_exposure_chunks ${flip("shapes", 2)} where chunk_no = 0`],
  ])("changes %s that threads read; all of them see one moment", async (_, changeAndBack) => {
    const before = await asProved((known, copier) => asThreads(known, copier, async () => void (await database.owner.query(changeAndBack))));
    expect(before.proved.findings).toEqual([]);
    const behind = await asProved(asThreads);
    await database.owner.query(changeAndBack);
    expect(behind.proved.findings.map((finding) => finding.what)).toContain("what is packed is not what was proved");
  });

  test("says by himself what was proved", async () => {
    const { proved } = await asProved(everything, [
      `insert into ledger_events (batch_no, batch_index, at, type, header, leaf_hash) select batch_no, 0, at, type, header, leaf_hash from ledger_events where type = 'ledger.packing-proved' limit 1`,
      `update ledger_events set header = replace(header, '"ranges"', '"Ranges"'), leaf_hash = sha256('\\x00'::bytea || convert_to(replace(header, '"ranges"', '"Ranges"'), 'UTF8')) where event_no = (select max(event_no) from ledger_events)`,
    ]);
    expect(proved.findings.map((finding) => finding.what)).toContain("event is not what its batch signed");
  });

  test("changes an event that is shown", async () => {
    const shown = [3, 4_150, 1_046_100, 1_113_900];
    expect(await checkLeaves(database.app, publicKeys, shown)).toEqual([]);
    const client = await database.owner.connect();
    try {
      await client.query("begin");
      await client.query(
        `update ledger_events set header = replace(header, '"outcome":"ok"', '"outcome":"no"'), leaf_hash = sha256('\\x00'::bytea || convert_to(replace(header, '"outcome":"ok"', '"outcome":"no"'), 'UTF8')) where event_no = 4150`,
      );
      expect(await checkLeaves(client, publicKeys, shown)).toContainEqual({ what: "event is not what the tree holds here", sequence: null, eventNo: 4_150 });
      await client.query("delete from ledger_events where event_no = 3");
      expect(await checkLeaves(client, publicKeys, shown)).toContainEqual({ what: "event is missing", sequence: null, eventNo: 3 });
    } finally {
      await client.query("rollback");
      client.release();
    }
  });
});

test("proved anew, because what was proved is gone, the same comes out; so does what is packed anew", async () => {
  const before = books.at(-1)!;
  await prove();
  const stepwise = books.at(-1)!;
  expect(stepwise.chunkCount).toBeGreaterThan(before.chunkCount);
  await database.owner.query("delete from ledger_proved_ranges; delete from ledger_proved_books");
  const { findings } = await prove();
  expect(findings.map(({ what }) => what)).toContain("what was proved is not what the ledger says of it");
  const anew = books.at(-1)!;
  expect(anew.chunkCount).toBe(stepwise.chunkCount);
  expect(anew.hashes.map((hash) => hash.toString("hex"))).toEqual(stepwise.hashes.map((hash) => hash.toString("hex")));
  const owner = await database.owner.connect();
  await rebuildExposure(owner);
  owner.release();
  const { proved } = await asProved(async (known, copier) => provedPeopleSeen(copier, known, await matchProvedEvents(copier, known)({}), { kind: "customer" }));
  expect(proved.findings).toEqual([]);
});
