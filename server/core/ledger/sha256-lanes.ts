/**
 * SHA-256 (FIPS 180-4) of four messages at once, in the four lanes of 128-bit vectors: most hashes of the ledger are of one
 * or two blocks, where a call of libsodium costs as much as the hashing. The code is WebAssembly, assembled below.
 *
 * Messages lie padded (FIPS 180-4 section 5.1.1, see {@link padMessage}) in {@link laneMemory}; places are offsets into it.
 */
const laneMemoryBytes = 3 * 65536;
const roundConstantsAt = 0;
let reservedBytes = 256;

type HashFour = (blocks: number, from0: number, from1: number, from2: number, from3: number, to0: number, to1: number, to2: number, to3: number) => void;

// FIPS 180-4, sections 4.2.2 and 5.3.3: the first 32 bits of the fractional parts of roots of the first primes.
const primes: bigint[] = [];
for (let candidate = 2n; primes.length < 64; candidate++) if (primes.every((prime) => candidate % prime !== 0n)) primes.push(candidate);
function fractionOfRoot(value: bigint, degree: bigint): number {
  const scaled = value << (32n * degree);
  let low = 0n;
  for (let bit = 1n << 40n; bit > 0n; bit >>= 1n) if ((low + bit) ** degree <= scaled) low += bit;
  return Number(BigInt.asUintN(32, low));
}
const roundConstants = primes.map((prime) => fractionOfRoot(prime, 3n));
const startState = primes.slice(0, 8).map((prime) => fractionOfRoot(prime, 2n));

// Opcodes of the WebAssembly core specification 2.0, section 5.4.
const i32Type = 0x7f;
const vectorType = 0x7b;
const vector = (code: number): readonly number[] => [0xfd, ...unsigned(code)];
const shiftLeft = vector(171);
const shiftRight = vector(173);
const add = vector(174);
const and = vector(78);
const or = vector(80);
const xor = vector(81);
const splat = vector(17);
const shuffle = vector(13);
const load = vector(0);
const loadSplat = vector(9);
const store = vector(11);

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest];
}
function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value | 0; ; rest >>= 7) {
    const isLast = (rest >> 6 === 0 || rest >> 6 === -1) && ((rest >> 6) & 1) === ((rest >> 31) & 1);
    bytes.push(isLast ? rest & 0x7f : (rest & 0x7f) | 0x80);
    if (isLast) return bytes;
  }
}

type Code = readonly number[];
const get = (local: number): Code => [0x20, ...unsigned(local)];
const set = (local: number): Code => [0x21, ...unsigned(local)];
const constant = (value: number): Code => [0x41, ...signed(value)];
const at = (offset: number): Code => [0, ...unsigned(offset)];
const bytesSwapped = [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12];
const lowWords = [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23];
const highWords = [8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31];
const lowHalves = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
const highHalves = [8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31];

// Locals: the nine parameters, then vectors.
const blocksLeft = 0;
const fromOf = (lane: number): number => 1 + lane;
const toOf = (lane: number): number => 5 + lane;
const stateOf = (index: number): number => 9 + index;
const wordOf = (index: number): number => 17 + (index & 15);
const workOf = (index: number): number => 33 + index;
const spare = (index: number): number => 41 + index;
const vectorLocals = 8 + 16 + 8 + 6;

const rotated = (x: Code, bits: number): Code => [...x, ...constant(bits), ...shiftRight, ...x, ...constant(32 - bits), ...shiftLeft, ...or];
const mixed = (x: Code, first: number, second: number, third: number): Code => [
  ...rotated(x, first),
  ...rotated(x, second),
  ...xor,
  ...rotated(x, third),
  ...xor,
];
const stirred = (x: Code, first: number, second: number, shift: number): Code => [
  ...rotated(x, first),
  ...rotated(x, second),
  ...xor,
  ...x,
  ...constant(shift),
  ...shiftRight,
  ...xor,
];

/** Turns four vectors of four words by their diagonal, swapping the bytes of each word before or after. */
function transposed(from: readonly number[], to: readonly number[]): Code {
  const swap = (local: number): Code => [...get(local), ...get(local), ...shuffle, ...bytesSwapped];
  const [a, b, c, d] = from as readonly [number, number, number, number];
  const pair = (left: number, right: number, lanes: readonly number[], into: number): Code => [...get(left), ...get(right), ...shuffle, ...lanes, ...set(into)];
  return [
    ...pair(a, b, lowWords, spare(0)),
    ...pair(c, d, lowWords, spare(1)),
    ...pair(a, b, highWords, spare(2)),
    ...pair(c, d, highWords, spare(3)),
    ...pair(spare(0), spare(1), lowHalves, to[0]!),
    ...pair(spare(0), spare(1), highHalves, to[1]!),
    ...pair(spare(2), spare(3), lowHalves, to[2]!),
    ...pair(spare(2), spare(3), highHalves, to[3]!),
    ...to.flatMap((local) => [...swap(local), ...set(local)]),
  ];
}

