import { awaitDestroyers, type Context, type Draft, type Hold, type Input } from "#server/core/door/index.ts";
import { hasVerb } from "#server/core/access/compile.ts";
import { requestApproval, type ApprovalKind, type ApprovalRequest } from "#server/modules/approvals/index.ts";
import { customerFor } from "#server/modules/customers/index.ts";
import { findIncident, hashOfText, noteIncident, scopeColumns, sealIncidentText, type ScopeRow } from "#server/modules/incidents/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { holdOfCustomer as shownEndpoint, liftHold as liftEndpoint, placeHold as endpoint } from "#shared/evidence.ts";
import { Problem } from "#shared/problems.ts";
import { keptSince } from "./follow-scope.ts";
import { addMembers, addPersons, everyNumber, existingLists, namedIn, personsIn } from "./hold-members.ts";

/** The holds of evidence (see Hold). Of a person it does not matter under which number the hold was placed. */
export const evidenceHold: Hold = async (context, kind, nos) => {
  const [standing] = await context.db.query("select 1 from evidence_holds where lifted_at is null limit 1");
  if (standing === undefined) return new Set();
  const since = await keptSince(context, kind);
  const personOf = kind === "customer" ? await everyNumber(context, nos) : new Map(nos.map((no) => [no, no]));
  const rows = await context.db.query<{ no: number }>(
    "select distinct m.no from evidence_hold_members m join evidence_holds h using (hold_no) where m.kind = $1 and m.no = any($2) and h.lifted_at is null",
    [kind, [...personOf.keys()]],
  );
  const held = new Set([...rows.map(({ no }) => no), ...since].map((no) => personOf.get(no)));
  held.delete(undefined);
  return new Set(nos.filter((no) => held.has(personOf.get(no))));
};

/**
 * Places a hold. It stands from the end of this act on: whatever was being destroyed has been, and is not counted. Whom later runs of the
 * scope name, or who is moved, is held as well (follow-scope.ts).
 * @throws Problem not-found; invalid-input {field: "runNo"} for nothing to hold
 */
export async function placeHold(context: Context, { params, body }: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { db, journal, actor, now } = context;
  const incident = await findIncident(context, params.incidentNo, true);
  await awaitDestroyers(context);
  const scope = body.runNo === undefined ? undefined : await scopeOf(context, incident.incident_no, body.runNo);
  const persons = scope === undefined ? [] : await personsIn(context, scope, body.tiers);
  const named = (kind: "list" | "import"): number[] => (scope === undefined || !body.withCauses ? [] : namedIn(scope, kind));
  const listNos = await existingLists(context, [...body.listNos, ...named("list")]);
  // An import is seen by whoever made it alone; a number that nobody has keeps nothing.
  const importNos = [...new Set([...body.importNos, ...named("import")])].toSorted((a, b) => a - b);
  if (persons.length === 0 && listNos.length === 0 && importNos.length === 0 && !body.withLedger) throw new Problem("invalid-input", { field: "runNo" });
  const begins = scope?.causes.map(({ from }) => from) ?? [incident.known_at.toISOString()];
  const ledgerFrom = !body.withLedger || begins.includes(undefined) ? null : new Date(Math.min(...begins.map((from) => Date.parse(from as string))));
  const ledgerTo = body.withLedger ? now : null;
  const sealed = sealIncidentText(context, incident.incident_no, { reason: body.reason });
  const [row] = await db.query<{ hold_no: number }>(
    `insert into evidence_holds (incident_no, scope_no, tiers, persons, ledger_from, ledger_to, placed_by, placed_at, sealed_reason, with_causes, followed_run,
       followed_runs, followed_moves, followed_fails)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $2, 1, (select count(*) from incident_scope_moves where incident_no = $1),
       (select count(*) from incident_scopes where incident_no = $1 and scope_no = $2 and verification = 'fails')) returning hold_no`,
    [
      incident.incident_no,
      scope?.scope_no ?? null,
      scope === undefined ? [] : body.tiers,
      persons.length,
      ledgerFrom,
      ledgerTo,
      actor.accountNo,
      now,
      sealed,
      body.withCauses,
    ],
  );
  const holdNo = (row as { hold_no: number }).hold_no;
  await addPersons(context, holdNo, persons);
  await addMembers(context, holdNo, "list", listNos);
  await addMembers(context, holdNo, "import", importNos);
  noteIncident(context, incident);
  journal.fact("holdNo", holdNo);
  journal.fact("runNo", scope?.scope_no ?? null);
  journal.fact("tiers", scope === undefined ? [] : body.tiers);
  journal.fact("persons", persons.length);
  journal.fact("lists", listNos);
  journal.fact("imports", importNos);
  journal.fact("ledgerFrom", ledgerFrom?.toISOString() ?? null);
  journal.fact("ledgerTo", ledgerTo?.toISOString() ?? null);
  journal.fact("hash", hashOfText(sealed));
  return { holdNo, persons: persons.length, lists: listNos.length, imports: importNos.length };
}

