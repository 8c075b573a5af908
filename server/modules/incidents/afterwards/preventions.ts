import { hasVerb } from "#server/core/access/compile.ts";
import { queryOver, SealedText, type Context, type Draft, type Handle, type Input } from "#server/core/door/index.ts";
import { listEvents } from "#server/core/ledger/index.ts";
import { dayInJapan } from "#shared/day-in-japan.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as contract from "#shared/incident-afterwards.ts";
import { Problem } from "#shared/problems.ts";
import { findIncident, findOpenIncident, noteIncident } from "../case/incident-records.ts";
import { hashOfText, sealIncidentText } from "../case/seal-incident-text.ts";

interface PreventionRow {
  readonly prevention_no: number;
  readonly incident_no: number;
  readonly owner_no: number;
  readonly due_on: string;
  readonly state: contract.PreventionState;
  readonly done_by: number | null;
  readonly done_at: Date | null;
  readonly proven_by: number | null;
  readonly proven_at: Date | null;
  readonly proof_way: contract.ProofWay | null;
  readonly proof_event: number | null;
  readonly reminders: number;
  readonly version: number;
  readonly sealed_what: Buffer;
  readonly sealed_note: Buffer | null;
  readonly sealed_evidence: Buffer | null;
  readonly sealed_reason: Buffer | null;
}

const columns =
  "prevention_no, incident_no, owner_no, due_on, state, done_by, done_at, proven_by, proven_at, proof_way, proof_event, reminders, version, sealed_what, sealed_note, sealed_evidence, sealed_reason";

/** A text of a prevention: for its owner, and for whoever handles incidents. */
function textOf(row: PreventionRow, blob: Buffer | null, label: string): Handle {
  return blob === null ? null : new SealedText({ kind: "incident", no: row.incident_no }, blob, label, { authorNo: row.owner_no, orVerb: "handle-incidents" });
}

function preventionOf(row: PreventionRow): Draft<contract.Prevention> {
  return {
    preventionNo: row.prevention_no,
    incidentNo: row.incident_no,
    what: textOf(row, row.sealed_what, "what"),
    ownerNo: row.owner_no,
    dueOn: row.due_on,
    state: row.state,
    version: row.version,
    reminders: row.reminders,
    done: row.done_at === null ? null : { at: row.done_at.toISOString(), by: row.done_by, note: textOf(row, row.sealed_note, "note") },
    proof:
      row.proven_at === null || row.proof_way === null
        ? null
        : {
            at: row.proven_at.toISOString(),
            by: row.proven_by,
            how: row.proof_way,
            evidence: textOf(row, row.sealed_evidence, "evidence"),
            eventNo: row.proof_event,
          },
    reason: textOf(row, row.sealed_reason, "reason"),
  };
}

/** The preventions of an incident: those that are still to be proven first, by their day. */
export async function preventionsOf({ db }: Pick<Context, "db">, incidentNo: number): Promise<Draft<contract.Prevention>[]> {
  const rows = await db.query<PreventionRow>(
    `select ${columns} from incident_preventions where incident_no = $1 order by state in ('proven', 'dropped'), due_on, prevention_no`,
    [incidentNo],
  );
  return rows.map(preventionOf);
}

/** How many preventions of an incident are not proven yet: it is not closed before. */
export async function countUnproven({ db }: Pick<Context, "db">, incidentNo: number): Promise<number> {
  const [row] = await db.query<{ open: number }>(
    "select count(*)::integer as open from incident_preventions where incident_no = $1 and state in ('planned', 'done')",
    [incidentNo],
  );
  return row?.open ?? 0;
}

export async function listPreventions(
  context: Context,
  input: Input<typeof contract.listPreventions>,
): Promise<Draft<ReplyOf<typeof contract.listPreventions>>> {
  const incident = await findIncident(context, input.params.incidentNo);
  noteIncident(context, incident);
  return { preventions: await preventionsOf(context, incident.incident_no) };
}

/** @throws Problem invalid-input {field: "ownerNo"}: there is no such active account */
async function demandActive({ db }: Pick<Context, "db">, accountNo: number): Promise<void> {
  if ((await db.query("select from accounts where account_no = $1 and state = 'active'", [accountNo])).length === 0) {
    throw new Problem("invalid-input", { field: "ownerNo" });
  }
}

