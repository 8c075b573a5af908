/**
 * Imports: a company's own Excel or CSV list, another product's export or an address book (vCard) becomes customers; a file of sales
 * or orders becomes purchases of customers who are there already.
 *
 * Invariants: a file stands sealed from its first byte and is seen by its importer alone (imports.db.test.ts); what a run
 * writes is what its importer may write at that moment (imports.db.test.ts); a batch and the place it leads to are one
 * transaction, so nothing doubles (run-import.db.test.ts); no card number is kept (dirty-import.db.test.ts);
 * the report of problems, corrected, is a file to import (download-problems.db.test.ts); corrected columns teach the organisation
 * without a header in words (learned-headers.db.test.ts); a purchase goes to nobody who is not meant for sure (purchases.db.test.ts); killed in the middle, nobody is lost or doubled (tests/faults).
 */
import { downloads, reads, readsQuietly, receives, writes, type Route, type Storehouse } from "#server/core/door/index.ts";
import type { Tasks } from "#server/platform/jobs/index.ts";
import * as contract from "#shared/imports.ts";
import { correctRow } from "./correct-row.ts";
import { downloadProblems, renderProblems } from "./download-problems.ts";
import { forgetMapping } from "./forget-mapping.ts";
import { listImports, showImport } from "./list-imports.ts";
import { listRowProblems } from "./list-problems.ts";
import { previewImport } from "./preview-import.ts";
import { receiveUpload } from "./receive-upload.ts";
import { runImport } from "./run-import.ts";
import { runTask, startImport } from "./start-import.ts";
import { tidyImports, tidyOne, tidyOneTask, tidyTask } from "./tidy-imports.ts";
import { runUndo, undoImport, undoTask } from "./undo-import.ts";

export { eraseImportRows } from "./erase-import-rows.ts";
export { causes, importFact, showingRows, takingIn } from "./causes.ts";
export { events } from "./events.ts";
export { readListedPeople, type ListedRow } from "./read-listed-people.ts";
export { unreadableReasons } from "./reading/index.ts";
export { importFile, type ImportResult } from "./import-file.ts";

export function importRoutes(): Route[] {
  return [
    readsQuietly(contract.listImports, "import.listed", listImports),
    receives(contract.uploadImport, "import.uploaded", receiveUpload),
    readsQuietly(contract.showImport, "import.viewed", showImport),
    reads(contract.previewImport, "import.previewed", previewImport),
    writes(contract.forgetMapping, "import.mapping-forgotten", forgetMapping),
    writes(contract.startImport, "import.started", startImport),
    reads(contract.listRowProblems, "import.problems-listed", listRowProblems),
    downloads(contract.downloadRowProblems, "import.problems-downloaded", downloadProblems, renderProblems),
    writes(contract.correctRow, "import.row-corrected", correctRow),
    writes(contract.undoImport, "import.undo-started", undoImport),
  ];
}

/** An import stands still while nothing may be changed (応急措置). */
const heldBy = ["read-only", "stopped"];

/** The background work that a single import needs. */
export function importRunTasks(storehouse: Storehouse): Tasks {
  return {
    [runTask]: { run: (job) => runImport(storehouse, job), heldBy },
    [undoTask]: { run: (job) => runUndo(storehouse, job), heldBy },
  };
}

/** All background work of this module. */
export function importTasks(storehouse: Storehouse): Tasks {
  return {
    ...importRunTasks(storehouse),
    [tidyOneTask]: { run: (job) => tidyOne(storehouse, Number(job.payload["importNo"])) },
    [tidyTask]: { run: (job) => tidyImports(storehouse, job), everySeconds: 3_600 },
  };
}
