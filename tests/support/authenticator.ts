import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { totpCodeAt } from "./totp-code.ts";

const stepMilliseconds = 30_000;
/** From showing a code to its arrival, on a busy machine. */
const wayMilliseconds = 5000;

/** Test files share no memory but the accounts of one product: the last step that was shown lies in a file. */
function noteOf(secret: string): string {
  return join(tmpdir(), `kuraban-code-${createHash("sha256").update(secret).digest("hex").slice(0, 16)}`);
}

function lastStep(secret: string): number {
  try {
    return Number(readFileSync(noteOf(secret), "utf8"));
  } catch {
    return 0;
  }
}

/**
 * The next code of an authenticator. The product accepts each step once, and the one before and after (RFC 6238 5.2), so
 * three sign-ins may follow each other at once; the fourth waits for the next half minute.
 */
export async function nextCode(secret: string): Promise<string> {
  for (;;) {
    const now = Date.now();
    const step = Math.max(lastStep(secret) + 1, Math.floor((now + wayMilliseconds) / stepMilliseconds) - 1);
    if (step <= Math.floor(now / stepMilliseconds) + 1) {
      writeFileSync(noteOf(secret), String(step));
      return totpCodeAt(secret, new Date(step * stepMilliseconds));
    }
    await wait((step - 1) * stepMilliseconds - now + 200);
  }
}

export function withoutUsedCodes(accounts: readonly { readonly totpSecret: string }[]): void {
  for (const { totpSecret } of accounts) rmSync(noteOf(totpSecret), { force: true });
}
