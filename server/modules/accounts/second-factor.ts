import { randomBytes } from "node:crypto";
import { Secret, TOTP } from "otpauth";

/** RFC 6238 as every authenticator does it: SHA-1, 6 digits, 30 seconds; one step before and after is accepted. */
const parameters = { algorithm: "SHA1", digits: 6, period: 30 } as const;
const stepsAround = 1;

/** 160 bits, as RFC 4226 section 4 recommends. */
export function newTotpSecret(): Buffer {
  return randomBytes(20);
}

/** The name under which the vault seals the secret: it cannot be moved to another account. */
export function totpSecretName(accountNo: number): string {
  return `totp:${accountNo}`;
}

/** The key URI that an authenticator reads from the QR code. It names the account by number: a mail address is personal. */
export function totpUri(secret: Buffer, accountNo: number): string {
  return new TOTP({ ...parameters, issuer: "蔵番 Kuraban", label: `No. ${accountNo}`, secret: secretOf(secret) }).toString();
}

export function totpText(secret: Buffer): string {
  return secretOf(secret).base32;
}

export function totpSecretOf(base32: string): Buffer {
  return Buffer.from(Secret.fromBase32(base32).bytes);
}

/** The time step that a typed code belongs to, or undefined when it is none of those accepted at `now`. */
export function totpStepOf(secret: Buffer, typed: string, now: Date): number | undefined {
  const token = typed.normalize("NFKC").replace(/\s/gu, "");
  if (!/^[0-9]{6}$/.test(token)) return undefined;
  const totp = new TOTP({ ...parameters, secret: secretOf(secret) });
  const delta = totp.validate({ token, timestamp: now.getTime(), window: stepsAround });
  return delta === null ? undefined : totp.counter({ timestamp: now.getTime() }) + delta;
}

function secretOf(secret: Buffer): Secret {
  return new Secret({ buffer: Uint8Array.from(secret).buffer });
}
