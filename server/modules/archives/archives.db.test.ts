import { randomBytes } from "node:crypto";
import { copyFileSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CannotArchive,
  createEventSet,
  hasArchivedEvent,
  listArchives,
  listEvents,
  packSettled,
  rebuildExposure,
  verifyLedger,
  type LedgerEvent,
  type Query,
  type Verification,
} from "#server/core/ledger/index.ts";
import { encodeEvent } from "#server/core/ledger/encode.ts";
import { countHours } from "#server/modules/records/count-hours.ts";
import { connectOwner } from "#server/platform/database/connect.ts";
import { Problem } from "#shared/problems.ts";
import { askLedger, hashOf } from "#tests/support/ask-ledger.ts";
import { appendInBulk } from "#tests/support/ledger-in-bulk.ts";
import { testEvent } from "#tests/support/ledger.ts";
import { makeDice } from "#tests/support/make-dice.ts";
import { openHouse, type TestHouse } from "#tests/support/open-house.ts";
import { archiveByPolicy, archiveLedger, beginOfMonth, type ArchiveStep } from "./archive-ledger.ts";

const dayMs = 86_400_000;
const begin = new Date("2025-01-06T00:00:00Z");
const eventCount = 9_000;
const timeOf = (index: number): Date => new Date(begin.getTime() + index * 1_700_000);
/** Older events than this go: two thirds of them. */
const before = timeOf(6_000);

let house: TestHouse;
let query: Query;
let folder: string;

const types = ["customer.viewed", "customers.listed", "customer.edited", "list.downloaded", "session.started"] as const;

function drawEvent(index: number, dice: (sides: number) => number): LedgerEvent {
  const type = types[dice(types.length)]!;
  const isSystem = dice(20) === 0;
  const draw = (most: number): number[] => [...new Set(Array.from({ length: 1 + dice(most) }, () => 1 + dice(700)))];
  return testEvent({
    at: new Date(timeOf(index).getTime() - (dice(50) === 0 ? dice(3_600_000) : 0)),
    type,
    principal: isSystem ? "system" : "account",
    accountNo: isSystem ? null : 1 + dice(9),
    address: ["192.0.2.1", "2001:db8::1", undefined][dice(3)],
    purpose: ["sales", "audit", undefined][dice(3)],
    outcome: dice(12) === 0 ? "refused" : "ok",
    facts: type === "list.downloaded" ? { listNo: dice(6) } : dice(3) === 0 ? { shown: dice(100) } : {},
    releases:
      type === "session.started"
        ? []
        : [
            {
              kind: "customer",
              numbers: draw(dice(30) === 0 ? 150 : 6),
              fields:
                dice(3) === 0
                  ? []
                  : [
                      [1, 2],
                      [6, 1],
                    ],
            },
          ],
    writes: type === "customer.edited" ? draw(2).map((no) => ({ kind: "customer" as const, no, rowHash: dice(6) === 0 ? null : randomBytes(32) })) : [],
    sealed:
      type === "customer.edited"
        ? [{ label: "before", subject: { kind: "customer" as const, no: 7 }, fieldClass: "personal" as const, blob: randomBytes(120) }]
        : [],
  });
}

beforeAll(async () => {
  house = await openHouse({ now: begin });
  query = house.open.storehouse.pool;
  folder = join(house.folder, "data", "ledger");
  const dice = makeDice(11);
  const events = Array.from({ length: eventCount }, (_, index) => encodeEvent(drawEvent(index, dice), randomBytes));
  const { nodeId, nodeSeed } = house.open.signing;
  // Large rounds at first, then small ones: files end between rounds.
  for (let from = 0, count = 900; from < eventCount; from += count) {
    count = from < 5_400 ? 900 : 100;
    const client = await house.database.app.connect();
    await appendInBulk(client, events.slice(from, from + count), { id: nodeId, seed: nodeSeed });
    client.release();
    await house.open.sequencer.sequenceNow();
  }
  house.time.now = timeOf(eventCount + 10);
  await house.open.ledger.append(testEvent({ type: "session.started", at: house.time.now }));
  await house.open.sequencer.sequenceNow();
  await house.database.owner.query("update ledger_rounds set settled_event_no = highest_event_no");
  await packSettled(house.open.pools.ledger);
  await countHours(house.open.pools.ledger);
}, 120_000);
afterAll(() => house.close());

const verify = (asked: Query = query): Promise<Verification> =>
  verifyLedger({ query: asked, publicKeys: house.open.storehouse.door.checkpointKeys, now: new Date() });

