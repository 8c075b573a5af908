import sodium from "sodium-native";
import { keyCache } from "./key-cache.ts";
import { secretMemory, wipe } from "./secret-memory.ts";

/*
 * A puncturable pseudo-random function (Goldreich, Goldwasser, Micali 1986): a tree of 8 levels with 64 children a node,
 * so 2^48 leaves. A child's key is HMAC-SHA-512/256 of (level, digit) under its parent's; a leaf's key is a subject's.
 * The state begins as the root alone. Puncturing a leaf replaces each node on its path by the other 63 children and
 * forgets the node, so that the leaf's key cannot be derived from the state any more, while every other still can. The
 * upper four levels choose the kind and the high part of the number, so a root that could derive a punctured tree
 * anew stands nowhere. Costs: 22 KB for the first puncture of a kind, at most 8 KB for another one, less the denser they lie.
 */
export const treeLevels = 8;
const width = 64;
const keyLength = 32;
const bitsOfLevel = 6;
export const leafCount = 2 ** (treeLevels * bitsOfLevel);

const gone = 0;
const key = 1;
const expanded = 2;

/** A node whose children are not all derivable from one key any more. The crown is one with a single child: the root. */
interface Branch {
  readonly states: Uint8Array;
  /** `width` keys; that of a child that is gone or expanded is zero. */
  readonly keys: Buffer;
  readonly branches: Map<number, Branch>;
}

export interface KeyTree {
  /** The key of a leaf, or undefined when it was punctured. One buffer for all calls: valid until the next. */
  deriveKey(leaf: number): Buffer | undefined;
  /** Makes a leaf's key underivable for ever. False when it was so already. */
  puncture(leaf: number): boolean;
  isPunctured(leaf: number): boolean;
  /** The whole state, keys in the clear: to be sealed, then wiped. */
  serialise(): Buffer;
  /** Zeroes all keys. The tree is unusable afterwards. */
  close(): void;
}

/** A whole tree under a root key of 32 bytes, which is copied. */
export function newKeyTree(root: Buffer, bounds: { innerKeys?: number; leafKeys?: number } = {}): KeyTree {
  const slots = branchMemory();
  const crown = slots.take();
  root.copy(crown.keys, 0, 0, keyLength);
  crown.states[0] = key;
  return treeOf(crown, slots, bounds);
}

/** The inverse of serialise. Throws when the bytes are no tree. */
export function parseKeyTree(bytes: Buffer, bounds: { innerKeys?: number; leafKeys?: number } = {}): KeyTree {
  if (bytes[0] !== 1 || bytes[1] !== treeLevels || bytes[2] !== width) throw new Error("not a key tree of a known form");
  const slots = branchMemory();
  let at = 3;
  const readBranch = (level: number, children: number): Branch => {
    const branch = slots.take();
    const statesAt = at;
    at += Math.ceil(children / 4);
    for (let digit = 0; digit < children; digit++) {
      const state = ((bytes[statesAt + (digit >> 2)] ?? 0) >> ((digit & 3) * 2)) & 3;
      if (state > expanded || (state === expanded && level === treeLevels)) throw new Error("a damaged key tree");
      branch.states[digit] = state;
      if (state === key) {
        if (at + keyLength > bytes.length) throw new Error("a damaged key tree");
        bytes.copy(branch.keys, digit * keyLength, at, at + keyLength);
        at += keyLength;
      } else if (state === expanded) {
        branch.branches.set(digit, readBranch(level + 1, width));
      }
    }
    return branch;
  };
  const crown = readBranch(0, 1);
  if (at !== bytes.length) throw new Error("a damaged key tree");
  return treeOf(crown, slots, bounds);
}

