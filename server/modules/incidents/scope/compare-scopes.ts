import type { Context, Draft, Input } from "#server/core/door/index.ts";
import { canonicalJson } from "#server/core/ledger/canonical-json.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { scopeTiers, type compareScopes as endpoint, type scopeChangeReasons, type ScopeTier } from "#shared/incident-scope.ts";
import { scopeFor, standingIn, tiersOfScope, type ScopeRow } from "./scope-records.ts";
import { personIn, type Tiers } from "./tiers.ts";

type Reason = (typeof scopeChangeReasons)[number];
const mostNumbers = 1_000;

/** Whose computed tier differs between two runs of an incident, and why. @throws Problem not-found */
export async function compareScopes(context: Context, { params, body }: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const [now, then] = [await scopeFor(context, params.incidentNo, params.runNo), await scopeFor(context, params.incidentNo, body.otherRunNo)];
  const [later, earlier] = [await tiersOfScope(context, now.scope_no), await tiersOfScope(context, then.scope_no)];
  const [after, before] = [standingIn(now, later, new Map()), standingIn(then, earlier, new Map())];
  const touched = mergedOtherwise(later, earlier);
  const changes = new Map<string, { from: ScopeTier | null; to: ScopeTier | null; reason: Reason; people: number; customerNos: number[] }>();
  for (const no of new Set([...earlier.existed, ...later.existed])) {
    const [from, to] = [before.computedTier(no) ?? null, after.computedTier(no) ?? null];
    if (from === to) continue;
    const isMerged = touched.has(no);
    const hasNewEvents = (personIn(later, no)?.lastEvent ?? 0) > then.as_of_event;
    const reason: Reason = isMerged ? "merge" : from === null && to === "excluded" ? "new-person" : hasNewEvents ? "new-events" : "causes";
    const key = `${from} ${to} ${reason}`;
    const change = changes.get(key) ?? { from, to, reason, people: 0, customerNos: [] };
    changes.set(key, change);
    change.people += 1;
    if (change.customerNos.length < mostNumbers) change.customerNos.push(no);
  }
  const found = [...changes.values()].toSorted((a, b) => placeOf(a.to) - placeOf(b.to) || placeOf(a.from) - placeOf(b.from) || b.people - a.people);
  context.journal.fact("incidentNo", params.incidentNo);
  context.journal.fact("runNo", params.runNo);
  context.journal.fact("otherRunNo", body.otherRunNo);
  context.journal.fact(
    "changed",
    found.reduce((sum, change) => sum + change.people, 0),
  );
  return { changes: found, causesAdded: causesOnlyIn(now, then), causesRemoved: causesOnlyIn(then, now) };
}

const placeOf = (tier: ScopeTier | null): number => (tier === null ? scopeTiers.length : scopeTiers.indexOf(tier));

function causesOnlyIn(run: ScopeRow, other: ScopeRow) {
  const keyOf = (cause: ScopeRow["causes"][number]): string => canonicalJson(JSON.parse(JSON.stringify(cause)));
  const others = new Set(other.causes.map(keyOf));
  return run.causes.filter((cause) => !others.has(keyOf(cause)));
}

/** Numbers that stand for another person in one of the runs than in the other, and the persons for whom they stand. */
function mergedOtherwise(later: Tiers, earlier: Tiers): Set<number> {
  const found = new Set<number>();
  for (const [one, other] of [
    [later, earlier],
    [earlier, later],
  ] as const) {
    for (const [no, kept] of one.merged) {
      if (other.merged.get(no) === kept) continue;
      found.add(no);
      found.add(kept);
    }
  }
  return found;
}
