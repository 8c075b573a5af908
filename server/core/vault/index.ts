/**
 * The vault: keys, sealing and the blind index. Personal values stand in the database only as blobs sealed here, one per
 * subject and field class, and can be found only by keyed tokens.
 *
 * Invariants, and the tests that prove them:
 * - a blob opens only for its own subject, class, version and generation (vault.test.ts);
 * - an erased subject's key can be derived by nobody from anything that remains (key-tree.test.ts, vault.test.ts);
 * - keys stand in the keys folder only, wrapped (vault.test.ts, keys-folder.test.ts);
 * - a value is found by each of its own substrings that its field allows (tokens.test.ts).
 *
 * This is the sealing half. The opening half is opening.ts, and only core/door imports it.
 */
export { BlobRejected, KeyErased, blobHeader, type BlobHeader } from "./blob.ts";
export { branchOf, headsOf } from "./company-forms.ts";
export { fold } from "./fold.ts";
export { openKeyEncryptionKey, type KeyEncryptionKey } from "./key-encryption-key.ts";
export { openKeysFolder, type KeysFolder } from "./keys-folder.ts";
export { newRecoveryKey, openKeyBackup, publicKeyOf, sealKeyBackup } from "./recovery-key.ts";
export { RecoveryKeyRejected, type RecoveryKeyFault } from "./recovery-text.ts";
export type { SearchKey } from "./search-key.ts";
export { subjectKinds, type Subject, type SubjectKind } from "./subject.ts";
export { exactToken, indexTokens, matchValue, queryTokens, scopeTokens, termKinds, type IndexedField, type Match, type SearchKeys } from "./tokens.ts";
export { importKeys, openVault, type KeyFacts, type Vault } from "./vault.ts";