const everything = (): Promise<Record<string, string>> => askLedger({ pool: house.open.pools.app, eventCount, timeOf });

const tablesOf = async (): Promise<{ events: number; batches: number }> =>
  (
    await house.database.owner.query<{ events: number; batches: number }>(
      "select (select count(*) from ledger_events)::int as events, (select count(*) from ledger_batches)::int as batches",
    )
  ).rows[0]!;

describe("old months in files", () => {
  let asked: Record<string, string>;
  it("answers every question byte for byte as before, from table and files together", async () => {
    expect((await verify()).findings).toEqual([]);
    asked = await everything();
    const standing = await tablesOf();
    const { isOurs, files } = await archiveLedger(house.open.storehouse, { before, principal: "console", atMost: 1_800 });
    expect(isOurs).toBe(true);
    expect(files.length).toBeGreaterThan(2);
    const moved = files.reduce((sum, file) => sum + file.events, 0);
    // Whole rounds, and packed chunks only.
    expect(moved).toBeGreaterThan(4_000);
    const left = await tablesOf();
    expect(left.events).toBe(standing.events - moved + files.length);
    expect(await everything()).toEqual(asked);
    expect((await verify()).findings).toEqual([]);
    expect((await verify()).treeSize).toBe(standing.events + files.length);
    expect(readdirSync(folder)).toEqual(files.map(({ file }) => file).toSorted());
  }, 120_000);

  it("packs who saw whom anew from files and table", async () => {
    const packed = async (): Promise<string> =>
      hashOf(
        (await house.database.owner.query("select * from ledger_exposure_chunks order by chunk_no")).rows.concat(
          (await house.database.owner.query("select * from ledger_exposure_postings order by kind, level, span_no, range_no")).rows,
        ),
      );
    const was = await packed();
    const owner = await connectOwner(house.database.ownerUrl, folder);
    await rebuildExposure(owner);
    await owner.end();
    expect(await packed()).toBe(was);
  }, 60_000);

  it("names nobody's event as an event of the files that is none", async () => {
    expect(await hasArchivedEvent(query, { types: ["list.downloaded"], accountNo: 3 })).toBe(true);
    expect(await hasArchivedEvent(query, { types: ["list.downloaded"], accountNo: 4711 })).toBe(false);
    expect(createEventSet().size).toBe(0);
  });

  const spoiled = async (spoil: () => void, mend: () => void): Promise<{ findings: string[]; refusal: unknown }> => {
    spoil();
    try {
      const refusal: unknown = await listEvents(query, { eventNos: [40, 41], limit: 2 }).then(
        (page) => page,
        (error: unknown) => error,
      );
      return { findings: (await verify()).findings.map(({ what }) => what), refusal };
    } finally {
      mend();
    }
  };

  it("names a file in which a byte was changed, and never answers from it", async () => {
    const file = readdirSync(folder)[0]!;
    const path = join(folder, file);
    const bytes = readFileSync(path);
    for (const at of [200, bytes.length >> 1, bytes.length - 60]) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      const { findings } = await spoiled(
        () => writeFileSync(path, changed),
        () => writeFileSync(path, bytes),
      );
      expect(findings).toEqual([`archive file ledger/${file} was changed`]);
    }
    const { refusal } = await spoiled(
      () => writeFileSync(path, bytes.subarray(0, bytes.length - 100)),
      () => writeFileSync(path, bytes),
    );
    expect(refusal).toMatchObject({ code: "ledger-file-unreadable", facts: { file: `ledger/${file}`, reason: "changed" } });
  }, 60_000);

  it("names a missing file and its place; a node without it refuses rather than answering with less", async () => {
    const file = readdirSync(folder)[0]!;
    const { findings, refusal } = await spoiled(
      () => renameSync(join(folder, file), join(house.folder, "elsewhere")),
      () => renameSync(join(house.folder, "elsewhere"), join(folder, file)),
    );
    expect(findings).toEqual([`archive file ledger/${file} is missing`]);
    expect(refusal).toBeInstanceOf(Problem);
    expect(refusal).toMatchObject({ code: "ledger-file-unreadable", facts: { file: `ledger/${file}`, reason: "missing" } });
    // This pool never heard of the folder.
    await expect(listEvents(house.database.app, { customerNo: 17, limit: 2_000 })).rejects.toMatchObject({ code: "ledger-file-unreadable" });
    await expect(listEvents(house.database.app, { limit: 20 })).resolves.toMatchObject({ events: { length: 20 } });
  }, 60_000);

  it("names two files that changed places", async () => {
    const [one, other] = readdirSync(folder).map((file) => join(folder, file)) as [string, string];
    const swap = (): void => {
      copyFileSync(one, `${one}.kept`);
      renameSync(other, one);
      renameSync(`${one}.kept`, other);
    };
    const { findings } = await spoiled(swap, swap);
    expect(findings).toHaveLength(2);
    expect(findings.every((what) => what.endsWith("was changed"))).toBe(true);
  }, 60_000);

  it("finds what is listed of a file changed or taken away, and an archived event put back", async () => {
    const client = await house.database.owner.connect();
    const after = async (...statements: string[]): Promise<string[]> => {
      try {
        await client.query("begin");
        await client.query("select set_config('kuraban.ledger_folder', $1, true)", [encodeURIComponent(folder)]);
        for (const statement of statements) await client.query(statement);
        return (await verify(client)).findings.map(({ what }) => what);
      } finally {
        await client.query("rollback");
      }
    };
    try {
      expect(await after("update ledger_archives set event_count = event_count where archive_no = 1")).toEqual([]);
      expect(await after("update ledger_archives set bytes = bytes + 1 where archive_no = 2")).toEqual([
        expect.stringMatching(/^archive file ledger\/.* is not what the ledger says of it$/),
      ]);
      const newest = (await listArchives(query)).at(-1)!;
      for (const archive of [(await listArchives(query))[1]!, newest]) {
        expect(await after(`delete from ledger_archives where archive_no = ${archive.archiveNo}`)).toEqual([
          `archive file ledger/${archive.file} is not listed any more`,
        ]);
      }
      expect(
        await after(
          `insert into ledger_events (event_no, batch_no, batch_index, at, type, account_no, session_id, header, salt, entries, writes, sealed, leaf_hash)
           overriding system value select 40, batch_no, batch_index, at, type, account_no, session_id, header, salt, entries, writes, sealed, leaf_hash
           from ledger_events order by event_no limit 1`,
        ),
      ).toContain("event stands beside the file that holds it");
    } finally {
      client.release();
    }
  }, 60_000);
});

