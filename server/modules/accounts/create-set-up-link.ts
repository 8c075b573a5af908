import type { Context } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import { issueInvitation } from "./invitations.ts";

/**
 * A one-time token for the set-up link that the terminal shows: good for 24 hours, older unused ones are void. Event
 * `set-up-link.created`.
 * @throws Problem conflict when the organisation was set up already
 */
export async function createSetUpLink(context: Context): Promise<string> {
  const [organisation] = await context.db.query<{ set_up_at: Date | null }>("select set_up_at from organisation for update");
  if (organisation?.set_up_at !== null) throw new Problem("conflict", { reason: "already-set-up" });
  return issueInvitation(context, null, "console");
}

/** Whether nobody has set up the organisation yet. */
export async function awaitsSetUp(db: Context["db"]): Promise<boolean> {
  const [organisation] = await db.query<{ set_up_at: Date | null }>("select set_up_at from organisation");
  return organisation?.set_up_at === null;
}
