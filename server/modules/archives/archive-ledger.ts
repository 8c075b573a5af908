import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { actAs, queryOver, type Storehouse } from "#server/core/door/index.ts";
import {
  archiveFacts,
  CannotArchive,
  checkArchive,
  findPackedUpTo,
  hashArchiveFile,
  insertArchive,
  isBound,
  listArchives,
  planArchive,
  writeArchive,
  type Archive,
} from "#server/core/ledger/index.ts";
import { countedTo } from "#server/modules/records/index.ts";

export interface ArchivedLedger {
  /** False when another node is at it. */
  readonly isOurs: boolean;
  /** Files that were ended now, oldest first. */
  readonly files: readonly { readonly file: string; readonly events: number; readonly bytes: number }[];
}

/** What a run has just done; a test may end it there. */
export type ArchiveStep = "written" | "checked" | "bound" | "sequenced" | "cleared";

export interface ArchiveOptions {
  /** Events of this time and younger stay. */
  readonly before: Date;
  readonly principal: "system" | "console";
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: (step: ArchiveStep, file: string) => void | Promise<void>;
  /** About how many events a file holds. */
  readonly atMost?: number;
  /** What gathers from the events where they stand is brought up to date before any of them go. */
  readonly catchUp?: (() => Promise<void>) | undefined;
}

/** Of all nodes one archives at a time: "archive" in ASCII. */
const archiveLock = "0x61726368697665";
const sequencePatienceMs = 120_000;
const dayMs = 86_400_000;
const japanMs = 9 * 3_600_000;

/** The youngest moment before which events may go into a file: the work of the last month is asked for all the time. */
export function youngestArchived(now: Date): Date {
  return new Date(now.getTime() - 31 * dayMs);
}

/** Midnight in Japan on the first of the month so many months before this one. */
export function beginOfMonth(now: Date, monthsBefore: number): Date {
  const inJapan = new Date(now.getTime() + japanMs);
  return new Date(Date.UTC(inJapan.getUTCFullYear(), inJapan.getUTCMonth() - monthsBefore, 1) - japanMs);
}

export async function archiveByPolicy(storehouse: Storehouse, { signal, catchUp }: Pick<ArchiveOptions, "signal" | "catchUp"> = {}): Promise<void> {
  const { rows } = await storehouse.pool.query<{ after_months: number | null }>("select after_months from archive_policy");
  const afterMonths = rows[0]?.after_months ?? null;
  // What was begun is ended whatever the policy says now.
  const before = afterMonths === null ? new Date(0) : beginOfMonth(storehouse.clock(), afterMonths);
  await archiveLedger(storehouse, { before, principal: "system", signal, catchUp });
}

/**
 * Moves whole rounds of old events into files, one after the other: written and durable, read back and held against tree and
 * table, bound by an event of the ledger, and only when that event stands in the tree its rows go. However it ends, the next
 * run goes on from there.
 * @throws CannotArchive, after an event with an alarm, when something is not as it was signed; Problem ledger-file-unreadable
 */
export async function archiveLedger(storehouse: Storehouse, options: ArchiveOptions): Promise<ArchivedLedger> {
  const { pool, door } = storehouse;
  const { ledgerFiles } = door;
  if (ledgerFiles === undefined) throw new Error("this storehouse has no folder for old months");
  const held = await pool.connect();
  try {
    const { rows } = await held.query<{ held: boolean }>(`select pg_try_advisory_lock(${BigInt(archiveLock)}) as held`);
    if (rows[0]?.held !== true) return { isOurs: false, files: [] };
    try {
      return { isOurs: true, files: await makeFiles(storehouse, ledgerFiles, options) };
    } catch (error) {
      if (error instanceof CannotArchive) await tellFailure(storehouse, options.principal, error);
      throw error;
    } finally {
      await held.query(`select pg_advisory_unlock(${BigInt(archiveLock)})`).catch(() => undefined);
    }
  } finally {
    held.release();
  }
}

type LedgerFiles = NonNullable<Storehouse["door"]["ledgerFiles"]>;

async function makeFiles(storehouse: Storehouse, ledgerFiles: LedgerFiles, options: ArchiveOptions): Promise<ArchivedLedger["files"]> {
  const { pool } = storehouse;
  const { folder, clear } = ledgerFiles;
  const { onStep, signal } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) if (name.endsWith(".klz.part")) await rm(join(folder, name), { force: true });

  const files: ArchivedLedger["files"][number][] = [];
  const end = async (archive: Archive): Promise<void> => {
    await untilBound(storehouse, archive, signal);
    await onStep?.("sequenced", archive.file);
    await clear(archive.archiveNo);
    files.push({ file: archive.file, events: archive.eventCount, bytes: archive.bytes });
    await onStep?.("cleared", archive.file);
  };
  for (const archive of (await listArchives(pool)).filter(({ isCleared }) => !isCleared)) {
    // Bound by a run that did not come to its end. Whatever became of the file since: the rows are all there.
    if ((await hashArchiveFile(archive))?.equals(archive.sha256) !== true) {
      const again = await writeArchive(pool, archive, folder);
      if (!again.sha256.equals(archive.sha256)) throw new CannotArchive("the file is not what the ledger says", archive.lowest);
    }
    await checkArchive(pool, archive);
    await end(archive);
  }
  await options.catchUp?.();
  for (;;) {
    signal?.throwIfAborted();
    // What counts and packs the events reads them where they stand.
    const upTo = Math.min(await findPackedUpTo(pool), await countedTo({ query: async (text) => (await pool.query(text)).rows }));
    const plan = await planArchive(pool, { before: options.before, upTo, ...(options.atMost !== undefined && { atMost: options.atMost }) });
    if (plan === undefined) return files;
    const archive = await writeArchive(pool, plan, folder);
    await onStep?.("written", archive.file);
    await checkArchive(pool, archive);
    await onStep?.("checked", archive.file);
    await actAs(storehouse, options.principal, "ledger.archived", randomUUID(), async ({ db, journal, now }) => {
      await insertArchive(queryOver(db), archive, now);
      for (const [key, fact] of Object.entries(archiveFacts(archive))) journal.fact(key, fact);
    });
    await onStep?.("bound", archive.file);
    await end(archive);
  }
}

async function untilBound({ pool }: Storehouse, archive: Archive, signal: AbortSignal | undefined): Promise<void> {
  for (let waited = 0; !(await isBound(pool, archive)); waited += 200) {
    signal?.throwIfAborted();
    if (waited >= sequencePatienceMs) throw new Error("the ledger's sequencer stands still");
    await wait(200);
  }
}

async function tellFailure(storehouse: Storehouse, principal: "system" | "console", { message, eventNo }: CannotArchive): Promise<void> {
  await actAs(storehouse, principal, "ledger.archive-failed", randomUUID(), async ({ journal }) => {
    journal.fact("what", message);
    journal.fact("eventNo", eventNo);
    journal.fact("alarm", true);
  });
}
