import { KeyErased } from "#server/core/vault/blob.ts";
import { queryOver, SealedText, sealText, type Context, type Draft, type Handle, type Input } from "#server/core/door/index.ts";
import { keptFor, nameRecords } from "#server/modules/customers/index.ts";
import { holdsCardNumber } from "#shared/find-card-number.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { houseCosts, mostRedressAtOnce, type RedressKind, type RedressState } from "#shared/incident-afterwards.ts";
import type * as contract from "#shared/incident-afterwards.ts";
import type { ScopeTier } from "#shared/incident-scope.ts";
import { Problem } from "#shared/problems.ts";
import { findIncident, noteIncident } from "../case/incident-records.ts";
import { movesOf, scopeColumns, standingIn, tiersOfScope, type ScopeRow } from "../scope/scope-records.ts";

export const isHouseCost = (kind: RedressKind): boolean => (houseCosts as readonly string[]).includes(kind);

interface RedressRow {
  readonly redress_no: number;
  readonly customer_no: number | null;
  readonly kind: RedressKind;
  readonly amount: number;
  readonly state: RedressState;
  readonly on_day: string | null;
  readonly sealed_note: Buffer | null;
  readonly changed_by: number | null;
  readonly changed_at: Date;
  readonly version: number;
}

/** In which tier of the newest scope somebody stands, and who is in some; nobody before the first. */
interface People {
  readonly tierOf: (no: number) => ScopeTier | undefined;
  readonly inTiers: (tiers: readonly ScopeTier[]) => number[];
}

async function peopleOf(context: Pick<Context, "db">, incidentNo: number): Promise<People> {
  const [row] = await context.db.query<ScopeRow>(`select ${scopeColumns} from incident_scopes where incident_no = $1 order by scope_no desc limit 1`, [
    incidentNo,
  ]);
  if (row === undefined) return { tierOf: () => undefined, inTiers: () => [] };
  const tiers = await tiersOfScope(context, row.scope_no);
  const { tierOf } = standingIn(row, tiers, await movesOf(context, incidentNo));
  return {
    tierOf,
    inTiers: (wanted) =>
      Array.from(tiers.existed).filter((no) => {
        const tier = tierOf(no);
        return tier !== undefined && wanted.includes(tier);
      }),
  };
}

const subjectOf = (incidentNo: number, customerNo: number | null) =>
  customerNo === null ? ({ kind: "incident", no: incidentNo } as const) : ({ kind: "customer", no: customerNo } as const);

/** @throws Problem card-number; not-found for a person who was erased */
function sealNote(context: Context, incidentNo: number, customerNo: number | null, note: string): Buffer | null {
  if (note === "") return null;
  if (holdsCardNumber(note)) throw new Problem("card-number", { field: "note" });
  try {
    return sealText(context.door.vault, subjectOf(incidentNo, customerNo), "personal", 1, { note });
  } catch (error) {
    if (error instanceof KeyErased) throw new Problem("not-found");
    throw error;
  }
}

export async function listRedress(
  context: Context,
  { params, body }: Input<typeof contract.listRedress>,
): Promise<Draft<ReplyOf<typeof contract.listRedress>>> {
  const { db, journal } = context;
  const incident = await findIncident(context, params.incidentNo);
  const no = incident.incident_no;
  const wanted = "incident_no = $1 and ($2::text is null or kind = $2) and ($3::text is null or state = $3)";
  const asked = [no, body.kind ?? null, body.state ?? null];
  const [total] = await db.query<{ rows: number }>(`select count(*)::integer as rows from incident_redress where ${wanted}`, asked);
  const rows = await db.query<RedressRow>(
    `select redress_no, customer_no, kind, amount, state, on_day, sealed_note, changed_by, changed_at, version from incident_redress
      where ${wanted} order by customer_no is not null, kind, customer_no, redress_no offset $4 limit $5`,
    [...asked, body.offset, body.limit],
  );
  const numbers = rows.flatMap((row) => (row.customer_no === null ? [] : [row.customer_no]));
  const kept = await keptFor(queryOver(db), "customer", numbers);
  const { customers } = await nameRecords(context, { customers: [...new Set(kept.values())], companies: [] });
  const names = new Map(customers.map((one) => [one.no, one.name]));
  const { tierOf } = await peopleOf(context, no);
  noteIncident(context, incident);
  journal.fact("people", numbers.length);
  for (const customerNo of numbers) journal.touched("customer", customerNo);
  return {
    total: total?.rows ?? 0,
    entries: rows.map((row) => {
      const customerNo = row.customer_no === null ? null : (kept.get(row.customer_no) ?? row.customer_no);
      return {
        redressNo: row.redress_no,
        customerNo,
        name: customerNo === null ? null : (names.get(customerNo) ?? null),
        tier: customerNo === null ? null : (tierOf(customerNo) ?? null),
        kind: row.kind,
        amount: row.amount,
        state: row.state,
        onDay: row.on_day,
        note: noteOf(no, row),
        changedBy: row.changed_by,
        changedAt: row.changed_at.toISOString(),
        version: row.version,
      };
    }),
  };
}

function noteOf(incidentNo: number, row: RedressRow): Handle {
  return row.sealed_note === null
    ? null
    : new SealedText(subjectOf(incidentNo, row.customer_no), row.sealed_note, "note", { authorNo: row.changed_by, orVerb: "handle-incidents" });
}

/**
 * Enters something for people of the newest scope, at most {@link mostRedressAtOnce} at once: who has an entry of the kind keeps it, so
 * asking again goes on. Of a cost of the house, one entry.
 * @throws Problem not-found; invalid-input {field: "customerNos"} for nobody of the scope, {field: "tiers"} where neither is said,
 *   {field: "note"} for a note about several; card-number
 */
