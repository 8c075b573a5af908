import fc from "fast-check";
import { expect, test } from "vitest";
import { createFieldSets } from "./field-sets.ts";
import { createPostingBuilder, eachBlock, usualSet } from "./postings.ts";
import { blockSize, chunkSize } from "./ranges.ts";
import { createBlockTally, createTallyWindow, inTally, latest, setOfRecord, setsInChunk, tallyStream, type BlockTally } from "./tally-block.ts";

/** Distances of one byte to five, sets of no byte, one and two. */
const posting = fc.record({
  step: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 90_000 }), fc.integer({ min: 131_000, max: 300_000 })),
  inBlock: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: blockSize - 1 })),
  set: fc.oneof(fc.constant(usualSet), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 120, max: 299 })),
  isAsked: fc.boolean(),
});

test("streams of any form are counted as one by one", () => {
  fc.assert(
    fc.property(fc.array(fc.array(posting, { maxLength: 60 }), { minLength: 1, maxLength: 3 }), fc.integer({ min: 0, max: 2 ** 30 }), (blocks, base) => {
      const fieldSets = createFieldSets();
      const numberOf = (set: number): number => (set === 2 ? 0 : fieldSets.numberOf([2 + (set % 70) * 2]) + 1);
      const window = createTallyWindow();
      const usual = [400, 402, 404].map((code) => fieldSets.numberOf([code]) + 1);
      for (let event = 0; event < window.usual.length; event++) window.usual[event] = event % 5 === 0 ? 0 : usual[event % 3]!;
      const sets = Uint16Array.from({ length: 300 }, (_, set) => numberOf(set));
      for (let chunk = 0; chunk < window.usual.length / chunkSize; chunk++) {
        window.setsOf[chunk] = sets;
        window.sets.set(sets.subarray(0, setsInChunk - 1), chunk * setsInChunk + 1);
      }
      const builder = createPostingBuilder();
      const expected = new Map<string, { count: number; first: number; last: number; codes: Set<number> }>();
      blocks.forEach((postings, blockNo) => {
        let event = 0;
        for (const { step, inBlock, set, isAsked } of postings) {
          event += step;
          if (event >= window.usual.length) break;
          builder.add(blockNo * blockSize + inBlock, event, set);
          if (isAsked) window.bits[event >>> 5]! |= 1 << (event & 31);
        }
      });
      // What is asked of an event is asked of all its records.
      blocks.forEach((postings, blockNo) => {
        let event = 0;
        for (const { step, inBlock, set } of postings) {
          event += step;
          if (event >= window.usual.length) break;
          const number = set === usualSet ? window.usual[event]! : sets[set]!;
          if (((window.bits[event >>> 5]! >>> (event & 31)) & 1) === 0 || number === 0) continue;
          const seen = expected.get(`${blockNo} ${inBlock}`) ?? { count: 0, first: Infinity, last: 0, codes: new Set() };
          expected.set(`${blockNo} ${inBlock}`, seen);
          seen.count += 1;
          seen.first = Math.min(seen.first, base + event);
          seen.last = Math.max(seen.last, base + event);
          for (const [field] of fieldSets.get(number - 1).fields) seen.codes.add(field);
        }
      });
      const tallies = new Map<number, BlockTally>();
      const tallyOf = (blockNo: number): BlockTally => {
        const tally = tallies.get(blockNo) ?? createBlockTally();
        tallies.set(blockNo, tally);
        return tally;
      };
      for (const [spanNo, packed] of builder.take(2)) {
        eachBlock(packed, 2, spanNo, (blockNo, from, to) => tallyStream(packed, from, to, 0, base, window, () => tallyOf(blockNo), fieldSets));
      }
      const found = new Map<string, unknown>();
      const united = new Map<number, number>();
      for (const [blockNo, tally] of tallies) {
        const { numbers } = tally;
        for (let inBlock = 0; inBlock < blockSize; inBlock++) {
          const place = inBlock * 4;
          const count = numbers[place + inTally.count]!;
          if (count === 0) continue;
          const { fields } = fieldSets.get(setOfRecord(tally, place, united, fieldSets));
          found.set(`${blockNo} ${inBlock}`, {
            count,
            first: latest - numbers[place + inTally.first]!,
            last: numbers[place + inTally.last]!,
            codes: new Set(fields.map(([field]) => field)),
          });
        }
      }
      expect(found).toEqual(expected);
    }),
    { numRuns: 60 },
  );
}, 30_000);
