import fc from "fast-check";
import { expect, test } from "vitest";
import { createPostingBuilder, eachBlock, eachPosting, joinRanges, usualSet } from "./postings.ts";
import { blockSize, childrenOfRange, levelBits, type Level } from "./ranges.ts";

interface Posting {
  readonly offset: number;
  readonly no: number;
  readonly set: number;
}

/** In the order in which they are added: events ascending, a record once for each event. */
const postingsOf = (mostOffset: number, mostNo: number): fc.Arbitrary<Posting[]> =>
  fc
    .uniqueArray(fc.record({ offset: fc.nat(mostOffset), no: fc.nat(mostNo), set: fc.oneof(fc.constant(usualSet), fc.nat(300)) }), {
      selector: ({ offset, no }) => `${offset}/${no}`,
      maxLength: 60,
    })
    .map((list) => list.sort((a, b) => a.offset - b.offset || a.no - b.no));

function rowsOf(postings: readonly Posting[], level: Level): [number, Buffer][] {
  const builder = createPostingBuilder();
  for (const { no, offset, set } of postings) builder.add(no, offset, set);
  return builder.take(level);
}

function read(rows: readonly (readonly [number, Buffer])[], level: Level): Posting[] {
  const found: Posting[] = [];
  for (const [spanNo, packed] of rows) {
    eachBlock(packed, level, spanNo, (blockNo, from, to, last) => {
      let lastSeen = -1;
      eachPosting(packed, from, to, (offset, inBlock, set) => {
        lastSeen = offset;
        found.push({ offset, no: blockNo * blockSize + inBlock, set });
      });
      expect(lastSeen).toBe(last);
    });
  }
  return found.sort((a, b) => a.offset - b.offset || a.no - b.no);
}

test("what was packed is read back, on every level, up to the largest record and the last event", () => {
  for (const level of [0, 1, 2] as const) {
    const last = (1 << levelBits[level]) - 1;
    fc.assert(
      fc.property(fc.oneof(postingsOf(last, 5_000), postingsOf(last, 2 ** 40 - 1)), (postings) => {
        expect(read(rowsOf(postings, level), level)).toEqual(postings);
      }),
      { numRuns: 60 },
    );
  }
  const extreme = [{ offset: 2 ** 20 - 1, no: 2 ** 40 - 1, set: 299 }];
  expect(read(rowsOf(extreme, 2), 2)).toEqual(extreme);
});

test("ranges that are joined are, byte for byte, what packing them at once gives", () => {
  for (const level of [0, 1] as const) {
    const size = 1 << levelBits[level];
    fc.assert(
      fc.property(fc.array(postingsOf(size - 1, 200_000), { minLength: childrenOfRange, maxLength: childrenOfRange }), (children) => {
        const rows = children.flatMap((postings, place) => rowsOf(postings, level).map(([spanNo, packed]) => ({ place, spanNo, packed })));
        const whole = children.flatMap((postings, place) => postings.map((posting) => ({ ...posting, offset: place * size + posting.offset })));
        expect(joinRanges(rows, level)).toEqual(rowsOf(whole, (level + 1) as Level));
      }),
      { numRuns: 30 },
    );
  }
});
