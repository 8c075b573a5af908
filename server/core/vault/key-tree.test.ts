import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyCache } from "./key-cache.ts";
import { leafCount, newKeyTree, parseKeyTree, treeLevels, type KeyTree } from "./key-tree.ts";

const root = Buffer.alloc(32, 7);
const bounds = { innerKeys: 16, leafKeys: 16 };
const keyText = (tree: KeyTree, leaf: number): string | undefined => tree.deriveKey(leaf)?.toString("hex");

/** Leaves that crowd into few branches, so that neighbours, whole branches and far ones all occur. */
const leaf = fc.oneof(
  fc.integer({ min: 0, max: 200 }),
  fc.integer({ min: 0, max: 200 }).map((no) => 2 ** 42 + no),
  fc.integer({ min: 0, max: 2 ** 20 }).map((no) => 3 * 2 ** 42 + no * 64),
  fc.integer({ min: 0, max: leafCount - 1 }),
);

describe("a key tree", () => {
  test("derives a leaf by HMAC-SHA-512/256 of level and digit, as node:crypto computes it", () => {
    const tree = newKeyTree(root, bounds);
    const no = 0x3f_abcd_ef01_23;
    let key = root;
    for (let level = 1; level <= treeLevels; level++) {
      const digit = Math.floor(no / 64 ** (treeLevels - level)) % 64;
      key = createHmac("sha512", key)
        .update(Buffer.from([level, digit]))
        .digest()
        .subarray(0, 32);
    }
    expect(keyText(tree, no)).toBe(key.toString("hex"));
  });

  test("after any punctures derives all other leaves as before and none of the punctured, also when stored and read again", () => {
    fc.assert(
      fc.property(fc.array(leaf, { maxLength: 6 }), fc.array(leaf, { maxLength: 12 }), (punctured, others) => {
        const whole = newKeyTree(root, bounds);
        const tree = newKeyTree(root, bounds);
        const dead = new Set(punctured);
        // What was derived before must not answer from a cache afterwards.
        for (const no of [...punctured, ...others]) tree.deriveKey(no);
        for (const no of punctured) tree.puncture(no);
        const stored = tree.serialise();
        const again = parseKeyTree(stored, bounds);
        for (const each of [tree, again]) {
          for (const no of punctured) expect(each.deriveKey(no)).toBeUndefined();
          for (const no of [...others, ...punctured.map((no) => (no === 0 ? 1 : no - 1))]) {
            if (dead.has(no)) continue;
            expect(keyText(each, no)).toBe(keyText(whole, no));
            expect(each.isPunctured(no)).toBe(false);
          }
        }
        expect(again.serialise().equals(stored)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test("keeps no key from which a punctured leaf could be derived", () => {
    const tree = newKeyTree(root, bounds);
    const no = 5 * 2 ** 42 + 123_456;
    const way = [root];
    for (let level = 1; level <= treeLevels; level++) {
      const digit = Math.floor(no / 64 ** (treeLevels - level)) % 64;
      way.push(
        createHmac("sha512", way[level - 1] ?? root)
          .update(Buffer.from([level, digit]))
          .digest()
          .subarray(0, 32),
      );
    }
    expect(tree.serialise().includes(root)).toBe(true);
    tree.puncture(no);
    const stored = tree.serialise();
    for (const key of way) expect(stored.includes(key)).toBe(false);
  });

  test("tells the first puncture of a leaf from a repeated one", () => {
    const tree = newKeyTree(root, bounds);
    expect(tree.puncture(9)).toBe(true);
    expect(tree.puncture(9)).toBe(false);
  });

  test("grows by at most 8 KB a puncture beside others, and shrinks when a whole branch is gone", () => {
    const tree = newKeyTree(root, bounds);
    tree.puncture(0);
    const first = tree.serialise().length;
    expect(first).toBeLessThan(22 * 1024);
    tree.puncture(2 ** 24 - 1);
    expect(tree.serialise().length - first).toBeLessThanOrEqual(8 * 1024);
    const before = tree.serialise().length;
    for (let no = 1; no < 64; no++) tree.puncture(no);
    expect(tree.serialise().length).toBeLessThan(before - 1024);
    expect(keyText(tree, 64)).toBe(keyText(newKeyTree(root, bounds), 64));
  });

  test("refuses leaves that it does not have", () => {
    const tree = newKeyTree(root, bounds);
    for (const no of [-1, leafCount, 0.5, Number.NaN]) expect(() => tree.deriveKey(no)).toThrow("outside");
  });

  test("refuses damaged bytes", () => {
    const tree = newKeyTree(root, bounds);
    tree.puncture(3);
    const stored = tree.serialise();
    expect(() => parseKeyTree(stored.subarray(0, stored.length - 1), bounds)).toThrow("damaged");
    expect(() => parseKeyTree(Buffer.concat([stored, Buffer.alloc(1)]), bounds)).toThrow("damaged");
    expect(() => parseKeyTree(Buffer.from("nothing of the kind"), bounds)).toThrow("known form");
  });
});

describe("a key cache", () => {
  test("answers with the key that was kept, or not at all", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 2 ** 52 }), fc.boolean()), { maxLength: 200 }), (acts) => {
        const cache = keyCache(16);
        const kept = new Map<number, number>();
        const into = new Uint32Array(8);
        for (const [index, [tag, isForgotten]] of acts.entries()) {
          if (isForgotten) {
            cache.forget(tag);
            kept.delete(tag);
          } else {
            cache.keep(tag, new Uint32Array(8).fill(index));
            kept.set(tag, index);
          }
        }
        for (const [tag] of acts) if (cache.read(tag, into)) expect([...into]).toEqual(Array(8).fill(kept.get(tag)));
      }),
    );
  });

  test("holds what was used last", () => {
    const cache = keyCache(4);
    const into = new Uint32Array(8);
    for (const tag of [1, 2, 3, 4]) cache.keep(tag, new Uint32Array(8).fill(tag));
    cache.read(1, into);
    cache.keep(5, new Uint32Array(8).fill(5));
    expect([1, 2, 3, 4, 5].filter((tag) => cache.read(tag, into))).toEqual([1, 3, 4, 5]);
  });
});
