import type { Storehouse } from "#server/core/door/index.ts";
import type { KeysFolder } from "#server/core/vault/index.ts";

/** What a backup needs of an open storehouse. */
export interface BackupHouse {
  readonly storehouse: Storehouse;
  /** Connection string of the database's owner. */
  readonly ownerUrl: string;
  readonly dataFolder: string;
  readonly keys: KeysFolder;
  /** First part of the ledger's names. */
  readonly origin: string;
  /**
   * The vault's keys as they are this moment, in a buffer that is wiped. The process that erases hands out its own; any other
   * reads them from the keys folder anew, or a backup that began before an erasure would bring the erased keys back.
   */
  readonly exportKeys: () => Buffer | Promise<Buffer>;
}
