import { afterEach, beforeEach, expect, test } from "vitest";
import { cloneDatabase, type TestDatabase } from "#tests/support/database.ts";
import { beginLedger, eventually, ledgerConnection, openTestLedger, seeds, startTestSequencer, viewing } from "#tests/support/ledger.ts";
import { findCurrentEpoch, startEpoch } from "./epoch.ts";
import type { Ledger } from "./ledger.ts";
import { hashLeaf, rootOfHashes } from "./merkle.ts";
import { countUnsequenced, findCheckpoint, sequenceOf } from "./read.ts";
import { signingKey } from "./ed25519.ts";
import { openNote, parseCheckpoint } from "./signed-note.ts";
import { startSequencer, type Sequencer } from "./sequencer.ts";
import { verifyLedger } from "./verify.ts";

let database: TestDatabase;
let ledger: Ledger;
let started: Sequencer[];
const start = (): Sequencer => {
  const sequencer = startTestSequencer(database);
  started.push(sequencer);
  return sequencer;
};
beforeEach(async () => {
  started = [];
  database = await cloneDatabase();
  await beginLedger(database);
  ledger = await openTestLedger(database);
});
afterEach(async () => {
  await Promise.all(started.map((sequencer) => sequencer.stop()));
  await ledger.close();
  await database.drop();
});

const verify = () => verifyLedger({ query: database.app, publicKeys: [signingKey(seeds.checkpoint).publicKey], now: new Date() });
const append = (count: number) => Promise.all(Array.from({ length: count }, (_, index) => ledger.append(viewing(index + 1))));

/** Sequence numbers of the tree in the order of places, straight from the rounds. */
async function treeOrder(): Promise<number[]> {
  const { rows } = await database.owner.query("select event_nos from ledger_rounds order by round_no");
  return rows.flatMap((row) => row.event_nos as number[]);
}

test("every event gets one place, and a checkpoint signs the root over all leaves in that order", async () => {
  const recorded = await append(100);
  const sequencer = start();
  expect(await sequencer.sequenceNow()).toBe(true);
  const places = await sequenceOf(
    database.app,
    recorded.map(({ eventNo }) => eventNo),
  );
  expect([...places.values()].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index));
  const checkpoint = (await findCheckpoint(database.app))!;
  expect(checkpoint.treeSize).toBe(100);
  const { rows } = await database.owner.query("select event_no, header from ledger_events");
  const leaves = new Map(rows.map((row) => [row.event_no as number, hashLeaf(Buffer.from(row.header as string))]));
  expect(checkpoint.rootHash).toEqual(rootOfHashes((await treeOrder()).map((eventNo) => leaves.get(eventNo)!)));
  const text = openNote(checkpoint.note, checkpoint.origin, signingKey(seeds.checkpoint).publicKey)!;
  expect(parseCheckpoint(text)).toEqual({ origin: "kuraban.example/ledger/epoch-1", treeSize: 100, rootHash: checkpoint.rootHash });
  expect(await countUnsequenced(database.app)).toBe(0);
});

test("events are ordered and signed by itself, without being asked", async () => {
  const sequencer = start();
  await eventually(() => sequencer.isLeading());
  await append(3);
  sequencer.nudge();
  await eventually(async () => (await findCheckpoint(database.app))?.treeSize === 3);
});

test("while there are events a checkpoint is signed each second, no oftener, and the last events get one too", async () => {
  let ms = 0;
  const sequencer = startSequencer({ connection: ledgerConnection(database), checkpointSeed: seeds.checkpoint, now: () => new Date(), monotonicMs: () => ms });
  started.push(sequencer);
  const signed = async (): Promise<number> => Number((await database.owner.query("select count(*) as n from ledger_checkpoints")).rows[0]?.n);
  const signedSize = async (): Promise<number> => (await findCheckpoint(database.app))?.treeSize ?? 0;
  // Five events a second for three seconds, each in the tree before the next one.
  for (let turn = 1; turn <= 15; turn++) {
    await append(1);
    sequencer.nudge();
    await eventually(async () => (await countUnsequenced(database.app)) === 0);
    // The first of a second signs; which of its events the checkpoint already holds is chance.
    if (ms % 1000 === 0) await eventually(async () => (await signed()) > ms / 1000);
    expect(await signed()).toBe(Math.floor(ms / 1000) + 1);
    ms += 200;
  }
  ms = 3_000;
  await eventually(async () => (await signedSize()) === 15);
  expect(await signed()).toBe(4);
});

