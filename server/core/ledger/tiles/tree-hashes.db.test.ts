import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase, type TestDatabase } from "#tests/support/database.ts";
import { beginLedger, openTestLedger, startTestSequencer, testEvent } from "#tests/support/ledger.ts";
import { appendHash, emptyFrontier, hashLeaf, holdsConsistency, holdsInclusion, packFrontier, rootOfHashes } from "../merkle.ts";
import { proveConsistencyIn, proveInclusionIn } from "./prove-tree.ts";
import { readEntryBundle, readTile } from "./read-tile.ts";
import { tilesOf } from "./tile-path.ts";

const size = 66_000;
const leaves = Array.from({ length: size }, (_, index) => hashLeaf(Buffer.from(`leaf ${index}`)));

let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
  await beginLedger(database);
  // Rounds as the sequencer stores them, of many widths, so that tiles begin and end anywhere within them.
  const frontier = emptyFrontier();
  const widths = [1, 254, 1, 1, 255, 3000, 17, 20_000, 511];
  for (let from = 0, round = 1; from < size; round += 1) {
    const count = Math.min(size - from, widths[(round - 1) % widths.length]!);
    for (const leaf of leaves.slice(from, from + count)) appendHash(frontier, leaf);
    await database.owner.query(
      `insert into ledger_rounds (round_no, epoch_no, first_sequence, event_count, event_nos, leaf_hashes, frontier, lowest_event_no, highest_event_no, settled_event_no)
       select $1, 1, $2, $3, array(select generate_series($2::int8 + 1, $2::int8 + $3::int4)), $4, $5, $2::int8 + 1, $2::int8 + $3::int4, $2::int8 + $3::int4`,
      [round, from, count, Buffer.concat(leaves.slice(from, from + count)), packFrontier(frontier)],
    );
    from += count;
  }
});
afterAll(() => database.drop());

const roots = new Map<number, Buffer>();
function rootOf(count: number): Buffer {
  const root = roots.get(count) ?? rootOfHashes(leaves.slice(0, count));
  roots.set(count, root);
  return root;
}

/** The hashes of a level by the letter of tlog-tiles: MTH(D[i * 256**l : (i + 1) * 256**l]). */
const naive = (level: number, at: number): Buffer => rootOfHashes(leaves.slice(at * 256 ** level, (at + 1) * 256 ** level));

test.each([1, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 66_000])("the tiles of a tree of %i leaves are those of the definition", async (count) => {
  const tiles = tilesOf(count);
  const looked = tiles.filter((tile, at) => tile.level > 0 || at < 3 || at > tiles.length - 6 || tile.width < 256);
  for (const tile of looked) {
    const expected = Array.from({ length: tile.width }, (_, at) => naive(tile.level, tile.place * 256 + at));
    expect(await readTile(database.app, tile.level, tile, count), `${tile.level}/${tile.place}`).toEqual(Buffer.concat(expected));
  }
  const beyond = tiles.filter((tile) => tile.width < 256).map((tile) => ({ ...tile, width: tile.width + 1 }));
  for (const tile of beyond) expect(await readTile(database.app, tile.level, tile, count)).toBeUndefined();
  expect(await readTile(database.app, 4, { place: 0, width: 1 }, count)).toBeUndefined();
});

test("inclusion proofs from tiles hold at every edge, and for no other leaf", async () => {
  for (const count of [1, 2, 255, 256, 257, 65_536, 65_537, size]) {
    const root = rootOf(count);
    for (const index of new Set([0, 1, 254, 255, 256, 257, 65_535, 65_536, count - 1])) {
      if (index >= count) continue;
      const path = await proveInclusionIn(database.app, index, count);
      expect(holdsInclusion(leaves[index]!, index, count, path, root), `${index} in ${count}`).toBe(true);
      expect(holdsInclusion(leaves[(index + 1) % size]!, index, count, path, root)).toBe(false);
    }
  }
});

test("consistency proofs from tiles hold at every edge, and not for a fork", async () => {
  const sizes = [0, 1, 255, 256, 257, 512, 65_535, 65_536, 65_537, size];
  for (const [at, first] of sizes.entries()) {
    for (const second of sizes.slice(at)) {
      const path = await proveConsistencyIn(database.app, first, second);
      expect(holdsConsistency(first, second, rootOf(first), rootOf(second), path), `${first} to ${second}`).toBe(true);
      if (first > 0 && first < second) expect(holdsConsistency(first, second, hashLeaf(rootOf(first)), rootOf(second), path)).toBe(false);
    }
  }
});

test("a tile says nothing of a tree that does not reach that far", async () => {
  await expect(proveInclusionIn(database.app, 5, size + 10)).rejects.toThrow("does not reach that far");
  await expect(proveInclusionIn(database.app, size, size)).rejects.toThrow("not in a tree");
});

test("an entry bundle holds the leaves: each hashes to its place in the tile", async () => {
  const other = await cloneDatabase();
  try {
    await beginLedger(other);
    const ledger = await openTestLedger(other);
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(Array.from({ length: 100 }, (_, at) => ledger.append(testEvent({ facts: { at, round } }))));
      const sequencer = startTestSequencer(other);
      await sequencer.sequenceNow();
      await sequencer.stop();
    }
    await ledger.close();
    for (const tile of [
      { place: 0, width: 256 },
      { place: 1, width: 44 },
      { place: 1, width: 3 },
    ]) {
      const bundle = (await readEntryBundle(other.app, tile, 300))!;
      const hashes: Buffer[] = [];
      for (let at = 0; at < bundle.length;) {
        const length = bundle.readUInt16BE(at);
        hashes.push(hashLeaf(bundle.subarray(at + 2, at + 2 + length)));
        at += 2 + length;
      }
      expect(Buffer.concat(hashes)).toEqual(await readTile(other.app, 0, tile, 300));
    }
    expect(await readEntryBundle(other.app, { place: 1, width: 45 }, 300)).toBeUndefined();
    await ledger.close();
    await other.owner.query("update ledger_events set header = header || repeat(' ', 70000) where event_no = 5");
    expect(await readEntryBundle(other.app, { place: 0, width: 256 }, 300)).toBeUndefined();
  } finally {
    await other.drop();
  }
});
