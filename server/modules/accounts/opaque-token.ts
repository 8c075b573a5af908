import { createHash, randomBytes } from "node:crypto";

/** A token of 256 random bits as 43 characters of base64url: for sessions, invitations, the step between password and code. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** What is stored of a token: SHA-256 of its text, 32 bytes. Enough for a secret that nobody can guess. */
export function tokenHash(token: string): Buffer {
  return createHash("sha256").update(token, "utf8").digest();
}