/** @throws Problem not-found, conflict {reason: "incident-closed"}, invalid-input {field: "ownerNo"}, card-number */
export async function addPrevention(context: Context, { params, body }: Input<typeof contract.addPrevention>): Promise<{ preventionNo: number }> {
  const { db, actor, now, journal } = context;
  const incident = await findOpenIncident(context, params.incidentNo);
  await demandActive(context, body.ownerNo);
  const sealed = sealIncidentText(context, incident.incident_no, { what: body.what });
  const [row] = await db.query<{ prevention_no: number }>(
    "insert into incident_preventions (incident_no, owner_no, due_on, made_by, made_at, sealed_what) values ($1, $2, $3, $4, $5, $6) returning prevention_no",
    [incident.incident_no, body.ownerNo, body.dueOn, actor.accountNo, now, sealed],
  );
  const preventionNo = row?.prevention_no as number;
  noteIncident(context, incident);
  journal.touched("account", body.ownerNo);
  journal.fact("preventionNo", preventionNo);
  journal.fact("ownerNo", body.ownerNo);
  journal.fact("dueOn", body.dueOn);
  journal.fact("hash", hashOfText(sealed));
  return { preventionNo };
}

/** A prevention that is to be changed. @throws Problem not-found, conflict {version} */
async function heldPrevention(
  { db }: Pick<Context, "db">,
  given: { readonly preventionNo: number; readonly version: number; readonly incidentNo?: number },
): Promise<PreventionRow> {
  const [row] = await db.query<PreventionRow>(`select ${columns} from incident_preventions where prevention_no = $1 for update`, [given.preventionNo]);
  if (row === undefined || (given.incidentNo !== undefined && row.incident_no !== given.incidentNo)) throw new Problem("not-found");
  if (row.version !== given.version) throw new Problem("conflict", { version: row.version });
  return row;
}

/**
 * @throws Problem not-found, conflict {version}, conflict {reason: "incident-closed" | "prevention-settled"}, invalid-input {field}: of `state`
 *   without a reason, of `ownerNo`; card-number
 */
export async function changePrevention(context: Context, { params, body }: Input<typeof contract.changePrevention>): Promise<{ version: number }> {
  const { db, journal } = context;
  const incident = await findOpenIncident(context, params.incidentNo);
  const row = await heldPrevention(context, { ...params, version: body.version });
  const isSettled = row.state === "proven" || row.state === "dropped";
  // What was proven or given up is taken up again before it is changed.
  if (isSettled && body.state !== "planned") throw new Problem("conflict", { reason: "prevention-settled" });
  if (body.state !== undefined && body.reason === undefined) throw new Problem("invalid-input", { field: "reason" });
  if (body.ownerNo !== undefined) await demandActive(context, body.ownerNo);
  const what = body.what === undefined ? row.sealed_what : sealIncidentText(context, row.incident_no, { what: body.what });
  const reason = body.reason === undefined ? row.sealed_reason : sealIncidentText(context, row.incident_no, { reason: body.reason });
  const isBack = body.state === "planned";
  await db.query(
    `update incident_preventions
        set owner_no = $2, due_on = $3, state = $4, sealed_what = $5, sealed_reason = $6, version = version + 1,
            reminded_on = case when due_on = $3 then reminded_on end,
            done_by = case when $7 then null else done_by end, done_at = case when $7 then null else done_at end,
            proven_by = case when $7 then null else proven_by end, proven_at = case when $7 then null else proven_at end,
            proof_way = case when $7 then null else proof_way end, proof_event = case when $7 then null else proof_event end
      where prevention_no = $1`,
    [row.prevention_no, body.ownerNo ?? row.owner_no, body.dueOn ?? row.due_on, body.state ?? row.state, what, reason, isBack],
  );
  noteIncident(context, incident);
  journal.fact("preventionNo", row.prevention_no);
  if (body.state !== undefined) journal.fact("state", body.state);
  if (body.dueOn !== undefined) journal.fact("dueOn", body.dueOn);
  if (body.ownerNo !== undefined) {
    journal.fact("ownerNo", body.ownerNo);
    journal.touched("account", body.ownerNo);
  }
  if (body.what !== undefined) journal.fact("hash", hashOfText(what));
  if (body.reason !== undefined && reason !== null) journal.fact("reasonHash", hashOfText(reason));
  return { version: row.version + 1 };
}

