import { randomBytes, randomUUID } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { backupHouse } from "#server/app/command-backup.ts";
import { actAs } from "#server/core/door/index.ts";
import { encodeEvent } from "#server/core/ledger/encode.ts";
import { listEvents, packSettled, type Query } from "#server/core/ledger/index.ts";
import { makeRecoveryKey } from "#server/modules/accounts/recovery-public-key.ts";
import { archiveLedger } from "#server/modules/archives/index.ts";
import { writeBackup } from "#server/modules/backup/index.ts";
import { countHours, verifyStorehouse } from "#server/modules/records/index.ts";
import { appendInBulk } from "./support/ledger-in-bulk.ts";
import { testEvent } from "./support/ledger.ts";
import { openHouse, type TestHouse } from "./support/open-house.ts";
import { findOtherPlace, type OtherPlace } from "./support/restore-elsewhere.ts";

const begin = new Date("2025-01-06T00:00:00Z");
const timeOf = (index: number): Date => new Date(begin.getTime() + index * 3_600_000);

let house: TestHouse;
let recoveryKey: string;
let backups: string;
let ledgerFolder: string;
const places: OtherPlace[] = [];
const isCopy = (name: string): boolean => name.startsWith("kuraban-ledger-");

/** Old months in files; the rest stands in the table. */
beforeAll(async () => {
  house = await openHouse({ now: begin });
  recoveryKey = await actAs(house.open.storehouse, "system", "organisation.founded", randomUUID(), makeRecoveryKey);
  const { nodeId, nodeSeed } = house.open.signing;
  for (let from = 0; from < 4_500; from += 500) {
    const events = Array.from({ length: 500 }, (_, at) =>
      testEvent({ at: timeOf(from + at), releases: [{ kind: "customer", numbers: [1 + ((from + at) % 40)], fields: [[1, 2]] }] }),
    );
    const client = await house.database.app.connect();
    await appendInBulk(
      client,
      events.map((event) => encodeEvent(event, randomBytes)),
      { id: nodeId, seed: nodeSeed },
    );
    client.release();
    await house.open.sequencer.sequenceNow();
  }
  house.time.now = timeOf(5_000);
  await house.database.owner.query("update ledger_rounds set settled_event_no = highest_event_no");
  await packSettled(house.open.pools.ledger);
  await countHours(house.open.pools.ledger);
  const { files } = await archiveLedger(house.open.storehouse, { before: timeOf(4_000), principal: "system", atMost: 1_500 });
  expect(files.length).toBeGreaterThan(1);
  backups = join(house.folder, "backups");
  ledgerFolder = join(house.folder, "data", "ledger");
  await writeBackup(backupHouse(house.open), { to: backups });
}, 120_000);
afterEach(async () => {
  for (const place of places.splice(0)) await place.remove();
});
afterAll(() => house.close());

async function otherPlace(): Promise<OtherPlace> {
  const place = await findOtherPlace();
  places.push(place);
  return place;
}

const seen = async (query: Query): Promise<unknown[]> =>
  (await listEvents(query, { customerNo: 17, types: ["customer.viewed"], limit: 1_000 })).events.map(({ sequence, ...event }) => [
    sequence,
    event.eventNo,
    event.releases,
  ]);

test("old months come back with the data, and answer as before", async () => {
  const other = await otherPlace();
  await other.restore(backups, recoveryKey);
  const { open, close } = await other.open();
  try {
    expect(await seen(open.storehouse.pool)).toEqual(await seen(house.open.storehouse.pool));
    const brought = join(other.place.dataFolder, "ledger");
    for (const file of readdirSync(ledgerFolder)) expect(readFileSync(join(brought, file)).equals(readFileSync(join(ledgerFolder, file)))).toBe(true);
    await open.sequencer.sequenceNow();
    expect(await verifyStorehouse(open.storehouse, "console")).toMatchObject({ ok: true, findings: [] });
  } finally {
    await close();
  }
}, 120_000);

test("a file that a backup folder holds is not written there again, and lies there sealed", async () => {
  const before = readdirSync(backups).filter(isCopy);
  expect(before).toHaveLength(readdirSync(ledgerFolder).length);
  const marks = before.map((name) => statSync(join(backups, name), { bigint: true }).ino);
  await writeBackup(backupHouse(house.open), { to: backups });
  expect(readdirSync(backups).filter(isCopy)).toEqual(before);
  expect(before.map((name) => statSync(join(backups, name), { bigint: true }).ino)).toEqual(marks);
  const whole = readdirSync(ledgerFolder).map((file) => readFileSync(join(ledgerFolder, file)));
  for (const name of before) for (const bytes of whole) expect(readFileSync(join(backups, name)).includes(bytes.subarray(8, 40))).toBe(false);
}, 60_000);

test("a backup from which a file is missing, or damaged, is refused by name and leaves the place empty", async () => {
  const from = join(house.folder, "partly");
  mkdirSync(from);
  for (const name of readdirSync(backups)) copyFileSync(join(backups, name), join(from, name));
  const copy = readdirSync(from).find(isCopy)!;
  const bytes = readFileSync(join(from, copy));
  rmSync(join(from, copy));
  const other = await otherPlace();
  await expect(other.restore(from, recoveryKey)).rejects.toMatchObject({ en: expect.stringContaining(copy) as string });
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(join(from, copy), bytes);
  await expect(other.restore(from, recoveryKey)).rejects.toMatchObject({ en: expect.stringContaining("damaged") as string });
  expect(readdirSync(other.place.dataFolder)).toEqual([]);
}, 60_000);

test("a storehouse that misses a file writes no backup that looks whole", async () => {
  const [file] = readdirSync(ledgerFolder) as [string];
  const elsewhere = join(house.folder, "other-backups");
  renameSync(join(ledgerFolder, file), join(house.folder, "kept"));
  try {
    await expect(writeBackup(backupHouse(house.open), { to: elsewhere })).rejects.toMatchObject({ en: expect.stringContaining(file) as string });
    expect(readdirSync(elsewhere).filter((name) => name.startsWith("kuraban-data-"))).toEqual([]);
  } finally {
    renameSync(join(house.folder, "kept"), join(ledgerFolder, file));
  }
}, 60_000);
