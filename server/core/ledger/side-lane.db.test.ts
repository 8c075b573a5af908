import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase, type TestDatabase } from "#tests/support/database.ts";
import { appConnection, beginLedger, eventually, openTestLedger, seeds, startTestSequencer, viewing } from "#tests/support/ledger.ts";
import { signingKey } from "./ed25519.ts";
import { decodeEvent } from "./encode.ts";
import { createSideLane, type SideLane } from "./side-lane.ts";
import { verifyLedger } from "./verify.ts";

let database: TestDatabase;
let lane: SideLane;
beforeAll(async () => {
  database = await cloneDatabase();
  await beginLedger(database);
  lane = createSideLane({
    connection: { ...appConnection(database), application_name: "side lane" },
    nodeId: "node-1",
    nodeSeed: seeds.node,
    now: () => new Date(),
    random: randomBytes,
    maxWaitMs: 30_000,
    onRecorded: () => undefined,
  });
  await eventually(() => lane.isReady());
});
afterAll(async () => {
  await lane.close();
  await database.drop();
});

const many = Array.from({ length: 1000 }, (_, index) => index + 1);

test("an event of a thousand records stands as it was given, and verifies with the others", async () => {
  const event = {
    ...viewing(...many),
    sealed: [{ label: "query", subject: { kind: "query", no: 1 }, fieldClass: "open", blob: Buffer.from("sealed") }],
  } as const;
  const { eventNo } = await lane.append(event);
  const { rows } = await database.owner.query("select * from ledger_events where event_no = $1", [eventNo]);
  expect(decodeEvent(rows[0])).toEqual({
    ...event,
    releases: [
      {
        kind: "customer",
        numbers: many,
        fields: [
          [1, 2],
          [6, 1],
        ],
      },
    ],
  });
  const ordinary = await openTestLedger(database);
  await ordinary.append(viewing(1));
  await ordinary.close();
  const sequencer = startTestSequencer(database);
  await eventually(() => sequencer.sequenceNow());
  await sequencer.stop();
  const publicKeys = [signingKey(seeds.checkpoint).publicKey];
  expect(await verifyLedger({ query: database.app, publicKeys, now: new Date() })).toMatchObject({ ok: true, findings: [] });
});

test("a ledger records events of many records on it once it is up, and the others as ever", async () => {
  const ledger = await openTestLedger(database, { nodeId: "node-aside" });
  /** Records of each event, by the run of its batch. */
  const recordsByRun = async (): Promise<number[][]> => {
    const { rows } = await database.owner.query<{ run: string; records: number }>(
      `select left(b.batch_no::text, 23) as run, (e.header::jsonb->'entries'->>'count')::int as records
         from ledger_batches b join ledger_events e using (batch_no) where b.node_id = 'node-aside' order by e.event_no`,
    );
    return [...Map.groupBy(rows, ({ run }) => run).values()].map((ofRun) => ofRun.map(({ records }) => records));
  };
  await ledger.append(viewing(1));
  await eventually(async () => {
    await ledger.append(viewing(...many));
    return (await recordsByRun()).length === 2;
  });
  await ledger.append(viewing(2));
  await ledger.close();
  const [ordinary, aside] = await recordsByRun();
  expect(ordinary?.at(0)).toBe(1);
  expect(ordinary?.at(-1)).toBe(1);
  expect(aside).toEqual([1000]);
});

test("what became durable is heard of without a turn of the event loop", async () => {
  let isRecorded = false;
  void lane.append(viewing(...many)).then(() => (isRecorded = true));
  lane.hear(30_000);
  await Promise.resolve();
  await Promise.resolve();
  expect(isRecorded).toBe(true);
});

test("while something else goes on it can be asked, at no cost, whether anything became durable", async () => {
  expect(lane.hasHeard()).toBe(false);
  let isRecorded = false;
  void lane.append(viewing(...many)).then(() => (isRecorded = true));
  const until = performance.now() + 30_000;
  while (!lane.hasHeard() && performance.now() < until);
  expect(lane.hasHeard()).toBe(false);
  await Promise.resolve();
  await Promise.resolve();
  expect(isRecorded).toBe(true);
});

test("an event out of its bounds is refused, and harms no other", async () => {
  const wrong = lane.append(viewing(-1));
  const right = lane.append(viewing(...many));
  await expect(wrong).rejects.toThrow("a record number");
  await expect(right).resolves.toHaveProperty("eventNo");
});

test("after its connection broke nothing is acknowledged that is not there, and it comes back by itself", async () => {
  const under = Promise.allSettled(Array.from({ length: 20 }, (_, index) => lane.append({ ...viewing(...many), requestId: `cut ${index}` })));
  await database.owner.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'side lane' and datname = current_database()");
  const settled = await under;
  const acknowledged = settled.flatMap((each) => (each.status === "fulfilled" ? [each.value.eventNo] : []));
  for (const each of settled) if (each.status === "rejected") expect(each.reason).toMatchObject({ code: "ledger-unavailable" });
  const { rows } = await database.owner.query("select event_no from ledger_events where event_no = any($1)", [acknowledged]);
  expect(rows).toHaveLength(acknowledged.length);
  await eventually(async () =>
    lane.append(viewing(...many)).then(
      () => true,
      () => false,
    ),
  );
  await eventually(() => lane.isReady());
});

test("closing waits for what is under way, and takes nothing more", async () => {
  const last = lane.append(viewing(...many));
  await lane.close();
  await expect(last).resolves.toHaveProperty("eventNo");
  expect(lane.isReady()).toBe(false);
  await expect(lane.append(viewing(...many))).rejects.toMatchObject({ code: "ledger-unavailable" });
});
