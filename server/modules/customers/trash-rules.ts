import { hasVerb } from "#server/core/access/compile.ts";
import { loadPolicy, rightsOf } from "#server/core/access/policy.ts";
import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import type { changeTrashRules as changeEndpoint } from "#shared/trash.ts";

/** `days` until what lies in the trash may be disposed of; `alone`: how many one person may send there at once. */
export interface TrashRules {
  readonly days: number;
  readonly alone: number;
}

export async function trashRules(context: Pick<Context, "db">): Promise<TrashRules> {
  const [row] = await context.db.query<TrashRules>("select trash_days as days, bulk_trash_limit as alone from organisation", [], "trash-rules");
  return row as TrashRules;
}

/** Changes the rules; what the caller may do is asked again of the policy as it stands now. */
export async function changeTrashRules(context: Context, input: Input<typeof changeEndpoint>): Promise<Draft<ReplyOf<typeof changeEndpoint>>> {
  const { db, actor, journal } = context;
  await db.query("select one from organisation for update");
  if (actor.principal === "account" && !hasVerb(rightsOf(await loadPolicy(db), actor.accountNo), "manage-fields")) {
    throw new Problem("not-permitted", { verb: "manage-fields" });
  }
  const { days, alone } = input.body;
  const former = await trashRules(context);
  await db.query("update organisation set trash_days = $1, bulk_trash_limit = $2", [days, alone]);
  journal.fact("former", { days: former.days, alone: former.alone });
  journal.fact("rules", { days, alone });
  return { days, alone };
}

const dayMs = 86_400_000;

/** Whole days until the term is over, 0 from then on. */
export function daysLeft(trashedAt: Date, days: number, now: Date): number {
  return Math.max(0, Math.ceil((trashedAt.getTime() + days * dayMs - now.getTime()) / dayMs));
}
