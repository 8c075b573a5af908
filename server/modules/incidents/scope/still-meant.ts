import { queryOver, type Context } from "#server/core/door/index.ts";
import { keptFor } from "#server/modules/customers/index.ts";
import type { ScopeTier } from "#shared/incident-scope.ts";
import { Problem } from "#shared/problems.ts";
import { numbersIn } from "./list-people.ts";
import { movesOf, scopeColumns, standingIn, tiersOfScope, type ScopeRow } from "./scope-records.ts";

/**
 * Nobody is told of a leak that is not theirs: each of these people stands in one of the tiers yet, by the newest run and after every move.
 * Call it with the incident held. Numbers alone.
 * @throws Problem conflict {reason: "people-moved", people: how many do not}
 */
export async function demandStillMeant(...given: Parameters<typeof noMoreMeant>): Promise<void> {
  const { length: moved } = await noMoreMeant(...given);
  if (moved > 0) throw new Problem("conflict", { reason: "people-moved", people: moved });
}

/** Which of these people stand in none of the tiers any more. */
export async function noMoreMeant(context: Pick<Context, "db">, incidentNo: number, people: readonly number[], tiers: readonly ScopeTier[]): Promise<number[]> {
  const [scope] = await context.db.query<ScopeRow>(`select ${scopeColumns} from incident_scopes where incident_no = $1 order by scope_no desc limit 1`, [
    incidentNo,
  ]);
  if (scope === undefined || people.length === 0) return [];
  const packed = await tiersOfScope(context, scope.scope_no);
  const standing = standingIn(scope, packed, await movesOf(context, incidentNo));
  const found = tiers.flatMap((tier) => numbersIn(packed, standing, tier));
  const query = queryOver(context.db);
  const kept = await keptFor(query, "customer", [...new Set([...found, ...people])]);
  const meant = new Set(found.map((no) => kept.get(no) ?? no));
  return people.filter((no) => !meant.has(kept.get(no) ?? no));
}
