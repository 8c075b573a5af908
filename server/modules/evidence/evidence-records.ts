import { SealedText, type Context, type Draft, type Handle } from "#server/core/door/index.ts";
import type { CustodyAct, CustodyEntry, EvidenceHold, EvidenceItem, EvidenceKind, EvidenceSnapshot, snapshotReasons } from "#shared/evidence.ts";
import { Problem } from "#shared/problems.ts";

type Reading = Pick<Context, "db">;

export interface ItemRow {
  readonly item_no: number;
  readonly incident_no: number;
  readonly snapshot_no: number | null;
  readonly kind: EvidenceKind;
  readonly bytes: number;
  readonly parts: number;
  readonly sha256: Buffer;
  readonly taken_by: number | null;
  readonly taken_at: Date;
  readonly sealed_name: Buffer | null;
}

export const itemColumns = "item_no, incident_no, snapshot_no, kind, bytes::float8 as bytes, parts, sha256, taken_by, taken_at, sealed_name";

export interface CustodyRow {
  readonly custody_no: number;
  readonly item_no: number;
  readonly act: CustodyAct;
  readonly acted_by: number | null;
  readonly acted_at: Date;
  readonly receipt: string | null;
  readonly holds: boolean | null;
  readonly found_at: Date | null;
  readonly sealed_texts: Buffer | null;
}

const custodyColumns = "custody_no, item_no, act, acted_by, acted_at, receipt, holds, found_at, sealed_texts";

/** @throws Problem not-found */
export async function itemFor({ db }: Reading, itemNo: number): Promise<ItemRow> {
  const [row] = await db.query<ItemRow>(`select ${itemColumns} from evidence_items where item_no = $1`, [itemNo]);
  if (row === undefined) throw new Problem("not-found");
  return row;
}

export async function itemsOf({ db }: Reading, incidentNo: number): Promise<ItemRow[]> {
  return db.query<ItemRow>(`select ${itemColumns} from evidence_items where incident_no = $1 order by item_no`, [incidentNo]);
}

/** What happened to these items, in the order in which it did. */
export async function custodyOf({ db }: Reading, itemNos: readonly number[]): Promise<CustodyRow[]> {
  return db.query<CustodyRow>(`select ${custodyColumns} from evidence_custody where item_no = any($1) order by custody_no`, [itemNos]);
}

/** The items of an incident, each with what happened to it. */
export async function itemsWithCustody(reading: Reading, incidentNo: number): Promise<{ readonly item: ItemRow; readonly custody: readonly CustodyRow[] }[]> {
  const items = await itemsOf(reading, incidentNo);
  const rows = await custodyOf(
    reading,
    items.map((item) => item.item_no),
  );
  const byItem = Map.groupBy(rows, (row) => row.item_no);
  return items.map((item) => ({ item, custody: byItem.get(item.item_no) ?? [] }));
}

/** What an item is, in numbers, codes, times and its hash. */
export function itemFacts(row: ItemRow) {
  return {
    itemNo: row.item_no,
    snapshotNo: row.snapshot_no,
    kind: row.kind,
    bytes: row.bytes,
    sha256: row.sha256.toString("hex"),
    takenBy: row.taken_by,
    takenAt: row.taken_at.toISOString(),
  };
}

/** What was done with an item, without what was typed. */
export function custodyFacts(row: CustodyRow) {
  return {
    custodyNo: row.custody_no,
    itemNo: row.item_no,
    act: row.act,
    by: row.acted_by,
    at: row.acted_at.toISOString(),
    receipt: row.receipt,
    holds: row.holds,
  };
}

/** What was typed about evidence, for whoever keeps evidence. */
function textOf(incidentNo: number, blob: Buffer | null, label: string): Handle {
  return blob === null ? null : new SealedText({ kind: "incident", no: incidentNo }, blob, label, { authorNo: null, orVerb: "keep-evidence" });
}

export function itemOut(row: ItemRow, custody: readonly CustodyRow[]): Draft<EvidenceItem> {
  const verified = custody.findLast(({ act }) => act === "verified");
  return {
    ...itemFacts(row),
    fileName: textOf(row.incident_no, row.sealed_name, "fileName"),
    acts: custody.length,
    verified: verified === undefined ? null : { at: verified.acted_at.toISOString(), holds: verified.holds === true },
  };
}

