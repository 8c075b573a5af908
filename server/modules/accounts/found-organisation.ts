import type { Context } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import { voidInvitations } from "./invitations.ts";
import { makeRecoveryKey } from "./recovery-public-key.ts";

/**
 * Names the organisation, gives it a recovery key, and ends the time in which it can be set up. Of two at once one wins.
 * Returns the recovery key's text.
 * @throws Problem conflict when that was done before
 */
export async function foundOrganisation(context: Context, given: { name: string; combinedOffice: boolean }): Promise<string> {
  const { db, journal, now } = context;
  const founded = await db.query("update organisation set name = $1, combined_office = $2, set_up_at = $3 where set_up_at is null returning one", [
    given.name.trim(),
    given.combinedOffice,
    now,
  ]);
  if (founded.length === 0) throw new Problem("conflict", { reason: "already-set-up" });
  await voidInvitations(context, null);
  journal.fact("combinedOffice", given.combinedOffice);
  return makeRecoveryKey(context);
}
