import { randomUUID } from "node:crypto";
import { actAs, type Storehouse } from "#server/core/door/index.ts";
import type { ScopeSummary } from "#shared/incident-scope.ts";
import { computeScope, type ScopeQuestion } from "./compute-scope.ts";
import { groundOf, keepScope, type ScopeHouse } from "./run-scope.ts";

/** A run for the command line, with an incident or without: numbers alone. @throws Problem not-found, invalid-input {field} */
export async function runScopeFor(storehouse: Storehouse, house: ScopeHouse, incidentNo: number | null, question: ScopeQuestion): Promise<ScopeSummary> {
  return actAs(storehouse, "console", "incident.scoped", randomUUID(), async (context) => {
    const begun = performance.now();
    const computed = await computeScope({ ...(await groundOf(storehouse, house)), policy: context.policy }, question);
    return keepScope(context, { incidentNo, question, computed, tookMs: Math.round(performance.now() - begun) });
  });
}
