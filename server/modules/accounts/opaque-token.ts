import { createHash, randomBytes } from "node:crypto";

/** A token of 256 random bits as 43 characters of base64url: for sessions, invitations, the step between password and code. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** What is stored of a token: SHA-256 of its text, 32 bytes. Enough for a secret that nobody can guess. */
export function tokenHash(token: string): Buffer {
  return createHash("sha256").update(token, "utf8").digest();
}

/** A number for a browser, 72 random bits as 12 characters of base64url. No secret: it stands clear in the ledger. */
export function newDeviceNumber(): string {
  return randomBytes(9).toString("base64url");
}

export function isDeviceNumber(text: string | undefined): text is string {
  return text !== undefined && /^[A-Za-z0-9_-]{12}$/.test(text);
}