function assembleRounds(): number[] {
  const code: number[] = [];
  for (let quarter = 0; quarter < 4; quarter++) {
    const words = [0, 1, 2, 3].map((index) => wordOf(quarter * 4 + index));
    for (let lane = 0; lane < 4; lane++) code.push(...get(fromOf(lane)), ...load, ...at(quarter * 16), ...set(words[lane]!));
    code.push(...transposed(words, words));
  }
  for (let index = 0; index < 8; index++) code.push(...get(stateOf(index)), ...set(workOf(index)));
  const work = [0, 1, 2, 3, 4, 5, 6, 7].map(workOf);
  // Maj(a, b, c) = ((a ⊕ b) ∧ (b ⊕ c)) ⊕ b, and a ⊕ b is the next round's b ⊕ c.
  let [before, now] = [spare(4), spare(5)];
  code.push(...get(work[1]!), ...get(work[2]!), ...xor, ...set(before));
  for (let round = 0; round < 64; round++) {
    const [a, b, , d, e, f, g, h] = work.map(get) as [Code, Code, Code, Code, Code, Code, Code, Code];
    if (round >= 16) {
      code.push(...stirred(get(wordOf(round - 2)), 17, 19, 10), ...get(wordOf(round - 7)), ...add);
      code.push(...stirred(get(wordOf(round - 15)), 7, 18, 3), ...get(wordOf(round)), ...add, ...add, ...set(wordOf(round)));
    }
    code.push(...h, ...get(wordOf(round)), ...add, ...constant(0), ...loadSplat, ...at(roundConstantsAt + round * 4), ...add);
    code.push(...f, ...g, ...xor, ...e, ...and, ...g, ...xor, ...add, ...mixed(e, 6, 11, 25), ...add, ...set(spare(0)));
    code.push(...d, ...get(spare(0)), ...add, ...set(work[3]!));
    code.push(...a, ...b, ...xor, ...set(now), ...get(now), ...get(before), ...and, ...b, ...xor);
    code.push(...mixed(a, 2, 13, 22), ...add, ...get(spare(0)), ...add, ...set(work[7]!));
    work.unshift(work.pop()!);
    [before, now] = [now, before];
  }
  for (let index = 0; index < 8; index++) code.push(...get(stateOf(index)), ...get(work[index]!), ...add, ...set(stateOf(index)));
  return code;
}

function assembleBody(): number[] {
  const code: number[] = [...unsigned(1), ...unsigned(vectorLocals), vectorType];
  for (let index = 0; index < 8; index++) code.push(...constant(startState[index]!), ...splat, ...set(stateOf(index)));
  code.push(0x03, 0x40, ...assembleRounds());
  for (let lane = 0; lane < 4; lane++) code.push(...get(fromOf(lane)), ...constant(64), 0x6a, ...set(fromOf(lane)));
  code.push(...get(blocksLeft), ...constant(1), 0x6b, 0x22, blocksLeft, 0x0d, 0x00, 0x0b);
  for (let half = 0; half < 2; half++) {
    const words = [0, 1, 2, 3].map((index) => stateOf(half * 4 + index));
    const lanes = [0, 1, 2, 3].map((lane) => wordOf(lane));
    code.push(...transposed(words, lanes));
    for (let lane = 0; lane < 4; lane++) code.push(...get(toOf(lane)), ...get(lanes[lane]!), ...store, ...at(half * 16));
  }
  return [...code, 0x0b];
}

/** The module as bytes: what hashes elsewhere (verifier/) is held to them by a test. */
export function assembleModule(): Uint8Array<ArrayBuffer> {
  const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];
  const section = (id: number, bytes: readonly number[]): number[] => [id, ...sized(bytes)];
  const name = (text: string): number[] => sized([...Buffer.from(text, "latin1")]);
  const constants = Buffer.from(Uint32Array.from(roundConstants).buffer);
  const pages = laneMemoryBytes / 65536;
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, ...sized(Array<number>(9).fill(i32Type)), 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 1, pages, pages]),
    ...section(7, [2, ...name("memory"), 2, 0, ...name("hashFour"), 0, 0]),
    ...section(10, [1, ...sized(assembleBody())]),
    ...section(11, [1, 0, ...constant(roundConstantsAt), 0x0b, ...sized([...constants])]),
  ]);
}

/** The part of the WebAssembly JavaScript interface that is used here; the types of Node leave it to those of browsers. */
interface Assembly {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}
const { Module, Instance } = (globalThis as unknown as { readonly WebAssembly: Assembly }).WebAssembly;
const lanes = new Instance(new Module(assembleModule())).exports as { readonly memory: { readonly buffer: ArrayBuffer }; readonly hashFour: HashFour };

/** Its size never changes, so views into it stay. */
export const laneMemory: Buffer = Buffer.from(lanes.memory.buffer);

/** A part of the memory for good; its place. Asked for once by whoever hashes, when its module is loaded. */
export function reserveLaneMemory(bytes: number): number {
  const place = reservedBytes;
  reservedBytes += bytes;
  if (reservedBytes > laneMemoryBytes) throw new Error("the lanes have no memory left");
  return place;
}

/**
 * Hashes four messages of `blocks` blocks (64 bytes each) that begin at the `from`s; the hashes (32 bytes) are written to
 * the `to`s after everything was read. A place may be given twice.
 */
export const hashFour: HashFour = lanes.hashFour;

/** How many blocks a message of so many bytes takes with its padding. */
export function blocksOf(bytes: number): number {
  return (bytes + 9 + 63) >> 6;
}

/** Pads the message of `bytes` bytes (below 2^16) that begins at `from`; answers its number of blocks. */
export function padMessage(from: number, bytes: number): number {
  const blocks = blocksOf(bytes);
  const end = from + blocks * 64;
  laneMemory[from + bytes] = 0x80;
  for (let place = from + bytes + 1; place < end - 3; place++) laneMemory[place] = 0;
  const bits = bytes * 8;
  laneMemory[end - 3] = bits >>> 16;
  laneMemory[end - 2] = (bits >>> 8) & 0xff;
  laneMemory[end - 1] = bits & 0xff;
  return blocks;
}