export async function addRedress(context: Context, { params, body }: Input<typeof contract.addRedress>): Promise<ReplyOf<typeof contract.addRedress>> {
  const { db, actor, now, journal } = context;
  const incident = await findIncident(context, params.incidentNo, true);
  const no = incident.incident_no;
  noteIncident(context, incident);
  for (const key of ["kind", "amount", "state"] as const) journal.fact(key, body[key]);
  const { isPersonal, numbers } = await meant(context, no, body);
  if (body.note !== "" && numbers.length > 1) throw new Problem("invalid-input", { field: "note" });
  const known = isPersonal ? await knownNumbers(context, no, body.kind) : new Set<number>();
  const missing = isPersonal ? numbers.filter((one) => !known.has(one)) : [];
  const next = missing.slice(0, mostRedressAtOnce);
  const note = sealNote(context, no, numbers[0] ?? null, body.note);
  const values = [no, body.kind, body.amount, body.state, body.onDay, note, actor.accountNo, now];
  await db.query(
    `insert into incident_redress (incident_no, kind, amount, state, on_day, sealed_note, changed_by, changed_at, customer_no)
     select $1, $2, $3, $4, $5, $6, $7, $8, no from unnest($9::integer[]) as no on conflict do nothing`,
    [...values, isPersonal ? next : [null]],
  );
  for (const customerNo of next) journal.touched("customer", customerNo);
  const counts = { added: isPersonal ? next.length : 1, known: numbers.length - missing.length, left: missing.length - next.length };
  for (const key of ["added", "known", "left"] as const) journal.fact(key, counts[key]);
  if (body.tiers !== undefined) journal.fact("tiers", body.tiers);
  return counts;
}

async function meant(
  context: Context,
  incidentNo: number,
  body: Input<typeof contract.addRedress>["body"],
): Promise<{ isPersonal: boolean; numbers: readonly number[] }> {
  if (isHouseCost(body.kind)) return { isPersonal: false, numbers: [] };
  const people = await peopleOf(context, incidentNo);
  if (body.customerNos !== undefined) {
    const kept = await keptFor(queryOver(context.db), "customer", body.customerNos);
    const numbers = [...new Set(kept.values())].toSorted((a, b) => a - b);
    if (numbers.some((one) => people.tierOf(one) === undefined)) throw new Problem("invalid-input", { field: "customerNos" });
    return { isPersonal: true, numbers };
  }
  if (body.tiers === undefined) throw new Problem("invalid-input", { field: "tiers" });
  return { isPersonal: true, numbers: people.inTiers(body.tiers) };
}

async function knownNumbers({ db }: Context, incidentNo: number, kind: RedressKind): Promise<Set<number>> {
  const rows = await db.query<{ customer_no: number }>(
    "select customer_no from incident_redress where incident_no = $1 and kind = $2 and customer_no is not null",
    [incidentNo, kind],
  );
  const kept = await keptFor(
    queryOver(db),
    "customer",
    rows.map((row) => row.customer_no),
  );
  return new Set([...kept].flat());
}

/** @throws Problem not-found; invalid-input {field: "redressNos"} where neither or both are said, {field: "note"} for a note on several; card-number */
export async function changeRedress(context: Context, { params, body }: Input<typeof contract.changeRedress>): Promise<ReplyOf<typeof contract.changeRedress>> {
  const { db, actor, now, journal } = context;
  const incident = await findIncident(context, params.incidentNo, true);
  const no = incident.incident_no;
  if ((body.redressNos === undefined) === (body.allOf === undefined)) throw new Problem("invalid-input", { field: "redressNos" });
  const rows = await db.query<{ redress_no: number; customer_no: number | null }>(
    `select redress_no, customer_no from incident_redress
      where incident_no = $1 and (redress_no = any($2) or (kind = $3 and state = $4)) order by redress_no limit ${mostRedressAtOnce} for update`,
    [no, body.redressNos ?? [], body.allOf?.kind ?? null, body.allOf?.state ?? null],
  );
  if (body.redressNos !== undefined && rows.length !== new Set(body.redressNos).size) throw new Problem("not-found");
  const [first] = rows;
  if (body.note !== undefined && (rows.length !== 1 || first === undefined)) throw new Problem("invalid-input", { field: "note" });
  const note = body.note === undefined || first === undefined ? null : sealNote(context, no, first.customer_no, body.note);
  await db.query(
    `update incident_redress
        set state = coalesce($2, state), amount = coalesce($3, amount), on_day = case when $4 then $5::date else on_day end,
            sealed_note = case when $6 then $7 else sealed_note end, changed_by = $8, changed_at = $9, version = version + 1
      where redress_no = any($1)`,
    [
      rows.map((row) => row.redress_no),
      body.state ?? null,
      body.amount ?? null,
      body.onDay !== undefined,
      body.onDay ?? null,
      body.note !== undefined,
      note,
      actor.accountNo,
      now,
    ],
  );
  noteIncident(context, incident);
  journal.fact("changed", rows.length);
  if (body.allOf !== undefined) {
    journal.fact("kind", body.allOf.kind);
    journal.fact("formerState", body.allOf.state);
  }
  if (body.state !== undefined) journal.fact("state", body.state);
  if (body.amount !== undefined) journal.fact("amount", body.amount);
  if (body.onDay !== undefined) journal.fact("onDay", body.onDay);
  for (const row of rows) if (row.customer_no !== null) journal.touched("customer", row.customer_no);
  return { changed: rows.length };
}

/** What was noted of somebody dies with the person; that something was done, and what it cost, stays by number. */
export async function eraseRedress({ db }: Context, customerNo: number): Promise<void> {
  await db.query("update incident_redress set sealed_note = null where customer_no = $1", [customerNo]);
}
