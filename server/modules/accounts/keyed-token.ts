import { createHmac, randomBytes } from "node:crypto";
import type { Context } from "#server/core/door/index.ts";

const secretName = "accounts-token-key";

/** What a token stands for. Each use has tokens of its own. */
export type TokenUse = "mail" | "recovery-code" | "stated";

/**
 * An exact token of a value that the database may hold but whose holder must not be able to test guesses against:
 * HMAC-SHA-256 (32 bytes) under a key that the vault has sealed. The same value always has the same token.
 */
export async function keyedToken(context: Context, use: TokenUse, value: string): Promise<Buffer> {
  const [token] = await keyedTokens(context, use, [value]);
  return token as Buffer;
}

/** As {@link keyedToken}, for several values at once, in their order. */
export async function keyedTokens(context: Context, use: TokenUse, values: readonly string[]): Promise<Buffer[]> {
  const key = await openTokenKey(context);
  try {
    return values.map((value) => createHmac("sha256", key).update(`${use}\0${value}`, "utf8").digest());
  } finally {
    key.fill(0);
  }
}

/** The form of a mail address that identifies an account: NFKC, lower case, no spaces around it. */
export function foldMail(mail: string): string {
  return mail.normalize("NFKC").trim().toLowerCase();
}

async function openTokenKey({ db, door }: Context): Promise<Buffer> {
  const stored = await readSealed(db);
  if (stored !== null) return door.vault.openSecret(secretName, stored);
  // Two first callers wait for each other at the row; the second one finds the key of the first.
  const made = await db.query<{ token_key_sealed: Buffer }>(
    "update organisation set token_key_sealed = $1 where token_key_sealed is null returning token_key_sealed",
    [door.vault.sealSecret(secretName, randomBytes(32))],
  );
  const sealed = made[0]?.token_key_sealed ?? (await readSealed(db));
  if (sealed === null) throw new Error("the installation has no row in organisation");
  return door.vault.openSecret(secretName, sealed);
}

async function readSealed(db: Context["db"]): Promise<Buffer | null> {
  const [row] = await db.query<{ token_key_sealed: Buffer | null }>("select token_key_sealed from organisation");
  return row?.token_key_sealed ?? null;
}
