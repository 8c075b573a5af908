import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openKeyEncryptionKey, type KeyEncryptionKey } from "#server/core/vault/key-encryption-key.ts";
import { openKeysFolder, type KeysFolder } from "#server/core/vault/keys-folder.ts";
import { openVault, type Vault } from "#server/core/vault/vault.ts";

interface NewKeysFolder {
  readonly keysFolder: KeysFolder;
  readonly kek: KeyEncryptionKey;
}

/** Vaults with keys folders of their own, below one folder that `remove` takes away. */
export function temporaryVaults(): {
  newKeysFolder: () => Promise<NewKeysFolder>;
  newHouse: () => Promise<NewKeysFolder & { readonly vault: Vault }>;
  remove: () => void;
} {
  const base = mkdtempSync(join(tmpdir(), "kuraban-vault-"));
  let folders = 0;
  const newKeysFolder = async (): Promise<NewKeysFolder> => {
    folders += 1;
    const dataFolder = join(base, `data${folders}`);
    const keysFolder = openKeysFolder({ path: `${dataFolder}.keys`, dataFolder, create: true });
    return { keysFolder, kek: await openKeyEncryptionKey({ keysFolder, dataFolder, create: true }) };
  };
  return {
    newKeysFolder,
    newHouse: async () => {
      const keys = await newKeysFolder();
      return { ...keys, vault: await openVault({ ...keys, create: true }) };
    },
    remove: () => rmSync(base, { recursive: true }),
  };
}
