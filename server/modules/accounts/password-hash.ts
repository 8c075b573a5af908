import { hash, verify } from "@node-rs/argon2";
import { Problem } from "#shared/problems.ts";

/** argon2id (RFC 9106) with 64 MiB, 3 passes, 1 lane: about 0.1–0.2 s of one core, on a thread of libuv. */
const options = { algorithm: 2, memoryCost: 65_536, timeCost: 3, parallelism: 1, outputLen: 32 };

/** Of a random password that nobody knows: verified for addresses without an account, so that the work is the same. */
const hashOfNobody = "$argon2id$v=19$m=65536,t=3,p=1$/yYK8UOu3FkDrgmI28nMNA$SuZVZnLdVCT6rv4e37uOBKjD1yNGPOGM48tXrv2W8a0";

const mostAtOnce = 2;
const mostWaiting = 8;
let running = 0;
const waiting: (() => void)[] = [];

/**
 * A flood of sign-ins must leave threads, memory and database connections to those who work: two hashes run at a time,
 * a few wait. @throws Problem too-many-requests
 */
async function withSlot<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running >= mostAtOnce) {
    if (waiting.length >= mostWaiting) throw new Problem("too-many-requests");
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else {
    running += 1;
  }
  try {
    return await work();
  } finally {
    // The slot goes to whoever waits longest, without being free in between.
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

/** NIST SP 800-63B-4 3.1.1.2: the Unicode form is normalised before hashing. */
function normalised(password: string): string {
  return password.normalize("NFKC");
}

/** A PHC string. @throws Problem too-many-requests */
export function hashPassword(password: string): Promise<string> {
  return withSlot(() => hash(normalised(password), options));
}

/** `null`: there is no such account or password; costs the same and is never true. @throws Problem too-many-requests */
export function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  return withSlot(async () => (await verify(stored ?? hashOfNobody, normalised(password))) && stored !== null);
}

/** Whether the password is one of these, in one slot. @throws Problem too-many-requests */
export function isOneOf(stored: readonly string[], password: string): Promise<boolean> {
  return withSlot(async () => {
    for (const former of stored) {
      if (await verify(former, normalised(password))) return true;
    }
    return false;
  });
}
