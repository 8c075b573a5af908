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
export async function demandStillMeant(
  context: Pick<Context, "db">,
  incidentNo: number,
  people: readonly number[],
  tiers: readonly ScopeTier[],
): Promise<void> {
  const [scope] = await context.db.query<ScopeRow>(`select ${scopeColumns} from incident_scopes where incident_no = $1 order by scope_no desc limit 1`, [
    incidentNo,
  ]);
  if (scope === undefined || people.length === 0) return;
  const packed = await tiersOfScope(context, scope.scope_no);
  const standing = standingIn(scope, packed, await movesOf(context, incidentNo));
  const found = tiers.flatMap((tier) => numbersIn(packed, standing, tier));
  const query = queryOver(context.db);
  const kept = await keptFor(query, "customer", [...new Set([...found, ...people])]);
  const meant = new Set(found.map((no) => kept.get(no) ?? no));
  const moved = people.filter((no) => !meant.has(kept.get(no) ?? no)).length;
  if (moved > 0) throw new Problem("conflict", { reason: "people-moved", people: moved });
}
