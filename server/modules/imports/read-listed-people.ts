import { Problem } from "#shared/problems.ts";
import { likeliestSheet, openTable, prepareRowPlan, previewTable, sourceOfBuffer, type ColumnGuess } from "./reading/index.ts";

/** What a list that somebody wrote down may say of a person, by field key. */
export const listedKeys = ["fullName", "kana", "companyName", "mail", "phone", "mobile", "address", "memberNumber", "birthDate"] as const;

/** A row of such a list, as it was written; nothing is held back for being misspelt. */
export interface ListedRow {
  readonly row: number;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Reads people out of an Excel, CSV or vCard file, or of text that was pasted: with a header or without one. The whole of it
 * stands in memory, as plain values: for examining at once and for nothing else.
 * @throws Problem file-unreadable; file-too-large beyond `most` rows
 */
export async function readListedPeople(bytes: Buffer, given: { readonly most: number; readonly today: string }): Promise<ListedRow[]> {
  const table = await openTable(sourceOfBuffer(bytes));
  try {
    const sheet = likeliestSheet(table);
    const preview = await previewTable(table, sheet);
    const columns = withName(preview.guesses).filter(({ field }) => field !== null && (listedKeys as readonly string[]).includes(field));
    if (columns.length === 0) throw new Problem("file-unreadable", { reason: "wrong-type" });
    const plan = prepareRowPlan({ headerRow: preview.headerRow, columns, today: given.today });
    const rows: ListedRow[] = [];
    for await (const batch of table.rows(sheet)) {
      for (const source of batch.rows) {
        const planned = plan(source);
        if (planned.kind === "skipped") continue;
        const values: Record<string, string> = { ...planned.values };
        // A telephone with a digit too few is still that of somebody.
        for (const { field, value } of planned.problems) if (field !== null && values[field] === undefined && value.trim() !== "") values[field] = value.trim();
        if (Object.keys(values).length === 0) continue;
        if (rows.length === given.most) throw new Problem("file-too-large", { mostRows: given.most });
        rows.push({ row: source.row, values });
      }
    }
    return rows;
  } finally {
    table.close();
  }
}

/** A column of names without a header looks like nothing in particular: then the first that nobody knows is that of names. */
function withName(guesses: readonly ColumnGuess[]): { column: number; field: string | null }[] {
  const columns = guesses.map(({ column, field }) => ({ column, field: field as string | null }));
  if (columns.some(({ field }) => field === "fullName" || field === "kana" || field === "companyName")) return columns;
  const first = columns.toSorted((a, b) => a.column - b.column).find(({ field }) => field === null || field === "owner");
  return columns.map((one) => (one === first ? { ...one, field: "fullName" } : one));
}
