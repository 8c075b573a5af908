import { createHash, createHmac, pbkdf2Sync } from "node:crypto";

/** 4096 rounds are PostgreSQL's own and RFC 7677's least; our passwords are 256 random bits, so more would add nothing. */
const rounds = 4096;

/**
 * What PostgreSQL stores instead of a password (SCRAM-SHA-256, RFC 5802 §3 and RFC 7677), made here so that the password
 * itself never stands in a statement that somebody's server may log.
 *
 * @param password ASCII, so that SASLprep changes nothing.
 */
export function scramVerifier(password: string, salt: Buffer): string {
  const salted = pbkdf2Sync(password, salt, rounds, 32, "sha256");
  const clientKey = createHmac("sha256", salted).update("Client Key").digest();
  const storedKey = createHash("sha256").update(clientKey).digest("base64");
  const serverKey = createHmac("sha256", salted).update("Server Key").digest("base64");
  return `SCRAM-SHA-256$${rounds}:${salt.toString("base64")}$${storedKey}:${serverKey}`;
}
