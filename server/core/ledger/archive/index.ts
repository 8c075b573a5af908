/**
 * Old months in files: whole rounds leave the table for compressed files beside the database, bound into the ledger by their
 * SHA-256, and everything that is asked of the ledger is answered from both.
 *
 * Invariants (archive.db.test.ts): every question is answered as before; a crash at any step loses nothing and is gone on from;
 * rows go only when their file was read back and its event stands in the tree; a file that is missing or changed is a refusal
 * that names it, never a shorter answer.
 */
export { archivedUpTo, atOneMoment, listArchives, type Archive } from "./list-archives.ts";
export { isIn, openArchivedEvents, readStored, type ArchivedScope } from "./archived-events.ts";
export {
  archiveFacts,
  CannotArchive,
  checkArchive,
  clearArchive,
  insertArchive,
  isBound,
  planArchive,
  writeArchive,
  type ArchivePlan,
} from "./make-archive.ts";
export { hashArchiveFile } from "./archive-file.ts";
export type { StoredEvent } from "./stored-event.ts";
export { walkStored, type StoredWalk } from "./walk-stored.ts";
