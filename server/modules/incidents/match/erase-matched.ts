import type { Context } from "#server/core/door/index.ts";

/** What was written of somebody dies with the person; which row it was, and what was decided, stays by number. */
export async function eraseMatched({ db }: Context, customerNo: number): Promise<void> {
  await db.query("update incident_match_rows set sealed_listed = null, keys = '{}' where $1 = any(candidates) or $1 = any(chosen)", [customerNo]);
}
