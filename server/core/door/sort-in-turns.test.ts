import fc from "fast-check";
import { expect, test } from "vitest";
import { sortInTurns } from "./sort-in-turns.ts";

test("sorts as sorting at once does, keeping the order of equals", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 0, maxLength: 5_000, size: "max" }), async (numbers) => {
      const items = numbers.map((by, at) => ({ by, at }));
      const compare = (a: { by: number }, b: { by: number }): number => a.by - b.by;
      expect(await sortInTurns(items, compare)).toEqual(items.toSorted(compare));
    }),
    { numRuns: 20 },
  );
});

test("lets others go on meanwhile", async () => {
  let turns = 0;
  let isSorted = false;
  const count = (): void => {
    turns += 1;
    if (!isSorted) setImmediate(count);
  };
  setImmediate(count);
  const numbers = Array.from({ length: 100_000 }, (_, at) => (at * 7919) % 100_003);
  await sortInTurns(numbers, (a, b) => a - b);
  isSorted = true;
  expect(turns).toBeGreaterThan(20);
});