function treeOf(crown: Branch, slots: BranchMemory, bounds: { innerKeys?: number; leafKeys?: number }): KeyTree {
  const inner = keyCache(bounds.innerKeys ?? 16_384);
  const leaves = keyCache(bounds.leafKeys ?? 65_536);
  const current = secretMemory(keyLength);
  const currentWords = new Uint32Array(current.buffer, current.byteOffset, keyLength / 4);
  const next = secretMemory(keyLength);
  const label = Buffer.alloc(2);

  const childKey = (into: Buffer, parent: Buffer, level: number, digit: number): void => {
    label[0] = level;
    label[1] = digit;
    sodium.crypto_auth(into, label, parent);
  };

  /** The deepest branch on the way to a leaf, with the level and digit of its child there. */
  const walk = (leaf: number): { branch: Branch; level: number; digit: number; state: number } => {
    let branch = crown;
    let level = 0;
    let digit = 0;
    for (;;) {
      const state = branch.states[digit] ?? gone;
      const below = state === expanded ? branch.branches.get(digit) : undefined;
      if (below === undefined) return { branch, level, digit, state };
      branch = below;
      level += 1;
      digit = digitOf(leaf, level);
    }
  };

  const expand = (branch: Branch, level: number, digit: number): Branch => {
    const below = slots.take();
    branch.keys.copy(current, 0, digit * keyLength, (digit + 1) * keyLength);
    for (let child = 0; child < width; child++) {
      childKey(next, current, level + 1, child);
      next.copy(below.keys, child * keyLength);
    }
    below.states.fill(key);
    wipe(current, next);
    branch.keys.fill(0, digit * keyLength, (digit + 1) * keyLength);
    branch.states[digit] = expanded;
    branch.branches.set(digit, below);
    return below;
  };

  /** Gives back the branches on a leaf's way under which nothing is left. */
  const collapse = (leaf: number): void => {
    const way: { branch: Branch; digit: number }[] = [];
    for (let branch: Branch | undefined = crown, level = 0; branch !== undefined; level++) {
      const digit = level === 0 ? 0 : digitOf(leaf, level);
      way.push({ branch, digit });
      branch = branch.branches.get(digit);
    }
    for (let level = way.length - 1; level > 0; level--) {
      const here = way[level];
      const above = way[level - 1];
      if (here === undefined || above === undefined || here.branch.states.some((state) => state !== gone)) return;
      above.branch.branches.delete(above.digit);
      above.branch.states[above.digit] = gone;
      slots.giveBack(here.branch);
    }
  };

  return {
    deriveKey(leaf) {
      checkLeaf(leaf);
      if (leaves.read(leaf, currentWords)) return current;
      let level = treeLevels - 1;
      while (level > 0 && !inner.read(innerTag(leaf, level), currentWords)) level -= 1;
      if (level === 0) {
        const found = walk(leaf);
        if (found.state === gone) return undefined;
        found.branch.keys.copy(current, 0, found.digit * keyLength, (found.digit + 1) * keyLength);
        level = found.level;
      }
      while (level < treeLevels) {
        level += 1;
        childKey(next, current, level, digitOf(leaf, level));
        next.copy(current);
        if (level < treeLevels) inner.keep(innerTag(leaf, level), currentWords);
      }
      leaves.keep(leaf, currentWords);
      return current;
    },
    puncture(leaf) {
      checkLeaf(leaf);
      let { branch, level, digit, state } = walk(leaf);
      if (state === gone) return false;
      while (level < treeLevels) {
        branch = expand(branch, level, digit);
        level += 1;
        digit = digitOf(leaf, level);
      }
      branch.keys.fill(0, digit * keyLength, (digit + 1) * keyLength);
      branch.states[digit] = gone;
      collapse(leaf);
      leaves.forget(leaf);
      for (let each = 1; each < treeLevels; each++) inner.forget(innerTag(leaf, each));
      wipe(current, next);
      return true;
    },
    isPunctured(leaf) {
      checkLeaf(leaf);
      return walk(leaf).state === gone;
    },
    serialise() {
      const bytes = Buffer.alloc(3 + sizeOf(crown, 1));
      bytes[0] = 1;
      bytes[1] = treeLevels;
      bytes[2] = width;
      let at = 3;
      const write = (branch: Branch, children: number): void => {
        const statesAt = at;
        at += Math.ceil(children / 4);
        for (let digit = 0; digit < children; digit++) {
          const state = branch.states[digit] ?? gone;
          const index = statesAt + (digit >> 2);
          bytes[index] = (bytes[index] ?? 0) | (state << ((digit & 3) * 2));
          if (state === key) {
            at += branch.keys.copy(bytes, at, digit * keyLength, (digit + 1) * keyLength);
          } else if (state === expanded) {
            const below = branch.branches.get(digit);
            if (below === undefined) throw new Error("a branch of a key tree is missing");
            write(below, width);
          }
        }
      };
      write(crown, 1);
      return bytes;
    },
    close() {
      crown.states.fill(gone);
      crown.branches.clear();
      slots.close();
      inner.close();
      leaves.close();
      wipe(current, next);
    },
  };
}

function checkLeaf(leaf: number): void {
  if (!Number.isSafeInteger(leaf) || leaf < 0 || leaf >= leafCount) throw new Error("a leaf lies outside the key tree");
}

/** The digit (0–63) of a leaf's way at a level from 1 (below the root) to `treeLevels`. */
function digitOf(leaf: number, level: number): number {
  const shift = (treeLevels - level) * bitsOfLevel;
  // 32-bit shifts see only the low part of a number.
  return shift < 24 ? (leaf >>> shift) & (width - 1) : Math.floor(leaf / 2 ** shift) % width;
}

/** Names the node on a leaf's way at a level, below 2^52. */
function innerTag(leaf: number, level: number): number {
  return level * leafCount + Math.floor(leaf / 2 ** ((treeLevels - level) * bitsOfLevel));
}

function sizeOf(branch: Branch, children: number): number {
  let size = Math.ceil(children / 4);
  for (let digit = 0; digit < children; digit++) if (branch.states[digit] === key) size += keyLength;
  for (const below of branch.branches.values()) size += sizeOf(below, width);
  return size;
}

interface BranchMemory {
  take(): Branch;
  giveBack(branch: Branch): void;
  close(): void;
}

/** Guarded memory costs several pages each, so branches share it by the slab. */
function branchMemory(): BranchMemory {
  const slabs: Buffer[] = [];
  const free: Buffer[] = [];
  return {
    take() {
      if (free.length === 0) {
        const slab = secretMemory(slabs.length === 0 ? width * keyLength * 4 : width * keyLength * 32);
        slabs.push(slab);
        for (let at = 0; at < slab.length; at += width * keyLength) free.push(slab.subarray(at, at + width * keyLength));
      }
      const keys = free.pop();
      if (keys === undefined) throw new Error("no memory for a branch");
      return { states: new Uint8Array(width), keys, branches: new Map() };
    },
    giveBack(branch) {
      wipe(branch.keys);
      free.push(branch.keys);
    },
    close() {
      wipe(...slabs);
      free.length = 0;
    },
  };
}
