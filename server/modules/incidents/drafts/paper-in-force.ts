import type { Context } from "#server/core/door/index.ts";
import type { PaperKey } from "#shared/incident-papers.ts";
import type { Verb } from "#shared/rights.ts";
import { isUnchanged } from "./draft-hash.ts";
import { draftColumns, openPieces, type DraftRow, type OutPiece } from "./draft-records.ts";

export interface PaperInForce {
  readonly draftNo: number;
  readonly version: number;
  readonly approvedAt: string;
  readonly approvedBy: number | null;
  readonly sections: readonly {
    readonly key: string;
    readonly title: string | null;
    readonly entries: readonly { readonly key: string; readonly label: string | null; readonly pieces: readonly OutPiece[] }[];
  }[];
}

/** The newest version of a paper that was approved, as whoever has `verb` reads it; null before the first, and where its content was changed since. */
export async function paperInForce(context: Context, incidentNo: number, paper: PaperKey, verb: Verb): Promise<PaperInForce | null> {
  const [row] = await context.db.query<DraftRow>(
    `select ${draftColumns} from incident_drafts where incident_no = $1 and paper = $2 and state = 'approved' order by version desc limit 1`,
    [incidentNo, paper],
  );
  if (row === undefined || row.approved_at === null || !isUnchanged(row)) return null;
  const sections = row.content.sections.map((section) => ({ ...section, entries: section.entries.filter((entry) => !entry.isInternal) }));
  const open = await openPieces(
    context,
    sections.flatMap((section) => section.entries),
    verb,
  );
  return {
    draftNo: row.draft_no,
    version: row.version,
    approvedAt: row.approved_at.toISOString(),
    approvedBy: row.approved_by,
    sections: sections.map(({ key, title, entries }) => ({
      key,
      title,
      entries: entries.map((entry) => ({ key: entry.key, label: entry.label, pieces: open(entry.pieces) })),
    })),
  };
}
