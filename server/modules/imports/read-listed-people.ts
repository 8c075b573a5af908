import { Problem } from "#shared/problems.ts";
import { likeliestSheet, openTable, prepareRowPlan, previewTable, sourceOfBuffer, type ColumnGuess, type PlannedRow } from "./reading/index.ts";

/** What a list that somebody wrote down may say of a person, by field key. */
export const listedKeys = ["fullName", "kana", "companyName", "mail", "phone", "mobile", "address", "memberNumber", "birthDate"] as const;

/** A row of such a list, as it was written; nothing is held back for being misspelt. */
export interface ListedRow {
  readonly row: number;
  readonly values: Readonly<Record<string, string>>;
}

/** The whole stands in memory: what a sheet of so many rows comes to is far less. */
const mostPartBytes = 128 * 1024 * 1024;
/** Rows beside people (titles, totals, notes) are looked at so often, and then it is no list of people. */
const mostOtherRows = 30_000;
/** Longer than any name, address or number. What is cut off tells nobody from anybody else. */
const longestValue = 200;

/**
 * Reads people out of an Excel, CSV or vCard file, or of text that was pasted: with a header or without one. The whole of it
 * stands in memory, as plain values: for examining at once and for nothing else.
 * @throws Problem file-unreadable; file-too-large beyond `most` rows
 */
export async function readListedPeople(bytes: Buffer, given: { readonly most: number; readonly today: string }): Promise<ListedRow[]> {
  const table = await openTable(sourceOfBuffer(bytes), mostPartBytes);
  try {
    const sheet = likeliestSheet(table);
    const preview = await previewTable(table, sheet);
    const columns = withName(preview.guesses).filter(({ field }) => field !== null && (listedKeys as readonly string[]).includes(field));
    if (columns.length === 0) throw new Problem("file-unreadable", { reason: "wrong-type" });
    const plan = prepareRowPlan({ headerRow: preview.headerRow, columns, today: given.today });
    const rows: ListedRow[] = [];
    let others = 0;
    for await (const batch of table.rows(sheet)) {
      for (const source of batch.rows) {
        const planned = plan(source);
        const values = planned.kind === "skipped" ? {} : valuesOf(planned);
        if (Object.keys(values).length === 0) {
          others += 1;
          if (others > mostOtherRows) throw new Problem("file-too-large", { mostRows: given.most });
          continue;
        }
        if (rows.length === given.most) throw new Problem("file-too-large", { mostRows: given.most });
        rows.push({ row: source.row, values });
      }
    }
    return rows;
  } finally {
    table.close();
  }
}

function valuesOf({ values, problems }: Pick<Extract<PlannedRow, { readonly kind: "planned" | "held-back" }>, "values" | "problems">): Record<string, string> {
  const written: Record<string, string> = { ...values };
  // A telephone with a digit too few is still that of somebody.
  for (const { field, value } of problems) if (field !== null && written[field] === undefined && value.trim() !== "") written[field] = value.trim();
  return Object.fromEntries(Object.entries(written).map(([key, value]) => [key, cutAt(value)]));
}

/** A copy where it is cut: a part of a string keeps the whole of it in memory. */
function cutAt(value: string): string {
  if (value.length <= longestValue) return value;
  return Buffer.from(value.slice(0, longestValue), "utf8")
    .toString("utf8")
    .replace(/\ufffd$/, "");
}

/** A column of names without a header looks like nothing in particular: then the first that nobody knows is that of names. */
function withName(guesses: readonly ColumnGuess[]): { column: number; field: string | null }[] {
  const columns = guesses.map(({ column, field }) => ({ column, field: field as string | null }));
  if (columns.some(({ field }) => field === "fullName" || field === "kana" || field === "companyName")) return columns;
  const first = columns.toSorted((a, b) => a.column - b.column).find(({ field }) => field === null || field === "owner");
  return columns.map((one) => (one === first ? { ...one, field: "fullName" } : one));
}