export function custodyOut(incidentNo: number, row: CustodyRow): Draft<CustodyEntry> {
  return {
    ...custodyFacts(row),
    foundAt: row.found_at?.toISOString() ?? null,
    source: textOf(incidentNo, row.sealed_texts, "source"),
    finder: textOf(incidentNo, row.sealed_texts, "finder"),
    to: textOf(incidentNo, row.sealed_texts, "to"),
    purpose: textOf(incidentNo, row.sealed_texts, "purpose"),
    note: textOf(incidentNo, row.sealed_texts, "note"),
  };
}

export interface SnapshotRow {
  readonly snapshot_no: number;
  readonly incident_no: number;
  readonly scope_no: number | null;
  readonly because: (typeof snapshotReasons)[number];
  readonly draft_no: number | null;
  readonly asked_by: number | null;
  readonly asked_at: Date;
  readonly taken_at: Date | null;
  readonly hash: Buffer | null;
}

export const snapshotColumns = "snapshot_no, incident_no, scope_no, because, draft_no, asked_by, asked_at, taken_at, hash";

export function snapshotOut(row: SnapshotRow): EvidenceSnapshot {
  return {
    snapshotNo: row.snapshot_no,
    runNo: row.scope_no,
    because: row.because,
    draftNo: row.draft_no,
    askedBy: row.asked_by,
    askedAt: row.asked_at.toISOString(),
    takenAt: row.taken_at?.toISOString() ?? null,
    hash: row.hash?.toString("hex") ?? null,
  };
}

interface HoldRow {
  readonly hold_no: number;
  readonly scope_no: number | null;
  readonly tiers: readonly string[];
  readonly persons: number;
  readonly followed_run: number | null;
  readonly is_behind: boolean;
  readonly lists: number;
  readonly imports: number;
  readonly ledger_from: Date | null;
  readonly ledger_to: Date | null;
  readonly placed_by: number | null;
  readonly placed_at: Date;
  readonly sealed_reason: Buffer;
  readonly waiting: number | null;
  readonly lifted_by: number | null;
  readonly lifted_at: Date | null;
}

/** Holds of an incident, newest first. */
export async function holdsOf({ db }: Reading, incidentNo: number): Promise<Draft<EvidenceHold>[]> {
  const rows = await db.query<HoldRow>(
    `select hold_no, scope_no, followed_run, tiers, persons, ledger_from, ledger_to, placed_by, placed_at, sealed_reason, lifted_by, lifted_at,
       exists (select from evidence_holds_behind b where b.hold_no = h.hold_no) as is_behind,
       (select count(*)::integer from evidence_hold_members m where m.hold_no = h.hold_no and m.kind = 'list') as lists,
       (select count(*)::integer from evidence_hold_members m where m.hold_no = h.hold_no and m.kind = 'import') as imports,
       (select a.request_no from approvals a where a.request_no = h.request_no and a.state = 'waiting') as waiting
     from evidence_holds h where incident_no = $1 order by hold_no desc`,
    [incidentNo],
  );
  return rows.map((row) => ({
    holdNo: row.hold_no,
    runNo: row.scope_no,
    followedRun: row.followed_run,
    isBehind: row.is_behind,
    tiers: [...row.tiers],
    persons: row.persons,
    lists: row.lists,
    imports: row.imports,
    ledgerFrom: row.ledger_from?.toISOString() ?? null,
    ledgerTo: row.ledger_to?.toISOString() ?? null,
    placedBy: row.placed_by,
    placedAt: row.placed_at.toISOString(),
    reason: textOf(incidentNo, row.sealed_reason, "reason"),
    requestNo: row.waiting,
    liftedBy: row.lifted_by,
    liftedAt: row.lifted_at?.toISOString() ?? null,
  }));
}

/** What the event of every act on an item says. */
export function noteItem({ journal }: Pick<Context, "journal">, row: Pick<ItemRow, "incident_no" | "item_no">): void {
  journal.fact("incidentNo", row.incident_no);
  journal.fact("itemNo", row.item_no);
  journal.touched("incident", row.incident_no);
}
