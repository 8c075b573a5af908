import fc from "fast-check";
import { expect, test } from "vitest";
import { markReleased, marksOf, releasedNothing, releasedPairs } from "./field-marks.ts";

const marks = fc.array(fc.tuple(fc.oneof(fc.integer({ min: 1, max: 63 }), fc.integer({ min: 64, max: 8191 })), fc.constantFrom(1 as const, 2 as const)), {
  maxLength: 40,
});
const marked = (given: readonly (readonly [number, 1 | 2])[]) => {
  const record = releasedNothing("customer", 1);
  for (const [fieldNo, how] of given) markReleased(record, fieldNo, how);
  return record;
};

test("what was marked comes out once each, ascending, at the most that was shown of it", () => {
  fc.assert(
    fc.property(marks, (given) => {
      const most = new Map<number, 1 | 2>();
      for (const [fieldNo, how] of given) most.set(fieldNo, how === 2 || most.get(fieldNo) === 2 ? 2 : 1);
      expect(releasedPairs(marked(given))).toEqual([...most].toSorted(([a], [b]) => a - b));
    }),
    { numRuns: 500 },
  );
});

test("records are of one group exactly when the same was marked in them, in whatever order", () => {
  fc.assert(
    fc.property(marks, marks, (one, other) => {
      expect(marksOf(marked(one))).toBe(marksOf(marked(one.toReversed())));
      const asSet = (given: typeof one): string => [...new Set(given.map(String))].toSorted().join(" ");
      expect(marksOf(marked(one)) === marksOf(marked(other))).toBe(asSet(one) === asSet(other));
    }),
    { numRuns: 500 },
  );
});

test("a text that is no field marks nothing, and standard fields alone take no further room", () => {
  const record = marked([
    [1, 2],
    [63, 1],
  ]);
  markReleased(record, 0, 2);
  expect([record.own, releasedPairs(record)]).toEqual([
    null,
    [
      [1, 2],
      [63, 1],
    ],
  ]);
});
