import { SealedText, type Context, type Handle } from "#server/core/door/index.ts";
import type { DraftHead, DraftState } from "#shared/incident-drafts.ts";
import type { PaperKey } from "#shared/incident-papers.ts";
import { Problem } from "#shared/problems.ts";
import type { Verb } from "#shared/rights.ts";
import { findIncident } from "../case/incident-records.ts";
import type { Entry, Paper, Piece } from "./paper.ts";

export interface DraftRow {
  readonly draft_no: number;
  readonly incident_no: number;
  readonly paper: PaperKey;
  readonly version: number;
  readonly content: Paper;
  readonly content_hash: Buffer;
  readonly changed: readonly string[];
  readonly scope_no: number | null;
  readonly overall: DraftHead["overall"];
  readonly made_by: number | null;
  readonly made_at: Date;
  readonly state: DraftState;
  readonly request_no: number | null;
  readonly approved_by: number | null;
  readonly approved_at: Date | null;
}

export const draftColumns =
  "draft_no, incident_no, paper, version, content, content_hash, changed, scope_no, overall, made_by, made_at, state, request_no, approved_by, approved_at";

export function headOfDraft(row: DraftRow): DraftHead {
  return {
    draftNo: row.draft_no,
    incidentNo: row.incident_no,
    paper: row.paper,
    version: row.version,
    state: row.state,
    overall: row.overall,
    runNo: row.scope_no,
    changed: row.changed.length,
    madeAt: row.made_at.toISOString(),
    madeBy: row.made_by,
    requestNo: row.request_no,
    approvedBy: row.approved_by,
    approvedAt: row.approved_at?.toISOString() ?? null,
    hash: row.content_hash.toString("hex"),
  };
}

/** @throws Problem not-found */
export async function findDraft(context: Pick<Context, "db">, draftNo: number, isHeld = false): Promise<DraftRow> {
  const [row] = await context.db.query<DraftRow>(`select ${draftColumns} from incident_drafts where draft_no = $1${isHeld ? " for update" : ""}`, [draftNo]);
  if (row === undefined) throw new Problem("not-found");
  return row;
}

/**
 * A version that is judged or changed: it and its incident are held until the end of the transaction, the incident first, as whoever writes
 * another version holds it. What comes next sees the other's end, never its middle. @throws Problem not-found
 */
export async function holdDraft(context: Pick<Context, "db">, draftNo: number): Promise<DraftRow> {
  const { incident_no: incidentNo } = await findDraft(context, draftNo);
  await findIncident(context, incidentNo, true);
  return findDraft(context, draftNo, true);
}

/** All versions of an incident's papers, or of one, newest first. */
export async function draftsOf(context: Pick<Context, "db">, incidentNo: number, paper: PaperKey | null = null): Promise<DraftRow[]> {
  return context.db.query<DraftRow>(
    `select ${draftColumns} from incident_drafts where incident_no = $1 and ($2::text is null or paper = $2) order by draft_no desc`,
    [incidentNo, paper],
  );
}

/** The version before. */
export async function formerDraft(context: Pick<Context, "db">, row: DraftRow): Promise<DraftRow | undefined> {
  const [former] = await context.db.query<DraftRow>(
    `select ${draftColumns} from incident_drafts where incident_no = $1 and paper = $2 and version < $3 order by version desc limit 1`,
    [row.incident_no, row.paper, row.version],
  );
  return former;
}

/** Words of one's own, the last of each passage that has some. */
export async function passagesOf(context: Pick<Context, "db">, incidentNo: number): Promise<ReadonlyMap<PaperKey, ReadonlyMap<string, number>>> {
  const rows = await context.db.query<{ passage_no: number; paper: PaperKey; key: string }>(
    `select passage_no, paper, key from (
       select distinct on (paper, key) passage_no, paper, key, sealed_text from incident_passages where incident_no = $1 order by paper, key, passage_no desc
     ) last where sealed_text is not null`,
    [incidentNo],
  );
  const ofPaper = new Map<PaperKey, Map<string, number>>();
  for (const row of rows) {
    const ofKey = ofPaper.get(row.paper) ?? new Map<string, number>();
    ofPaper.set(row.paper, ofKey.set(row.key, row.passage_no));
  }
  return ofPaper;
}

/** What event of every act on a version says. */
export function noteDraft(context: Pick<Context, "journal">, row: DraftRow): void {
  const { journal } = context;
  journal.fact("incidentNo", row.incident_no);
  journal.fact("draftNo", row.draft_no);
  journal.fact("paper", row.paper);
  journal.fact("version", row.version);
  journal.fact("hash", row.content_hash.toString("hex"));
  journal.touched("incident", row.incident_no);
}

export type OutPiece = { readonly kind: "plain"; readonly text: string } | { readonly kind: "typed"; readonly text: Handle };

/** Puts handles in the places where somebody typed; whoever has `verb` reads them. */
export async function openPieces(
  context: Pick<Context, "db">,
  entries: readonly Pick<Entry, "pieces">[],
  verb: Verb,
): Promise<(pieces: readonly Piece[]) => OutPiece[]> {
  const all = entries.flatMap((entry) => entry.pieces);
  const numbers = (kind: Piece["kind"]): number[] => [...new Set(all.flatMap((piece) => (piece.kind === kind && piece.kind !== "plain" ? [piece.no] : [])))];
  const read = async (kind: "fact" | "note" | "passage", sql: string, label: string): Promise<(readonly [string, Handle])[]> => {
    const nos = numbers(kind);
    if (nos.length === 0) return [];
    const rows = await context.db.query<{ no: number; incident_no: number; sealed_text: Buffer | null }>(sql, [nos]);
    return rows.map((row) => [`${kind} ${row.no}`, handleOf(row.incident_no, row.sealed_text, label, verb)] as const);
  };
  const texts = new Map([
    ...(await read("fact", "select fact_no as no, incident_no, sealed_text from incident_facts where fact_no = any($1)", "value")),
    ...(await read("note", "select note_no as no, incident_no, sealed_text from incident_notes where note_no = any($1)", "text")),
    ...(await read("passage", "select passage_no as no, incident_no, sealed_text from incident_passages where passage_no = any($1)", "text")),
  ]);
  return (pieces) => pieces.map((piece) => (piece.kind === "plain" ? piece : { kind: "typed", text: texts.get(`${piece.kind} ${piece.no}`) ?? null }));
}

function handleOf(incidentNo: number, blob: Buffer | null, label: string, verb: Verb): Handle {
  return blob === null ? null : new SealedText({ kind: "incident", no: incidentNo }, blob, label, { authorNo: null, orVerb: verb });
}
