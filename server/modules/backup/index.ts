/**
 * Backup and restore: the data without keys in one file, the keys under the recovery key in another, small one.
 *
 * Invariants, all in tests/backup.db.test.ts: neither file opens without the recovery key, and a changed or shortened one is
 * refused; a data file holds no token of the blind index and nothing that lets anybody in; with the newest key file no data
 * file, however old, opens anything of a customer whose key was erased before; a restored place has the same rows, finds the
 * same people, and its ledger verifies in a new epoch. Keys leave only after the ledger says so.
 */
export { causes } from "./causes.ts";
export { events } from "./events.ts";
export type { BackupHouse } from "./backup-house.ts";
export type { Progress } from "./write-data.ts";
export { demandCopies, restoreArchives } from "./copy-archives.ts";
export { ledgerFolderOf, writeBackup, type WrittenBackup } from "./write-backup.ts";
export { refreshKeyFiles, type RefreshedKeyFiles } from "./refresh-key-files.ts";
export { findBackup, keyFileBeside, type FoundBackup } from "./find-backup.ts";
export { loadData, verifyData } from "./load-data.ts";
export { keepBackups } from "./known-backups.ts";
export { rebuildSearch } from "./rebuild-search.ts";
