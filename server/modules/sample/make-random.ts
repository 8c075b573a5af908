/** A small reproducible source of numbers (xoshiro128** 1.1, Blackman and Vigna, seeded by splitmix32). For made-up data only, never for keys. */
export interface Random {
  /** Uniform in 0 … 2³² − 1. */
  next(): number;
  /** Uniform integer in 0 … bound − 1 (bias below bound / 2³²). */
  below(bound: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
}

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

/** The same stream numbers give the same sequence for ever, and neighbouring ones give unrelated sequences. */
export function makeRandom(...stream: readonly number[]): Random {
  let state = 0x9e3779b9;
  const split = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
  for (const part of stream) state = split() ^ Math.imul(part | 0, 0x85ebca6b) ^ Math.floor(part / 4294967296);
  let a = split();
  let b = split();
  let c = split();
  let d = split() | 1;

  const next = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9);
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d, 11);
    return result >>> 0;
  };
  const below = (bound: number): number => Math.floor((next() / 4294967296) * bound);
  return {
    next,
    below,
    chance: (probability) => next() / 4294967296 < probability,
    pick: (list) => {
      if (list.length === 0) throw new Error("nothing to pick from");
      return list[below(list.length)]!;
    },
  };
}

/** A chooser that picks in proportion to weights; built once, then O(log n) a pick. */
export function weightedPick<T>(list: readonly T[], weightOf: (item: T) => number): (random: Random) => T {
  const sums = new Float64Array(list.length);
  let total = 0;
  list.forEach((item, index) => {
    total += weightOf(item);
    sums[index] = total;
  });
  return (random) => {
    const at = (random.next() / 4294967296) * total;
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sums[middle]! > at) high = middle;
      else low = middle + 1;
    }
    return list[low]!;
  };
}
