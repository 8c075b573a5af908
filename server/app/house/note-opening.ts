import type { Context } from "#server/core/door/index.ts";
import { queryOver } from "#server/core/door/index.ts";
import { listEvents } from "#server/core/ledger/index.ts";
import { Problem } from "#shared/problems.ts";
import { findUncleanEnds } from "./run-presence.ts";
import { leastStepMs } from "./watch-clocks.ts";

/** A migration as the database remembers it. */
export interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  /** Of its SQL, hexadecimal. */
  readonly sha256: string;
}

/** Says in the event of an opening what the ledger tells of the time before it: runs without an end, and a clock that went back. */
export async function noteWhatWentBefore({ db, journal }: Context, wall: Date | undefined): Promise<void> {
  const query = queryOver(db);
  const last = (await listEvents(query, { isRecent: true, limit: 1 })).events[0];
  if (last === undefined) return;
  const behindMs = wall === undefined ? 0 : last.at.getTime() - wall.getTime();
  if (behindMs >= leastStepMs) journal.fact("clockBehindMs", behindMs);
  const unclean = await findUncleanEnds(query);
  if (unclean.length > 0) {
    journal.fact(
      "uncleanEnds",
      unclean.map(({ run }) => run),
    );
    journal.fact("lastRecordedAt", last.at.toISOString());
  }
}

/**
 * Those migrations that no event names yet: applied by this start, or by one that ended before it could say so. None where a file
 * of old months cannot be read: the storehouse opens all the same, and a later start says it.
 */
export async function unrecordedMigrations(query: Parameters<typeof listEvents>[0], applied: readonly AppliedMigration[]): Promise<AppliedMigration[]> {
  try {
    return await findUnrecorded(query, applied);
  } catch (error) {
    if (error instanceof Problem && error.code === "ledger-file-unreadable") return [];
    throw error;
  }
}

async function findUnrecorded(query: Parameters<typeof listEvents>[0], applied: readonly AppliedMigration[]): Promise<AppliedMigration[]> {
  const named = new Set<number>();
  for (let before: number | undefined; ;) {
    const page = await listEvents(query, { types: ["storehouse.migrated"], limit: 100, before });
    for (const { facts } of page.events) for (const { number } of facts["migrations"] as unknown as readonly AppliedMigration[]) named.add(number);
    if (page.nextBefore === null) break;
    before = page.nextBefore;
  }
  return applied.filter(({ number }) => !named.has(number));
}