describe("how they go", () => {
  const steps: readonly ArchiveStep[] = ["written", "checked", "bound", "sequenced", "cleared"];
  it("is gone on from wherever it was cut off, and nothing is lost", async () => {
    const all = (await verify()).treeSize;
    let at = 6_000;
    for (const step of steps) {
      at += 200;
      const options = { before: timeOf(at), principal: "system", atMost: 100 } as const;
      const begun = archiveLedger(house.open.storehouse, {
        ...options,
        onStep: (reached) => {
          if (reached === step) throw new Error("cut off");
        },
      });
      await expect(begun).rejects.toThrow("cut off");
      expect((await verify()).findings).toEqual([]);
      await archiveLedger(house.open.storehouse, options);
      const archives = await listArchives(query);
      expect(archives.every(({ isCleared }) => isCleared)).toBe(true);
      const { findings, treeSize } = await verify();
      expect(findings).toEqual([]);
      expect(treeSize).toBeGreaterThanOrEqual(all);
    }
  }, 120_000);

  it("writes a file anew that was bound and then lost before its rows went", async () => {
    const options = { before: timeOf(7_300), principal: "system", atMost: 100 } as const;
    let lost = "";
    const begun = archiveLedger(house.open.storehouse, {
      ...options,
      onStep: (reached, file) => {
        if (reached !== "bound") return;
        rmSync(join(folder, (lost = file)));
        throw new Error("cut off");
      },
    });
    await expect(begun).rejects.toThrow("cut off");
    await archiveLedger(house.open.storehouse, options);
    expect(readdirSync(folder)).toContain(lost);
    expect((await verify()).findings).toEqual([]);
  }, 60_000);

  it("leaves everything where it is when an event is not as it was signed, and raises an alarm", async () => {
    const { rows } = await house.database.owner.query<{ event_no: string; header: string }>(
      "select event_no, header from ledger_events order by event_no limit 1",
    );
    const { event_no: eventNo, header } = rows[0]!;
    await house.database.owner.query("update ledger_events set header = replace(header, '\"v\":1', '\"v\":2') where event_no = $1", [eventNo]);
    const standing = await tablesOf();
    try {
      const begun = archiveLedger(house.open.storehouse, { before: timeOf(7_600), principal: "system", atMost: 100 });
      await expect(begun).rejects.toBeInstanceOf(CannotArchive);
    } finally {
      await house.database.owner.query("update ledger_events set header = $2 where event_no = $1", [eventNo, header]);
    }
    const { events } = await listEvents(query, { types: ["ledger.archive-failed"], limit: 1 });
    expect(events[0]?.facts).toMatchObject({ alarm: true, eventNo: Number(eventNo) });
    expect((await tablesOf()).batches).toBeGreaterThanOrEqual(standing.batches);
  });

  it("is done by one node at a time", async () => {
    const other = await house.database.owner.connect();
    await other.query(`select pg_advisory_lock(${BigInt("0x61726368697665")})`);
    expect(await archiveLedger(house.open.storehouse, { before: timeOf(8_900), principal: "system" })).toEqual({ isOurs: false, files: [] });
    await other.query(`select pg_advisory_unlock(${BigInt("0x61726368697665")})`);
    other.release();
  });

  it("goes by the policy, month by month, and stands still when there is none", async () => {
    const archived = async (): Promise<number> => (await listArchives(query)).at(-1)!.highest;
    const was = await archived();
    await house.database.owner.query("update archive_policy set after_months = null");
    house.time.now = new Date("2026-06-15T00:00:00Z");
    await archiveByPolicy(house.open.storehouse);
    expect(await archived()).toBe(was);
    await house.database.owner.query("update archive_policy set after_months = 12");
    let seenWhenCaughtUp = 0;
    await archiveByPolicy(house.open.storehouse, { catchUp: async () => void (seenWhenCaughtUp = await archived()) });
    expect(await archived()).toBeGreaterThan(was);
    // Whoever gathers from the events where they stand had them all.
    expect(seenWhenCaughtUp).toBe(was);
    const { rows } = await house.database.owner.query<{ at: Date }>("select min(at) as at from ledger_events where event_no < 8192");
    // Of what is packed nothing from before June 2025 stands any more, and what is younger does.
    const first = rows[0]?.at ?? timeOf(eventCount);
    expect(first.getTime()).toBeGreaterThan(beginOfMonth(house.time.now, 12).getTime() - 100 * 1_700_000);
    expect((await verify()).findings).toEqual([]);
  }, 60_000);

  it("lets no login delete, and the one function take away nothing that no event of the tree binds", async () => {
    for (const pool of [house.open.pools.app, house.open.pools.ledger]) {
      await expect(pool.query("delete from ledger_events where event_no = 8000")).rejects.toThrow("permission denied");
      await expect(pool.query("delete from ledger_archives")).rejects.toThrow("permission denied");
    }
    await expect(house.open.pools.app.query("select clear_archived_events(1)")).rejects.toThrow("permission denied");
    await expect(house.open.pools.ledger.query("select clear_archived_events(4711)")).rejects.toThrow("does not stand in the ledger");
    const [archive] = (await listArchives(query)).toReversed();
    const { rows } = await house.database.owner.query("select min(round_no) as round, min(lowest_event_no) as low from ledger_rounds where round_no > $1", [
      archive!.lastRound,
    ]);
    const forged = `insert into ledger_archives (archive_no, epoch_no, first_round, last_round, first_sequence, event_count, lowest_event_no, highest_event_no, first_at, last_at,
      types, file, bytes, sha256, index_sha256, archived_at) values (${archive!.archiveNo + 1}, 1, ${rows[0].round}, ${rows[0].round}, 0, 1, ${rows[0].low}, ${rows[0].low}, now(), now(), '{}', 'forged', 1, sha256('x'), sha256('x'), now())`;
    await house.open.pools.app.query(forged);
    await expect(house.open.pools.ledger.query(`select clear_archived_events(${archive!.archiveNo + 1})`)).rejects.toThrow("bound by no event");
    expect((await verify()).findings.map(({ what }) => what)).toEqual(["archive file ledger/forged is not what the ledger says of it"]);
    await house.database.owner.query("delete from ledger_archives where file = 'forged'");
  });
});

it("counts months as they begin in Japan", () => {
  expect(beginOfMonth(new Date("2026-11-22T00:00:00Z"), 6).toISOString()).toBe("2026-04-30T15:00:00.000Z");
  expect(beginOfMonth(new Date("2026-05-31T20:00:00Z"), 6).toISOString()).toBe("2025-11-30T15:00:00.000Z");
  expect(before.getTime() - begin.getTime()).toBeGreaterThan(100 * dayMs);
});
