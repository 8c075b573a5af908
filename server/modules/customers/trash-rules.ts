import { hasVerb } from "#server/core/access/compile.ts";
import { loadPolicy, rightsOf } from "#server/core/access/policy.ts";
import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import type { changeTrashRules as changeEndpoint } from "#shared/trash.ts";
import { tableOf, type HashedKind } from "./list-hashed-rows.ts";

/** `days` until what lies in the trash may be disposed of; `alone`: how many one person may send there within 24 hours. */
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

/** What is left of the term of rows that lie in the trash, by their numbers; within the caller's scope. */
export async function trashTerms(context: Pick<Context, "db" | "now">, kind: HashedKind, numbers: readonly number[]): Promise<Map<number, number>> {
  const rows = await context.db.query<{ no: number; trashed_at: Date; days: number }>(
    `select t.${kind}_no as no, t.trashed_at, o.trash_days as days from ${tableOf[kind]} t, organisation o
      where t.${kind}_no = any($1) and t.state = 'trashed' and t.trashed_at is not null`,
    [numbers],
    `trash-terms-${kind}`,
  );
  return new Map(rows.map((row) => [row.no, daysLeft(row.trashed_at, row.days, context.now)]));
}

const dayMs = 86_400_000;

/** Whole days until the term is over, 0 from then on. */
export function daysLeft(trashedAt: Date, days: number, now: Date): number {
  return Math.max(0, Math.ceil((trashedAt.getTime() + days * dayMs - now.getTime()) / dayMs));
}
