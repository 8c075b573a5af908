import type { Context } from "#server/core/door/index.ts";
import type { ConsignorPack, PackState } from "#shared/incident-consignors.ts";
import { Problem } from "#shared/problems.ts";

export interface PackRow {
  readonly pack_no: number;
  readonly incident_no: number;
  readonly company_no: number;
  readonly draft_no: number;
  readonly version: number;
  readonly scope_no: number;
  readonly has_possible: boolean;
  readonly confirmed: readonly number[];
  readonly possible: readonly number[];
  readonly people_hash: Buffer;
  readonly state: PackState;
  readonly made_at: Date;
  readonly request_no: number | null;
  readonly approved_by: number | null;
  readonly approved_at: Date | null;
  readonly sealed_password: Buffer;
  readonly sent_on: string | null;
  readonly sent_how: ConsignorPack["sentHow"];
  readonly sent_by: number | null;
  readonly sealed_receipt: Buffer | null;
  readonly is_drill: boolean;
}

const columns = `p.pack_no, p.incident_no, p.company_no, p.draft_no, d.version, p.scope_no, p.has_possible, p.confirmed, p.possible, p.people_hash, p.state, p.made_at,
  p.request_no, p.approved_by, p.approved_at, p.sealed_password, p.sent_on::text as sent_on, p.sent_how, p.sent_by, p.sealed_receipt, i.is_drill`;
const joined = "incident_consignor_packs p join incident_drafts d using (draft_no) join incidents i on i.incident_no = p.incident_no";

type Reading = Pick<Context, "db">;

/** @throws Problem not-found */
export async function findPack({ db }: Reading, packNo: number, isHeld = false): Promise<PackRow> {
  const [row] = await db.query<PackRow>(`select ${columns} from ${joined} where p.pack_no = $1${isHeld ? " for update of p" : ""}`, [packNo]);
  if (row === undefined) throw new Problem("not-found");
  return row;
}

/** Of an incident, newest first. */
export function packsOf({ db }: Reading, incidentNo: number): Promise<PackRow[]> {
  return db.query<PackRow>(`select ${columns} from ${joined} where p.incident_no = $1 order by p.pack_no desc`, [incidentNo]);
}

/** What the event of every act on a pack says. */
export function notePack({ journal }: Pick<Context, "journal">, row: Pick<PackRow, "incident_no" | "pack_no" | "company_no" | "is_drill">): void {
  journal.fact("incidentNo", row.incident_no);
  journal.fact("packNo", row.pack_no);
  journal.fact("companyNo", row.company_no);
  if (row.is_drill) journal.fact("isDrill", true);
  journal.touched("incident", row.incident_no);
  journal.touched("company", row.company_no);
}
