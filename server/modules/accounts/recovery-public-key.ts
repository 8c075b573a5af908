import type { Context } from "#server/core/door/index.ts";
import { newRecoveryKey } from "#server/core/vault/index.ts";

const secretName = "recovery-public-key";

/**
 * Makes the recovery key: its text is shown once, to be printed; kept is the public half alone. The vault seals that half,
 * so that nobody with the database can put a key of their own in its place and read the next backup's keys.
 */
export async function makeRecoveryKey({ db, door }: Context): Promise<string> {
  const { text, publicKey } = await newRecoveryKey();
  await db.query("update organisation set recovery_public_key_sealed = $1", [door.vault.sealSecret(secretName, publicKey)]);
  return text;
}

/** The public half of the recovery key, to which backups seal their keys (65 bytes), or undefined before the set-up. */
export async function recoveryPublicKey({ db, door }: { db: Pick<Context["db"], "query">; door: Context["door"] }): Promise<Buffer | undefined> {
  const [row] = await db.query<{ recovery_public_key_sealed: Buffer | null }>("select recovery_public_key_sealed from organisation");
  const sealed = row?.recovery_public_key_sealed ?? null;
  return sealed === null ? undefined : door.vault.openSecret(secretName, sealed);
}