async function scopeOf({ db }: Context, incidentNo: number, runNo: number): Promise<ScopeRow> {
  const [row] = await db.query<ScopeRow>(`select ${scopeColumns} from incident_scopes where scope_no = $1 and incident_no = $2`, [runNo, incidentNo]);
  if (row === undefined) throw new Problem("not-found");
  return row;
}

/** Asks a second person. @throws Problem not-found; conflict {reason: "hold-lifted"}; awaits-approval */
export async function liftHold(context: Context, { params, body }: Input<typeof liftEndpoint>): Promise<Draft<ReplyOf<typeof liftEndpoint>>> {
  const { db, journal } = context;
  const [row] = await db.query<{ incident_no: number; persons: number; lifted_at: Date | null; request_no: number | null }>(
    "select incident_no, persons, lifted_at, request_no from evidence_holds where hold_no = $1 for update",
    [params.holdNo],
  );
  if (row === undefined) throw new Problem("not-found");
  if (row.lifted_at !== null) throw new Problem("conflict", { reason: "hold-lifted" });
  const [waiting] = await db.query("select 1 from approvals where request_no = $1 and state = 'waiting'", [row.request_no]);
  if (waiting !== undefined) throw new Problem("awaits-approval", { state: "waiting" });
  const { requestNo } = await requestApproval(context, {
    kind: "hold-lift",
    facts: { persons: row.persons, incidentNo: row.incident_no, holdNo: params.holdNo },
    reason: body.reason,
  });
  await db.query("update evidence_holds set request_no = $2 where hold_no = $1", [params.holdNo, requestNo]);
  journal.fact("incidentNo", row.incident_no);
  journal.fact("holdNo", params.holdNo);
  journal.touched("incident", row.incident_no);
  return { requestNo };
}

/**
 * The second person's word: from its end on the hold does not stand any more. A hold that grew since it was asked about, or is about to,
 * is asked about anew: nobody lets go of people of whom they did not read. @throws Problem conflict {reason: "hold-lifted" | "hold-grew"}
 */
export const holdLiftApproval: ApprovalKind = {
  kind: "hold-lift",
  async approved(context, request) {
    const { db, journal, actor, now } = context;
    const holdNo = holdNoOf(request);
    const [asked] = await db.query<{ incident_no: number }>("select incident_no from evidence_holds where hold_no = $1", [holdNo]);
    // A run of the scope that is being kept, and a move that is being made, end first.
    if (asked !== undefined) await findIncident(context, asked.incident_no, true);
    const [row] = await db.query<{ incident_no: number; persons: number; lifted_at: Date | null }>(
      "select incident_no, persons, lifted_at from evidence_holds where hold_no = $1 for update",
      [holdNo],
    );
    if (row === undefined || row.lifted_at !== null) throw new Problem("conflict", { reason: "hold-lifted" });
    const behind = await db.query("select from evidence_holds_behind where hold_no = $1", [holdNo]);
    if (behind.length > 0 || row.persons !== request.facts.persons) throw new Problem("conflict", { reason: "hold-grew" });
    await db.query("update evidence_holds set lifted_by = $2, lifted_at = $3 where hold_no = $1", [holdNo, actor.accountNo, now]);
    journal.fact("incidentNo", row.incident_no);
    journal.fact("holdNo", holdNo);
  },
};

function holdNoOf(request: ApprovalRequest): number {
  return Number(request.facts["holdNo"]);
}

/** Whether a customer is held: for those whose acts it stops, and nobody else. @throws Problem not-found */
export async function holdOfCustomer(context: Context, { params }: Input<typeof shownEndpoint>): Promise<Draft<ReplyOf<typeof shownEndpoint>>> {
  const { customerNo } = await customerFor(context, params.customerNo);
  const { rights } = context.actor;
  const keeps = hasVerb(rights, "keep-evidence");
  if (!keeps && !hasVerb(rights, "delete") && !hasVerb(rights, "answer-person")) return { isHeld: false, since: null, incidentNos: [] };
  const numbers = [...(await everyNumber(context, [customerNo])).keys()];
  const rows = await context.db.query<{ incident_no: number; placed_at: Date }>(
    `select distinct h.incident_no, h.placed_at from evidence_hold_members m join evidence_holds h using (hold_no)
      where m.kind = 'customer' and m.no = any($1) and h.lifted_at is null order by h.placed_at`,
    [numbers],
  );
  return {
    isHeld: rows.length > 0,
    since: rows[0]?.placed_at.toISOString() ?? null,
    incidentNos: keeps ? [...new Set(rows.map((row) => row.incident_no))] : [],
  };
}
