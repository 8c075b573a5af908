import { readStaged, sealText, SealedText, type Context, type Draft, type Handle, type Input } from "#server/core/door/index.ts";
import { recordFieldOf, recordFieldsOf } from "#server/core/access/policy.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { Mapping, previewImport as endpoint } from "#shared/imports.ts";
import { Problem } from "#shared/problems.ts";
import { importFor, type ImportRow } from "./import-records.ts";
import { isAssignment, isPurchaseColumn, mayWriteField } from "./import-rights.ts";
import { guessOwnFields } from "./guess-own-fields.ts";
import { withLearned, type Proposed } from "./learned-headers.ts";
import { likeliestSheet, openTable, previewTable, type Table, type TablePreview } from "./reading/index.ts";
import { headerTokens, kindFingerprint, savedMapping } from "./saved-mappings.ts";

type Preview = ReplyOf<typeof endpoint>;

/** What a file looks like with the mapping that is proposed for it. Plain values: for planning within this module alone. */
export interface Proposal {
  readonly table: Pick<Table, "sheets">;
  readonly preview: TablePreview;
  readonly mapping: Mapping;
  readonly columns: readonly { readonly column: number; readonly confidence: number; readonly reason: Preview["columns"][number]["reason"] }[];
  readonly headerToken: number | null;
}

/**
 * Looks at the beginning of a staged file and proposes a mapping: as such headers were mapped last, else as corrections taught and as guessed; without
 * fields that the importer may not write.
 * @throws Problem file-unreadable, not-found when the file is gone
 */
export async function proposeMapping(
  context: Context,
  row: ImportRow,
  asked: { sheet?: number | undefined; headerRow?: number | undefined; cellNo?: number | undefined },
): Promise<Proposal> {
  const file = await readStaged(context, row.import_no, row.bytes);
  try {
    const table = await openTable(file);
    try {
      const sheet = asked.sheet ?? likeliestSheet(table);
      const preview = await previewTable(table, sheet, asked.headerRow, row.kind);
      const hasHeader = preview.headerRow > 0;
      const fingerprint = kindFingerprint(row.kind, preview.fingerprint);
      const saved = hasHeader ? await savedMapping(context, fingerprint) : undefined;
      const cellNo = asked.cellNo ?? row.mapping?.cellNo ?? context.actor.cells[0] ?? 0;
      const isPossible = (key: string | null): boolean =>
        key === null ||
        (row.kind === "purchases"
          ? isPurchaseColumn(key)
          : isAssignment(key) ||
            (recordFieldOf(context.policy, "customer", key) !== undefined && mayWriteField(context, row.account_no, { ownerNo: row.account_no, cellNo }, key)));
      const width = preview.guesses.length;
      const isSaved = saved !== undefined && saved.length === width && saved.every(({ column }) => column < width);
      const guesses = isSaved
        ? saved.map((column) => ({ ...column, confidence: 1, reason: "saved" as const }))
        : await proposeColumns(context, row, preview, hasHeader);
      const proposed = guesses.map((guess) =>
        isPossible(guess.field) ? guess : { column: guess.column, field: null, confidence: 0, reason: "none" as const },
      );
      return {
        table: { sheets: table.sheets },
        preview,
        mapping: {
          sheet,
          headerRow: preview.headerRow,
          columns: proposed.map(({ column, field }) => ({ column, field })),
          duplicates: "skip",
          cellNo,
        },
        columns: proposed.map(({ column, confidence, reason }) => ({ column, confidence, reason })).toSorted((a, b) => a.column - b.column),
        headerToken: hasHeader ? (headerTokens(context, fingerprint)[0] ?? null) : null,
      };
    } finally {
      table.close();
    }
  } finally {
    await file.close();
  }
}

async function proposeColumns(context: Context, { kind }: ImportRow, preview: TablePreview, hasHeader: boolean): Promise<readonly Proposed[]> {
  const guesses = kind === "purchases" ? preview.guesses : guessOwnFields(preview.guesses, preview.headers, recordFieldsOf(context.policy, "customer"));
  // A list without a header has a person's row in its place.
  return hasHeader ? withLearned(context, preview.headers, guesses, kind) : guesses;
}

/** The beginning of a file as its importer sees it: each text a handle, sealed for the importer alone. */
export async function previewImport(context: Context, input: Input<typeof endpoint>): Promise<Draft<Preview>> {
  const row = await importFor(context, input.params.importNo);
  if (row.state !== "awaits-mapping") {
    throw new Problem("conflict", { state: row.state });
  }
  const { table, preview, mapping, columns } = await proposeMapping(context, row, input.query);
  const handle = (text: string | undefined): Handle => {
    if (text === undefined || text === "") {
      return null;
    }
    const subject = { kind: "import", no: row.import_no } as const;
    return new SealedText(subject, sealText(context.door.vault, subject, "personal", 1, { cell: text }), "cell", { authorNo: row.account_no });
  };
  return {
    sheets: table.sheets.map(({ sheet, name, rows }) => ({ sheet, name: handle(name), rows })),
    source: preview.source,
    mapping,
    columns: columns.map((column) => ({ ...column, header: handle(preview.headers[column.column]) })),
    rows: preview.rows.map(({ row: no, cells }) => ({ row: no, cells: columns.map(({ column }) => handle(cells[column])) })),
  };
}
