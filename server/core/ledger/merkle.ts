import { hashRest } from "./hash-in-lanes.ts";
import { primitives } from "./primitives.ts";
import { hashFour, laneMemory, padMessage, reserveLaneMemory } from "./sha256-lanes.ts";

/**
 * Merkle trees of RFC 6962 section 2.1 (RFC 9162 section 2.1) over SHA-256: a leaf is H(0x00 ‖ data), a node
 * H(0x01 ‖ left ‖ right), and the left subtree of n leaves holds the largest power of two below n.
 */
export const hashBytes = 32;

// Pairs of hashes lie in this arena as the padded messages [0x01 left right], one after the other, so that a whole level
// is hashed in place, four pairs at once.
const arenaLeaves = 1024;
const nodeBytes = 65;
const pairBytes = 128;
const arenaAt = reserveLaneMemory((arenaLeaves / 2) * pairBytes);
for (let pair = 0; pair < arenaLeaves / 2; pair++) {
  laneMemory[arenaAt + pair * pairBytes] = 1;
  padMessage(arenaAt + pair * pairBytes, nodeBytes);
}
const pairAt = (pair: number): number => arenaAt + pair * pairBytes;
const slotAt = (leaf: number): number => arenaAt + (leaf >> 1) * pairBytes + 1 + (leaf & 1) * hashBytes;

/** H(0x00 ‖ data). */
export function hashLeaf(data: Uint8Array): Buffer {
  const input = Buffer.allocUnsafe(data.length + 1);
  input[0] = 0;
  input.set(data, 1);
  const out = Buffer.allocUnsafe(hashBytes);
  primitives.crypto_hash_sha256(out, input);
  return out;
}

const nodeInput = Buffer.allocUnsafeSlow(65);
nodeInput[0] = 1;

/** H(0x01 ‖ left ‖ right). */
export function hashNode(left: Uint8Array, right: Uint8Array): Buffer {
  nodeInput.set(left, 1);
  nodeInput.set(right, 33);
  const out = Buffer.allocUnsafe(hashBytes);
  primitives.crypto_hash_sha256(out, nodeInput);
  return out;
}

/** Root of a tree without leaves: H(). */
export const emptyRoot: Buffer = (() => {
  const out = Buffer.alloc(hashBytes);
  primitives.crypto_hash_sha256(out, Buffer.alloc(0));
  return out;
})();

/**
 * Root over `count` leaves. `writeLeaf` writes each leaf's hash into the lanes' memory from `to`, at once or by
 * `hashPlaced` (hash-in-lanes.ts). Any number of leaves; bounded memory beyond 32 bytes for each 1,024 of them.
 */
export function rootOfLeaves(count: number, writeLeaf: (index: number, to: number) => void): Buffer {
  if (count === 0) return emptyRoot;
  if (count <= arenaLeaves) return rootOfPart(0, count, writeLeaf);
  // The level of 1,024-leaf subtrees is a tree of the same shape, its last member complete or not.
  const subtrees: Buffer[] = [];
  for (let from = 0; from < count; from += arenaLeaves) subtrees.push(rootOfPart(from, Math.min(arenaLeaves, count - from), writeLeaf));
  return rootOfHashes(subtrees);
}

/** Root over leaf hashes. */
export function rootOfHashes(hashes: readonly Uint8Array[]): Buffer {
  return rootOfLeaves(hashes.length, (index, to) => laneMemory.set(hashes[index] as Uint8Array, to));
}

function rootOfPart(from: number, count: number, writeLeaf: (index: number, to: number) => void): Buffer {
  for (let index = 0; index < count; index++) writeLeaf(from + index, slotAt(index));
  hashRest();
  for (let width = count; width > 1; width = (width + 1) >> 1) {
    const pairs = width >> 1;
    // The hashes are complete before they are written, so pairs may be overwritten by their own parents.
    for (let pair = 0; pair < pairs; pair += 4) {
      const second = Math.min(pair + 1, pairs - 1);
      const third = Math.min(pair + 2, pairs - 1);
      const fourth = Math.min(pair + 3, pairs - 1);
      hashFour(2, pairAt(pair), pairAt(second), pairAt(third), pairAt(fourth), slotAt(pair), slotAt(second), slotAt(third), slotAt(fourth));
    }
    if (width & 1) laneMemory.copyWithin(slotAt(pairs), slotAt(width - 1), slotAt(width - 1) + hashBytes);
  }
  return Buffer.from(laneMemory.subarray(slotAt(0), slotAt(0) + hashBytes));
}

/**
 * What must be kept of a tree to go on building it: its size and the roots of its perfect subtrees, largest first
 * (a compact range from 0).
 */
export interface Frontier {
  size: number;
  readonly hashes: Buffer[];
}

export function emptyFrontier(): Frontier {
  return { size: 0, hashes: [] };
}

/** Adds a leaf hash to the tree, in place. */
export function appendHash(frontier: Frontier, leafHash: Buffer): void {
  appendSubtree(frontier, leafHash, 1);
}

