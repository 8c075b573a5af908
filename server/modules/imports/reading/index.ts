/**
 * Reading what people really have: bytes of an Excel, CSV or vCard file in, planned rows of customers out. Pure and streaming,
 * no database, no disk; memory does not grow with the file.
 *
 * Invariants: a value is read for sure or reported with its cell, never guessed and never silently replaced
 * (plan-row.test.ts); a card number passes in no form (shared/find-card-number.test.ts); no file, however made,
 * does more than be refused with a reason (hostile-files.test.ts).
 */
export { openTable, type Table, type TableSheet } from "./open-table.ts";
export { previewTable, likeliestSheet, type TablePreview } from "./preview-table.ts";
export { prepareRowPlan, assignmentFields, type PlannedRow, type RowPlan, type RowProblem } from "./plan-row.ts";
export { preparePurchasePlan, type PlannedPurchase } from "./plan-purchase.ts";
export { guessMapping, headerFingerprint, type ColumnGuess } from "./guess-mapping.ts";
export { foldHeader } from "./header-words.ts";
export { normalise, type Normalised } from "./normalise.ts";
export { sourceOfBuffer, type RandomAccessSource } from "./random-access-source.ts";
export type { RowBatch, SourceRow } from "./source-row.ts";
export { unreadableReasons, type UnreadableReason } from "./unreadable.ts";