/**
 * Its owner says that it is done, or whoever handles incidents does.
 * @throws Problem not-found also for somebody else's; conflict {version}, conflict {reason: "prevention-not-planned"}, card-number
 */
export async function carryOutPrevention(context: Context, { params, body }: Input<typeof contract.carryOutPrevention>): Promise<{ version: number }> {
  const { db, actor, now, journal } = context;
  const [found] = await db.query<{ owner_no: number }>("select owner_no from incident_preventions where prevention_no = $1", [params.preventionNo]);
  if (found === undefined || (found.owner_no !== actor.accountNo && !hasVerb(actor.rights, "handle-incidents"))) throw new Problem("not-found");
  const row = await heldPrevention(context, { ...params, version: body.version });
  if (row.state !== "planned") throw new Problem("conflict", { reason: "prevention-not-planned" });
  const note = sealIncidentText(context, row.incident_no, { note: body.note });
  await db.query(
    "update incident_preventions set state = 'done', done_by = $2, done_at = $3, sealed_note = $4, version = version + 1 where prevention_no = $1",
    [row.prevention_no, actor.accountNo, now, note],
  );
  noteIncident(context, await findIncident(context, row.incident_no));
  journal.fact("preventionNo", row.prevention_no);
  journal.fact("hash", hashOfText(note));
  return { version: row.version + 1 };
}

/**
 * Says that it works, and by what that is known. Never whoever carried it out.
 * @throws Problem not-found, conflict {version}, conflict {reason: "incident-closed" | "prevention-not-done" | "own-prevention"},
 *   invalid-input {field: "eventNo"}: the ledger has no such event; card-number
 */
export async function provePrevention(context: Context, { params, body }: Input<typeof contract.provePrevention>): Promise<{ version: number }> {
  const { db, actor, now, journal } = context;
  const incident = await findOpenIncident(context, params.incidentNo);
  const row = await heldPrevention(context, { ...params, version: body.version });
  if (row.state !== "done") throw new Problem("conflict", { reason: "prevention-not-done" });
  if (row.done_by === actor.accountNo) throw new Problem("conflict", { reason: "own-prevention" });
  if (body.eventNo !== undefined && (await listEvents(queryOver(db), { eventNos: [body.eventNo], limit: 1 })).events.length === 0) {
    throw new Problem("invalid-input", { field: "eventNo" });
  }
  const evidence = sealIncidentText(context, row.incident_no, { evidence: body.evidence });
  await db.query(
    `update incident_preventions set state = 'proven', proven_by = $2, proven_at = $3, proof_way = $4, proof_event = $5, sealed_evidence = $6, version = version + 1
      where prevention_no = $1`,
    [row.prevention_no, actor.accountNo, now, body.how, body.eventNo ?? null, evidence],
  );
  noteIncident(context, incident);
  journal.fact("preventionNo", row.prevention_no);
  journal.fact("how", body.how);
  if (body.eventNo !== undefined) journal.fact("proofEvent", body.eventNo);
  journal.fact("hash", hashOfText(evidence));
  return { version: row.version + 1 };
}

/** What is the caller's to carry out, by its day. */
export async function listOwnPreventions(context: Context): Promise<Draft<ReplyOf<typeof contract.listOwnPreventions>>> {
  const { db, actor, now, journal } = context;
  const rows = await db.query<PreventionRow>(
    `select ${columns} from incident_preventions where owner_no = $1 and state = 'planned' order by due_on, prevention_no limit 100`,
    [actor.accountNo],
  );
  journal.fact("preventions", rows.length);
  return {
    today: dayInJapan(now),
    preventions: rows.map((row) => ({
      preventionNo: row.prevention_no,
      incidentNo: row.incident_no,
      what: textOf(row, row.sealed_what, "what"),
      dueOn: row.due_on,
      version: row.version,
      reminders: row.reminders,
      reason: textOf(row, row.sealed_reason, "reason"),
    })),
  };
}
