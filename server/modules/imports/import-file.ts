import { randomUUID } from "node:crypto";
import { actAs, type Storehouse } from "#server/core/door/index.ts";
import type { ImportKind, Mapping, rowProblemCodes } from "#shared/imports.ts";
import { Problem } from "#shared/problems.ts";
import { importFor } from "./import-records.ts";
import { problemsOf } from "./list-problems.ts";
import { proposeMapping } from "./preview-import.ts";
import { noteArrived, takeIn } from "./receive-upload.ts";
import { quietly } from "./run-import.ts";
import { beginRun } from "./start-import.ts";

/** What came of an import, without a value of anybody. Rows and columns as in the contract: rows from 1, columns from 0. */
export interface ImportResult {
  readonly importNo: number;
  readonly rows: number;
  readonly added: number;
  readonly updated: number;
  readonly duplicates: number;
  readonly problems: readonly { readonly row: number; readonly column: number | null; readonly code: (typeof rowProblemCodes)[number] }[];
}

const pollMs = 100;

/**
 * Imports a file as the command line does: with the guessed mapping, every field written. Somebody must be running the jobs
 * of this module meanwhile.
 * @throws Problem file-too-large, file-unreadable, or why the run failed
 */
export async function importFile(
  storehouse: Storehouse,
  given: {
    source: AsyncIterable<Buffer>;
    fileName: string;
    cellNo: number;
    duplicates: Mapping["duplicates"];
    kind?: ImportKind;
    onProgress?: (done: number, of: number | null) => void;
  },
): Promise<ImportResult> {
  const file = await takeIn(storehouse, given.source, given.kind);
  const { importNo } = file;
  await actAs(storehouse, "console", "import.uploaded", randomUUID(), (context) => noteArrived(context, file, given.fileName));
  await actAs(storehouse, "console", "import.started", randomUUID(), async (context) => {
    const row = await importFor(context, importNo, "change");
    const { mapping } = await proposeMapping(context, row, { cellNo: given.cellNo });
    await beginRun(context, row, { ...mapping, duplicates: given.duplicates });
  });
  for (;;) {
    const row = await quietly(storehouse, (context) => importFor(context, importNo));
    given.onProgress?.(row.rows_done, row.rows_total);
    if (row.state === "done") {
      const problems = await quietly(storehouse, (context) => problemsOf(context, importNo, 0, row.problems));
      return {
        importNo,
        rows: row.rows_done,
        added: row.added,
        updated: row.updated,
        duplicates: row.duplicates,
        problems: problems.map(({ row: no, col, code }) => ({ row: no, column: col, code })),
      };
    }
    if (row.state === "failed") {
      const [code = "unexpected", reason] = (row.failure ?? "unexpected").split(":");
      throw new Problem(code as Problem["code"], reason === undefined ? {} : { reason });
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
