import { sealText, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { moveScopePeople as endpoint } from "#shared/incident-scope.ts";
import { Problem } from "#shared/problems.ts";
import { findOpenIncident } from "../case/incident-records.ts";
import { takeOutOfNotices } from "../notices/still-told.ts";
import { movesOf, scopeFor, standingIn, summaryOf, tiersOfScope } from "./scope-records.ts";

/** Moves people to another tier; what was computed stays beside it. @throws Problem not-found; conflict {reason: "incident-closed"}; invalid-input {field: "customerNos"} for who did not exist then */
export async function moveScopePeople(context: Context, { params, body }: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { db, journal, door, actor, now } = context;
  await findOpenIncident(context, params.incidentNo);
  const row = await scopeFor(context, params.incidentNo, params.runNo);
  const standing = standingIn(row, await tiersOfScope(context, row.scope_no), new Map());
  const persons = [...new Set(body.customerNos)].toSorted((a, b) => a - b);
  if (persons.some((no) => standing.computedTier(no) === undefined)) throw new Problem("invalid-input", { field: "customerNos" });
  const subject = { kind: "incident", no: params.incidentNo } as const;
  await db.query(
    "insert into incident_scope_moves (incident_no, scope_no, persons, tier, moved_by, moved_at, sealed_reason) values ($1, $2, $3, $4, $5, $6, $7)",
    [params.incidentNo, row.scope_no, persons, body.tier, actor.accountNo, now, sealText(door.vault, subject, "personal", 1, { reason: body.reason })],
  );
  journal.fact("incidentNo", params.incidentNo);
  journal.fact("runNo", params.runNo);
  journal.fact("tier", body.tier);
  journal.fact("people", persons.length);
  const outOfNotices = await takeOutOfNotices(context, params.incidentNo, persons);
  if (outOfNotices > 0) journal.fact("outOfNotices", outOfNotices);
  for (const no of persons) journal.touched("customer", no);
  return { ...(await summaryOf(context, row, await movesOf(context, params.incidentNo))), outOfNotices };
}
