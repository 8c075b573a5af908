import { randomBytes } from "node:crypto";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeEvent } from "#server/core/ledger/encode.ts";
import { listArchives, packSettled, verifyLedger } from "#server/core/ledger/index.ts";
import { countHours } from "#server/modules/records/index.ts";
import { connectOwner } from "#server/platform/database/connect.ts";
import { appendInBulk } from "./support/ledger-in-bulk.ts";
import { testEvent } from "./support/ledger.ts";
import { openHouse, type TestHouse } from "./support/open-house.ts";

const begin = new Date("2025-01-06T00:00:00Z");
const timeOf = (index: number): Date => new Date(begin.getTime() + index * 3_600_000);
const eventCount = 8_400;
const main = fileURLToPath(new URL("../server/main.ts", import.meta.url));

let house: TestHouse;

beforeAll(async () => {
  house = await openHouse({ now: begin });
  const { nodeId, nodeSeed } = house.open.signing;
  for (let from = 0; from < eventCount; from += 200) {
    const client = await house.database.app.connect();
    const events = Array.from({ length: 200 }, (_, at) =>
      encodeEvent(
        testEvent({
          at: timeOf(from + at),
          releases: [{ kind: "customer", numbers: Array.from({ length: 50 }, (__, no) => from + no), fields: [[1, 2]] }],
          writes: at % 9 === 0 ? [{ kind: "customer", no: at, rowHash: randomBytes(32) }] : [],
        }),
        randomBytes,
      ),
    );
    await appendInBulk(client, events, { id: nodeId, seed: nodeSeed });
    client.release();
    await house.open.sequencer.sequenceNow();
  }
  await house.database.owner.query("update ledger_rounds set settled_event_no = highest_event_no");
  await packSettled(house.open.pools.ledger);
  await countHours(house.open.pools.ledger);
}, 300_000);
afterAll(() => house.close());

/** `./kuraban ledger archive` as a process of its own; resolves with its exit code, null when it was killed. */
async function archive(before: Date, killWhen?: () => Promise<boolean>): Promise<number | null> {
  const { dataFolder, keysFolder } = house.open.place;
  const day = before.toISOString().slice(0, 10);
  const child = spawn(process.execPath, [main, "ledger", "archive", "--before", day, "--data", dataFolder, "--keys", keysFolder], {
    env: { ...process.env, DATABASE_URL: house.database.ownerUrl },
    stdio: "ignore",
  });
  const ended = once(child, "exit");
  if (killWhen !== undefined) {
    while (child.exitCode === null && !(await killWhen())) await setTimeout(5);
    child.kill("SIGKILL");
  }
  const [code] = (await ended) as [number | null];
  return code;
}

const count = async (what: string): Promise<number> =>
  Number((await house.database.owner.query<{ n: string }>(`select count(*)::text as n from ${what}`)).rows[0]?.n);

const isBusy = async (): Promise<boolean> =>
  (await count(
    "pg_locks where locktype = 'advisory' and classid = 6386275 and objid = 1751742053 and database = (select oid from pg_database where datname = current_database())",
  )) > 0;
const heldUp = "pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
const isHeldUp = async (): Promise<boolean> => (await count(heldUp)) > 0;

/** Runs with rows or a table held by somebody else, so that a process comes to a certain place and no further. */
async function holding<T>(what: string, run: () => Promise<T>): Promise<T> {
  const holder = await connectOwner(house.database.ownerUrl);
  try {
    await holder.query("begin");
    await holder.query(what);
    const done = await run();
    // What was waited for goes with whoever waited: PostgreSQL would do it all the same once it can.
    await holder.query(`select pg_terminate_backend(pid, 10000) from ${heldUp}`);
    return done;
  } finally {
    await holder.end();
  }
}

test("a process that is killed while it moves old months leaves everything whole, and the next one ends its work", async () => {
  const query = house.open.storehouse.pool;
  const standing = await count("ledger_events");
  const verify = async () => verifyLedger({ query, publicKeys: house.open.storehouse.door.checkpointKeys, now: new Date() });
  const moments: ((before: Date) => Promise<number | null>)[] = [
    // Where it happens to be once it has begun, and a little later: it may have ended before it is hit.
    (before) => archive(before, isBusy),
    (before) => archive(before, async () => (await isBusy()) && (await setTimeout(60, true))),
    // Its file is written and not listed; its file is listed and the rows still stand.
    (before) => holding("lock table ledger_archives in share mode", () => archive(before, isHeldUp)),
    (before) =>
      holding("select 1 from ledger_events for key share", () =>
        archive(before, async () => (await count("ledger_archives where cleared_at is null")) > 0 && (await isHeldUp())),
      ),
  ];
  let day = 3_000;
  let killed = 0;
  for (const strike of moments) {
    day += 600;
    if ((await strike(timeOf(day))) === null) killed += 1;
    const { findings, events } = await verify();
    expect(findings).toEqual([]);
    expect(events).toBeGreaterThanOrEqual(standing);
  }
  expect(killed).toBeGreaterThanOrEqual(2);
  expect(await count("ledger_archives where cleared_at is null")).toBe(1);
  expect(await archive(timeOf(7_500))).toBe(0);
  const archives = await listArchives(query);
  expect(archives.length).toBeGreaterThan(0);
  expect(archives.every(({ isCleared }) => isCleared)).toBe(true);
  expect(archives.at(-1)!.highest).toBeGreaterThan(7_000);
  expect((await verify()).findings).toEqual([]);
  expect(join(house.open.place.dataFolder, "ledger")).toBe(archives[0]!.folder);
}, 300_000);
