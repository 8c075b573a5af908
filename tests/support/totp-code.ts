import { Secret, TOTP } from "otpauth";

/** What an authenticator with this secret (base32) shows at a time (RFC 6238: SHA-1, 6 digits, 30 seconds). */
export function totpCodeAt(secret: string, at: Date): string {
  return new TOTP({ algorithm: "SHA1", digits: 6, period: 30, secret: Secret.fromBase32(secret) }).generate({ timestamp: at.getTime() });
}
