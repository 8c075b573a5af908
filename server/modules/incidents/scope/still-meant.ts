import { queryOver, type Context } from "#server/core/door/index.ts";
import { keptFor, numbersMergedInto } from "#server/modules/customers/index.ts";
import type { ScopeTier } from "#shared/incident-scope.ts";
import { Problem } from "#shared/problems.ts";
import { movesOf, scopeColumns, standingIn, tiersOfScope, type ScopeRow } from "./scope-records.ts";

/**
 * Nobody is told of a leak that is not theirs: each of these people stands in one of the tiers yet, by the newest run and after every move.
 * Call it with the incident held. Numbers alone.
 * @throws Problem conflict {reason: "people-moved", people: how many do not}
 */
export async function demandStillMeant(
  context: Pick<Context, "db">,
  incidentNo: number,
  people: readonly number[],
  tiers: readonly ScopeTier[],
): Promise<void> {
  const { length: moved } = await noMoreMeant(context, { incidentNo }, people, tiers);
  if (moved > 0) throw new Problem("conflict", { reason: "people-moved", people: moved });
}

/** Which of these people stand in none of the tiers any more, by one run or by the newest, and after every move. */
export async function noMoreMeant(
  context: Pick<Context, "db">,
  { incidentNo, runNo }: { readonly incidentNo: number; readonly runNo?: number },
  people: readonly number[],
  tiers: readonly ScopeTier[],
): Promise<number[]> {
  const [scope] = await context.db.query<ScopeRow>(
    `select ${scopeColumns} from incident_scopes where incident_no = $1 and scope_no = coalesce($2, scope_no) order by scope_no desc limit 1`,
    [incidentNo, runNo ?? null],
  );
  if (scope === undefined || people.length === 0) return [];
  const packed = await tiersOfScope(context, scope.scope_no);
  const standing = standingIn(scope, packed, await movesOf(context, incidentNo));
  const query = queryOver(context.db);
  const kept = await keptFor(query, "customer", people);
  // Every number of each of them: the scope may name one that was merged since.
  const numbers = await numbersMergedInto(query, "customer", [...new Set(kept.values())]);
  const meant = new Set<number>();
  for (const [no, person] of numbers) {
    const tier = standing.tierOf(no);
    if (tier !== undefined && tiers.includes(tier)) meant.add(person);
  }
  return people.filter((no) => !meant.has(kept.get(no) ?? no));
}