test("an event that commits after a later one still gets its place, and a rolled-back one leaves none", async () => {
  const sequencer = start();
  const [late, gone] = [await database.app.connect(), await database.app.connect()];
  await late.query("begin");
  const { eventNo: lateNo } = await ledger.recordIn(late, viewing(1));
  await gone.query("begin");
  await ledger.recordIn(gone, viewing(2));
  const [{ eventNo: earlyNo }] = (await append(1)) as [{ eventNo: number }];
  await sequencer.sequenceNow();
  expect(earlyNo).toBeGreaterThan(lateNo);
  expect(await treeOrder()).toEqual([earlyNo]);
  await gone.query("rollback");
  await late.query("commit");
  gone.release();
  late.release();
  await sequencer.sequenceNow();
  expect(await treeOrder()).toEqual([earlyNo, lateNo]);
  expect(await verify()).toMatchObject({ ok: true, events: 2, treeSize: 2 });
});

test("a late commit is found by the sequencer that takes over, too", async () => {
  const late = await database.app.connect();
  await late.query("begin");
  const { eventNo: lateNo } = await ledger.recordIn(late, viewing(1));
  await append(5);
  const first = start();
  await first.sequenceNow();
  await append(5);
  await first.stop();
  await late.query("commit");
  late.release();
  const second = start();
  await second.sequenceNow();
  const order = await treeOrder();
  expect(order).toHaveLength(11);
  expect(order).toContain(lateNo);
  expect(await verify()).toMatchObject({ ok: true, events: 11, treeSize: 11 });
});

test("of two on one database one leads, and the other takes over when the first one's session is killed", async () => {
  const both = [start(), start()];
  await eventually(() => both.some((sequencer) => sequencer.isLeading()));
  const leader = both.find((sequencer) => sequencer.isLeading())!;
  const other = both.find((sequencer) => sequencer !== leader)!;
  expect(await other.sequenceNow()).toBe(false);
  await append(10);
  expect(await leader.sequenceNow()).toBe(true);
  await leader.stop();
  await eventually(() => other.isLeading());
  const third = start();
  await append(10);
  await database.owner.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'kuraban sequencer' and datname = current_database()",
  );
  await append(10);
  await eventually(async () => (await findCheckpoint(database.app))?.treeSize === 30);
  expect([other, third].filter((sequencer) => sequencer.isLeading())).toHaveLength(1);
  expect(await verify()).toMatchObject({ ok: true, events: 30, treeSize: 30 });
});

test("under 32 callers and killed again and again it leaves no event out and none twice", async () => {
  const both = [start(), start()];
  let isOver = false;
  let appended = 0;
  const callers = Array.from({ length: 32 }, async (_, caller) => {
    while (!isOver) {
      await ledger.append(viewing(caller));
      appended += 1;
    }
  });
  for (let kill = 0; kill < 5; kill++) {
    await eventually(() => both.some((sequencer) => sequencer.isLeading()));
    await database.owner.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'kuraban sequencer' and datname = current_database()",
    );
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  isOver = true;
  await Promise.all(callers);
  await eventually(async () => (await Promise.all(both.map((sequencer) => sequencer.sequenceNow().catch(() => false)))).includes(true));
  const order = await treeOrder();
  expect(order).toHaveLength(appended);
  expect(new Set(order).size).toBe(appended);
  expect(await verify()).toMatchObject({ ok: true, findings: [], events: appended, treeSize: appended });
});

test("a restore begins an epoch of its own, which continues the tree under another origin", async () => {
  await append(4);
  const first = start();
  await first.sequenceNow();
  const restore = { query: database.ledger, reason: "restored", name: "kuraban.example/ledger", checkpointSeed: Buffer.alloc(32, 9), now: new Date() };
  await expect(startEpoch(restore)).rejects.toThrow("while no sequencer runs");
  await first.stop();
  const epoch = await startEpoch(restore);
  expect(epoch).toMatchObject({ epochNo: 2, origin: "kuraban.example/ledger/epoch-2", previous: { epochNo: 1, treeSize: 4 } });
  expect(await findCurrentEpoch(database.app)).toEqual(epoch);
  await append(2);
  const oldKey = start();
  await expect(oldKey.sequenceNow()).rejects.toThrow("checkpoint key");
  await oldKey.stop();
  const second = startSequencer({ connection: ledgerConnection(database), checkpointSeed: Buffer.alloc(32, 9), now: () => new Date() });
  started.push(second);
  await second.sequenceNow();
  expect(await findCheckpoint(database.app)).toMatchObject({ epochNo: 2, treeSize: 6 });
  const publicKeys = [seeds.checkpoint, Buffer.alloc(32, 9)].map((seed) => signingKey(seed).publicKey);
  expect(await verifyLedger({ query: database.app, publicKeys, now: new Date() })).toMatchObject({ ok: true, findings: [], events: 6, treeSize: 6 });
  expect((await verify()).findings.map((finding) => finding.what)).toContain("the key of epoch 2 is not trusted");
});
