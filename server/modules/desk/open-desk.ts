import { sealText, type Context, type Input } from "#server/core/door/index.ts";
import { followTerm, inviteForTerm } from "#server/modules/accounts/index.ts";
import { findOpenIncident, stateFacts } from "#server/modules/incidents/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import {
  longestTermDays,
  type changeDeskPolicy as policyEndpoint,
  type closeDesk as closeEndpoint,
  type inviteOperators as inviteEndpoint,
  type openDesk as openEndpoint,
  type releaseOperator as releaseEndpoint,
  type setOperatorTerm as termEndpoint,
} from "#shared/desk.ts";
import { Problem } from "#shared/problems.ts";
import { findDesk, noteDesk, type DeskRow } from "./desk-records.ts";

const dayMs = 86_400_000;

function termOf({ now }: Context, until: string): Date {
  const end = new Date(until);
  if (end <= now || end.getTime() > now.getTime() + longestTermDays * dayMs) throw new Problem("invalid-input", { field: "until" });
  return end;
}

/** A desk that is open. @throws Problem not-found, conflict {reason: "desk-closed"} */
async function openDeskOf(context: Context, incidentNo: number): Promise<DeskRow> {
  const desk = await findDesk(context, incidentNo);
  if (desk === undefined) throw new Problem("not-found");
  if (desk.closed_at !== null) throw new Problem("conflict", { reason: "desk-closed" });
  return desk;
}

async function addOperators(context: Context, incidentNo: number, given: Input<typeof inviteEndpoint>["body"]): Promise<ReplyOf<typeof inviteEndpoint>> {
  const { db, actor, now, journal } = context;
  const until = termOf(context, given.until);
  const invitations = await inviteForTerm(context, { invite: given.invite, accountNos: given.accountNos, until });
  const numbers = [...new Set([...invitations.map(({ accountNo }) => accountNo), ...given.accountNos])];
  await db.query(
    `insert into desk_operators (incident_no, account_no, ends_at, added_by, added_at) select $1, unnest($2::integer[]), $3, $4, $5
     on conflict (incident_no, account_no) do update set ends_at = excluded.ends_at, added_by = excluded.added_by, added_at = excluded.added_at`,
    [incidentNo, numbers, until, actor.accountNo, now],
  );
  journal.fact("operators", numbers);
  journal.fact("until", until.toISOString());
  return { invitations };
}

/**
 * Opens the desk of an incident, or one that was closed again: what stands on the papers is stated as facts, and operators come with a
 * term. @throws Problem not-found, conflict, invalid-input, not-ready {reason: "desk-role"}
 */
export async function openDesk(context: Context, { params, body }: Input<typeof openEndpoint>): Promise<ReplyOf<typeof openEndpoint>> {
  const { db, actor, now } = context;
  const incident = await findOpenIncident(context, params.incidentNo);
  const desk = await findDesk(context, incident.incident_no);
  if (desk !== undefined && desk.closed_at === null) throw new Problem("conflict", { reason: "desk-open" });
  await db.query(
    `insert into desks (incident_no, opened_by, opened_at) values ($1, $2, $3)
     on conflict (incident_no) do update set opened_by = excluded.opened_by, opened_at = excluded.opened_at, closed_by = null, closed_at = null`,
    [incident.incident_no, actor.accountNo, now],
  );
  const stated = (["name", "phone", "mail", "hours", "page"] as const).flatMap((key) =>
    body[key] === "" ? [] : [{ key: `desk.${key}`, value: body[key], certainty: "confirmed" as const, source: "窓口の開設" }],
  );
  await stateFacts(context, incident.incident_no, stated);
  const reply = await addOperators(context, incident.incident_no, body);
  noteDesk(context, incident);
  return reply;
}

