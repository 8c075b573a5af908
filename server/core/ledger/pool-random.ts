const poolBytes = 4096;

/** Gives random bytes out of a pool that is filled at once: a call for 16 bytes costs as much as one for 4,096. Each byte is given once, and does not stay in the pool. */
export function poolRandom(random: (bytes: number) => Buffer): (bytes: number) => Buffer {
  let pool: Buffer = Buffer.alloc(0);
  let at = 0;
  return (bytes) => {
    if (bytes > poolBytes) return random(bytes);
    if (at + bytes > pool.length) {
      pool = random(poolBytes);
      at = 0;
    }
    const given = Buffer.from(pool.subarray(at, at + bytes));
    pool.fill(0, at, at + bytes);
    at += bytes;
    return given;
  };
}