/** Adds leaf hashes that lie one after the other, in place. */
export function appendHashes(frontier: Frontier, leafHashes: Buffer): void {
  const subtree = subtreesOf(leafHashes);
  const count = leafHashes.length / hashBytes;
  for (let at = 0, width = 1; at < count; at += width) {
    // The widest perfect subtree that begins here.
    for (width = 1; width * 2 <= count - at && frontier.size % (width * 2) === 0;) width *= 2;
    appendSubtree(frontier, subtree(at, at + width), width);
  }
}

/** `width`: a power of two that divides the size. */
function appendSubtree(frontier: Frontier, subtreeRoot: Buffer, width: number): void {
  let hash = subtreeRoot;
  // As many perfect subtrees end here as the size, counted in widths, has trailing one bits.
  for (let rest = frontier.size / width; rest % 2 === 1; rest = (rest - 1) / 2) hash = hashNode(frontier.hashes.pop() as Buffer, hash);
  frontier.hashes.push(hash);
  frontier.size += width;
}

export function rootOfFrontier(frontier: Frontier): Buffer {
  const { hashes } = frontier;
  if (hashes.length === 0) return emptyRoot;
  let root = hashes[hashes.length - 1] as Buffer;
  for (let index = hashes.length - 2; index >= 0; index--) root = hashNode(hashes[index] as Buffer, root);
  return root;
}

export function packFrontier(frontier: Frontier): Buffer {
  return Buffer.concat(frontier.hashes);
}

/** @throws Error when the number of hashes does not fit the size */
export function parseFrontier(size: number, packed: Buffer): Frontier {
  const hashes: Buffer[] = [];
  for (let at = 0; at < packed.length; at += hashBytes) hashes.push(Buffer.from(packed.subarray(at, at + hashBytes)));
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  if (packed.length !== ones * hashBytes) throw new Error(`a frontier of ${size} leaves has ${ones} hashes`);
  return { size, hashes };
}

/** Root over the leaves from (inclusive) to (exclusive) of some tree: what proofs are made of. */
export type SubtreeRoot = (from: number, to: number) => Buffer;

/** Subtree roots from leaf hashes that lie one after the other. */
export function subtreesOf(leafHashes: Buffer): SubtreeRoot {
  return (from, to) =>
    rootOfLeaves(to - from, (index, to) => laneMemory.set(leafHashes.subarray((from + index) * hashBytes, (from + index + 1) * hashBytes), to));
}

function splitOf(width: number): number {
  let split = 1;
  while (split * 2 < width) split *= 2;
  return split;
}

/** Inclusion proof (RFC 9162, 2.1.3.1) of leaf `index` in a tree of `size` leaves, lowest hash first. */
export function proveInclusion(index: number, size: number, subtree: SubtreeRoot): Buffer[] {
  if (index < 0 || index >= size) throw new Error(`leaf ${index} is not in a tree of ${size}`);
  const path: Buffer[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      path.push(subtree(middle, to));
      to = middle;
    } else {
      path.push(subtree(from, middle));
      from = middle;
    }
  }
  return path.reverse();
}

/** Whether the path proves that the leaf stands at `index` of the tree of `size` with this root (RFC 9162, 2.1.3.2). */
export function holdsInclusion(leafHash: Buffer, index: number, size: number, path: readonly Buffer[], root: Buffer): boolean {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false;
  let hash = leafHash;
  let place = index;
  let last = size - 1;
  for (const sibling of path) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      hash = hashNode(sibling, hash);
      while (place % 2 === 0 && place !== 0) {
        place /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = hashNode(hash, sibling);
    }
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && hash.equals(root);
}

/** Consistency proof (RFC 9162, 2.1.4.1) between the trees of `first` and `second` leaves. Empty when first is 0 or equal. */
export function proveConsistency(first: number, second: number, subtree: SubtreeRoot): Buffer[] {
  if (first < 0 || first > second) throw new Error(`a tree of ${first} leaves does not come before one of ${second}`);
  const path: Buffer[] = [];
  if (first === 0) return path;
  let from = 0;
  let to = second;
  let isWhole = true;
  while (first !== to) {
    const middle = from + splitOf(to - from);
    if (first <= middle) {
      path.push(subtree(middle, to));
      to = middle;
    } else {
      path.push(subtree(from, middle));
      from = middle;
      isWhole = false;
    }
  }
  if (!isWhole) path.push(subtree(from, to));
  return path.reverse();
}

/** Whether the path proves that the second tree continues the first (RFC 9162, 2.1.4.2). */
export function holdsConsistency(first: number, second: number, firstRoot: Buffer, secondRoot: Buffer, path: readonly Buffer[]): boolean {
  if (first > second || first < 0) return false;
  if (first === second) return path.length === 0 && firstRoot.equals(secondRoot);
  if (first === 0) return path.length === 0 && firstRoot.equals(emptyRoot);
  const steps = [...path];
  let place = first - 1;
  let last = second - 1;
  while (place % 2 === 1) {
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  const start = place === 0 ? firstRoot : steps.shift();
  if (start === undefined) return false;
  let firstHash = start;
  let secondHash = start;
  for (const sibling of steps) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      firstHash = hashNode(sibling, firstHash);
      secondHash = hashNode(sibling, secondHash);
      while (place % 2 === 0 && place !== 0) {
        place /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      secondHash = hashNode(secondHash, sibling);
    }
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && firstHash.equals(firstRoot) && secondHash.equals(secondRoot);
}
