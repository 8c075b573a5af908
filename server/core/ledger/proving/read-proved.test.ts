import { expect, test } from "vitest";
import type { ProvedRange } from "./book.ts";
import type { ChunkEntry } from "./range-body.ts";
import { provedPacking } from "./read-proved.ts";

const rangeWith = (level: 0 | 1, rangeNo: number, chunks: readonly ChunkEntry[]): ProvedRange => ({
  level,
  rangeNo,
  chunks,
  sha256: Buffer.alloc(32),
  eventsUpTo: 0,
  postings: new Map(),
  state: { roundNo: 0, treeSize: 0, highestNo: 0, frontier: Buffer.alloc(0), batches: [], lastTimes: [] },
});
const entry = (eventCount: number): ChunkEntry => ({
  eventCount,
  firstAt: 0,
  lastAt: 0,
  digestOf: () => Buffer.alloc(32),
  types: () => new Map(),
  bytes: Buffer.alloc(0),
});

test("each chunk is found, also where ranges in between are left out", () => {
  const ranges = [
    rangeWith(
      1,
      2,
      Array.from({ length: 16 }, (_, at) => entry(at)),
    ),
    rangeWith(0, 70, [entry(700)]),
    rangeWith(0, 75, [entry(750)]),
  ];
  const packing = provedPacking(ranges, () => undefined);
  expect([32, 47, 70, 75].map((chunkNo) => packing.chunk(chunkNo).eventCount)).toEqual([0, 15, 700, 750]);
});
