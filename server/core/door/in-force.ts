import { hasVerb } from "#server/core/access/compile.ts";
import type { Actor } from "#server/core/context/context.ts";
import { Problem } from "#shared/problems.ts";
import type { Route } from "./route.ts";
import type { Storehouse } from "./storehouse.ts";

/** What is in force over the whole storehouse, as bits: nothing leaves as a file, nothing is changed, nobody is served. */
export const exportsHeld = 1;
export const readOnly = 2;
export const stopped = 4;

/** Those whom a stop of the whole service does not shut out: they end it. */
export function isHandler(actor: Pick<Actor, "rights">): boolean {
  return hasVerb(actor.rights, "take-measures") || hasVerb(actor.rights, "handle-incidents");
}

export function takesOut(route: Pick<Route, "endpoint" | "takesOut">): boolean {
  return route.endpoint.replyKind === "file" || route.takesOut === true;
}

/** @throws Problem service-stopped, read-only, exports-held */
export function demandInForce(route: Pick<Route, "endpoint" | "mode" | "takesOut" | "exempt">, actor: Actor, inForce: number): void {
  if (inForce === 0) {
    return;
  }
  const { exempt = [] } = route;
  if ((inForce & stopped) !== 0 && !exempt.includes("stopped") && !isHandler(actor)) {
    throw new Problem("service-stopped");
  }
  if ((inForce & readOnly) !== 0 && route.mode === "write" && !exempt.includes("read-only")) {
    throw new Problem("read-only");
  }
  if ((inForce & exportsHeld) !== 0 && takesOut(route) && !exempt.includes("exports-held")) {
    throw new Problem("exports-held");
  }
}

/**
 * What was allowed when a request came in is asked again when its file is about to leave, however long it took to make: a hold,
 * a cut session or a freeze that came meanwhile stops it.
 * @throws Problem exports-held, service-stopped, not-signed-in
 */
export async function demandStillInForce(query: Pick<Storehouse["pool"], "query">, route: Route, actor: Actor, now: Date): Promise<void> {
  const { rows } = await query.query<{ in_force: number; is_in: boolean }>(
    `select in_force_at(o, $2) as in_force,
            $1::uuid is null or exists (select from sessions s join accounts a using (account_no)
                                         where s.session_id = $1 and s.revoked_at is null and a.state = 'active' and a.frozen_until <= $2 and a.served_until > $2) as is_in
       from organisation o`,
    [actor.sessionId, now],
  );
  const [row] = rows;
  if (row?.is_in !== true) {
    throw new Problem("not-signed-in");
  }
  demandInForce(route, actor, row.in_force);
}
