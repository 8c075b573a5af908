import { Problem } from "#shared/problems.ts";
import type { Context } from "./context.ts";
import type { HeldKind } from "./declarations.ts";

/** "hold" in ASCII: placing a hold takes it alone, asking for holds shares it. */
const holdsLock = 0x686f6c64;

/**
 * All of `nos` on which some hold stands. To the end of the transaction no hold is placed: what is destroyed in it was held by
 * nobody, and a hold that was placed is seen by everything that begins to destroy after it.
 */
export async function heldAmong(context: Pick<Context, "db" | "door">, kind: HeldKind, nos: readonly number[]): Promise<Set<number>> {
  const held = new Set<number>();
  const holds = context.door.holds?.() ?? [];
  if (holds.length === 0 || nos.length === 0) return held;
  await context.db.query("select pg_advisory_xact_lock_shared($1)", [holdsLock]);
  for (const hold of holds) for (const no of await hold(context, kind, nos)) held.add(no);
  return held;
}

/** @throws Problem conflict {reason: "held"} when a hold stands on any of them */
export async function demandUnheld(context: Pick<Context, "db" | "door">, kind: HeldKind, nos: readonly number[]): Promise<void> {
  if ((await heldAmong(context, kind, nos)).size > 0) throw new Problem("conflict", { reason: "held" });
}

/** From here to the end of the transaction nothing is being destroyed that a hold could have kept. */
export async function awaitDestroyers({ db }: Pick<Context, "db">): Promise<void> {
  await db.query("select pg_advisory_xact_lock($1)", [holdsLock]);
}