/** @throws Problem as {@link openDesk} */
export async function inviteOperators(context: Context, { params, body }: Input<typeof inviteEndpoint>): Promise<ReplyOf<typeof inviteEndpoint>> {
  const desk = await openDeskOf(context, params.incidentNo);
  if (body.invite.length + body.accountNos.length === 0) throw new Problem("invalid-input", { field: "invite" });
  const reply = await addOperators(context, desk.incident_no, body);
  noteDesk(context, desk);
  return reply;
}

/** Sets an account's term to that of the desk at which it serves longest; whoever does something else by now, or nothing, is left as they are. */
async function followTerms(context: Context, accountNo: number): Promise<void> {
  const [row] = await context.db.query<{ until: Date | null }>(
    `select max(o.ends_at) as until from desk_operators o join desks d using (incident_no) where o.account_no = $1 and d.closed_at is null`,
    [accountNo],
  );
  await followTerm(context, accountNo, row?.until ?? context.now);
}

/** @throws Problem not-found for who is no operator of this desk, invalid-input {field: "until"} */
export async function setOperatorTerm(context: Context, { params, body }: Input<typeof termEndpoint>): Promise<ReplyOf<typeof termEndpoint>> {
  const desk = await openDeskOf(context, params.incidentNo);
  const until = body.until === null ? context.now : termOf(context, body.until);
  const changed = await context.db.query("update desk_operators set ends_at = $3 where incident_no = $1 and account_no = $2 returning account_no", [
    desk.incident_no,
    params.accountNo,
    until,
  ]);
  if (changed.length === 0) throw new Problem("not-found");
  await followTerms(context, params.accountNo);
  noteDesk(context, desk);
  context.journal.fact("accountNo", params.accountNo);
  context.journal.fact("until", until.toISOString());
  return { endsAt: until.toISOString() };
}

/** @throws Problem not-found for whose looks are not stopped */
export async function releaseOperator(context: Context, { params, body }: Input<typeof releaseEndpoint>): Promise<Record<never, never>> {
  const { db, door, journal, actor, now } = context;
  const desk = await findDesk(context, params.incidentNo);
  if (desk === undefined) throw new Problem("not-found");
  const reason = sealText(door.vault, { kind: "incident", no: desk.incident_no }, "internal", 1, { reason: body.reason });
  const released = await db.query(
    "update desk_stops set released_at = $2, released_by = $3, sealed_reason = $4 where account_no = $1 and released_at is null returning stop_no",
    [params.accountNo, now, actor.accountNo, reason],
  );
  if (released.length === 0) throw new Problem("not-found");
  noteDesk(context, desk);
  journal.fact("accountNo", params.accountNo);
  journal.touched("account", params.accountNo);
  journal.sealed({ label: "reason", subject: { kind: "incident", no: desk.incident_no }, fieldClass: "internal", blob: reason });
  return {};
}

/** @throws Problem not-found, conflict */
export async function closeDesk(context: Context, { params }: Input<typeof closeEndpoint>): Promise<Record<never, never>> {
  const { db, actor, now, journal } = context;
  const desk = await openDeskOf(context, params.incidentNo);
  await db.query("update desks set closed_by = $2, closed_at = $3 where incident_no = $1", [desk.incident_no, actor.accountNo, now]);
  const ended = await db.query<{ account_no: number }>("update desk_operators set ends_at = $2 where incident_no = $1 and ends_at > $2 returning account_no", [
    desk.incident_no,
    now,
  ]);
  for (const { account_no: accountNo } of ended) await followTerms(context, accountNo);
  noteDesk(context, desk);
  journal.fact(
    "operators",
    ended.map((row) => row.account_no),
  );
  return {};
}

export async function changeDeskPolicy(context: Context, { body }: Input<typeof policyEndpoint>): Promise<ReplyOf<typeof policyEndpoint>> {
  await context.db.query("update desk_policy set most_failed = $1, most_persons = $2, most_failed_of_person = $3", [
    body.mostFailed,
    body.mostPersons,
    body.mostFailedOfPerson,
  ]);
  for (const key of ["mostFailed", "mostPersons", "mostFailedOfPerson"] as const) context.journal.fact(key, body[key]);
  return body;
}
