import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  appendHash,
  emptyFrontier,
  emptyRoot,
  hashLeaf,
  holdsConsistency,
  holdsInclusion,
  packFrontier,
  parseFrontier,
  proveConsistency,
  proveInclusion,
  rootOfFrontier,
  rootOfHashes,
  subtreesOf,
} from "./merkle.ts";

// The leaves and roots of certificate-transparency's published RFC 6962 test vectors.
const leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const roots = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
const leafHashes = leaves.map((hex) => hashLeaf(Buffer.from(hex, "hex")));

/** MTH of RFC 6962 section 2.1, word by word and by node:crypto. */
function slowRoot(hashes: Buffer[]): Buffer {
  if (hashes.length === 0) return createHash("sha256").digest();
  if (hashes.length === 1) return hashes[0]!;
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return createHash("sha256")
    .update(Buffer.from([1]))
    .update(slowRoot(hashes.slice(0, k)))
    .update(slowRoot(hashes.slice(k)))
    .digest();
}

const manyHashes = (count: number): Buffer[] => Array.from({ length: count }, (_, index) => hashLeaf(Buffer.from(`${index}`)));

describe("the tree of RFC 6962", () => {
  test("has the published roots for one to eight leaves", () => {
    expect(emptyRoot.toString("hex")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    const frontier = emptyFrontier();
    roots.forEach((root, index) => {
      expect(rootOfHashes(leafHashes.slice(0, index + 1)).toString("hex")).toBe(root);
      appendHash(frontier, leafHashes[index]!);
      expect(rootOfFrontier(frontier).toString("hex")).toBe(root);
    });
  });

  test("has the published inclusion proofs", () => {
    const whole = subtreesOf(Buffer.concat(leafHashes));
    expect(proveInclusion(0, 1, whole)).toEqual([]);
    expect(proveInclusion(0, 8, whole).map((hash) => hash.toString("hex"))).toEqual([
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]);
    expect(proveInclusion(5, 8, whole).map((hash) => hash.toString("hex"))).toEqual([
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]);
  });

  test("has the published consistency proofs", () => {
    const whole = subtreesOf(Buffer.concat(leafHashes));
    expect(proveConsistency(1, 1, whole)).toEqual([]);
    expect(proveConsistency(1, 8, whole).map((hash) => hash.toString("hex"))).toEqual([
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]);
    expect(proveConsistency(6, 8, whole).map((hash) => hash.toString("hex"))).toEqual([
      "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]);
  });

  test("is the same whether built at once, leaf by leaf, or by the letter of the RFC", () => {
    for (const count of [0, 1, 2, 3, 255, 1023, 1024, 1025, 2049, 3000]) {
      const hashes = manyHashes(count);
      const frontier = emptyFrontier();
      for (const hash of hashes) appendHash(frontier, hash);
      const root = slowRoot(hashes);
      expect(rootOfHashes(hashes)).toEqual(root);
      expect(rootOfFrontier(frontier)).toEqual(root);
      expect(rootOfFrontier(parseFrontier(count, packFrontier(frontier)))).toEqual(root);
    }
    expect(() => parseFrontier(3, Buffer.alloc(32))).toThrow();
  });

  test("proves every leaf, and no other leaf, place or root", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 80 }), fc.nat(), fc.nat(), (size, pick, other) => {
        const hashes = manyHashes(size);
        const root = rootOfHashes(hashes);
        const index = pick % size;
        const path = proveInclusion(index, size, subtreesOf(Buffer.concat(hashes)));
        expect(holdsInclusion(hashes[index]!, index, size, path, root)).toBe(true);
        if (other % size !== index) {
          expect(holdsInclusion(hashes[other % size]!, index, size, path, root)).toBe(false);
          expect(holdsInclusion(hashes[index]!, other % size, size, path, root)).toBe(false);
        }
        expect(holdsInclusion(hashes[index]!, index, size, path, hashLeaf(root))).toBe(false);
        expect(holdsInclusion(hashes[index]!, index, size, [...path, root], root)).toBe(false);
      }),
    );
  });

  test("proves that a later tree continues an earlier one, and that a fork does not", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 70 }), fc.integer({ min: 0, max: 70 }), fc.nat(), (a, b, pick) => {
        const [first, second] = a < b ? [a, b] : [b, a];
        const hashes = manyHashes(second);
        const firstRoot = rootOfHashes(hashes.slice(0, first));
        const path = proveConsistency(first, second, subtreesOf(Buffer.concat(hashes)));
        expect(holdsConsistency(first, second, firstRoot, rootOfHashes(hashes), path)).toBe(true);
        if (first > 0) {
          const forked = hashes.slice();
          forked[pick % first] = hashLeaf(Buffer.from("forked"));
          const forkedPath = proveConsistency(first, second, subtreesOf(Buffer.concat(forked)));
          expect(holdsConsistency(first, second, firstRoot, rootOfHashes(forked), forkedPath)).toBe(false);
        }
      }),
    );
  });
});
