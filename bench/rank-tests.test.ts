import { expect, test } from "vitest";
import { ksTest, mannWhitney, medianOf } from "./rank-tests.ts";

const row = (from: number, count: number): number[] => Array.from({ length: count }, (_, at) => from + at);

test("samples that lie alike are told apart by neither test", () => {
  const [odd, even] = [row(0, 200).filter((at) => at % 2 === 1), row(0, 200).filter((at) => at % 2 === 0)];
  expect(mannWhitney(odd, even).chance).toBeCloseTo(0.505, 3);
  expect(mannWhitney(odd, even).p).toBeGreaterThan(0.9);
  expect(ksTest(odd, even).p).toBeGreaterThan(0.99);
  expect(mannWhitney([1, 1, 1], [1, 1, 1])).toMatchObject({ chance: 0.5, p: expect.closeTo(1, 6) });
});

test("samples that lie apart are told apart by both", () => {
  expect(mannWhitney(row(1000, 100), row(0, 100)).chance).toBe(1);
  expect(mannWhitney(row(1000, 100), row(0, 100)).p).toBeLessThan(1e-6);
  expect(ksTest(row(1000, 100), row(0, 100))).toMatchObject({ distance: 1 });
  expect(ksTest(row(1000, 100), row(0, 100)).p).toBeLessThan(1e-6);
});

test("a known example comes to its known values", () => {
  // U = 25 of 40 (n = 5, m = 8), z = 0.732.
  expect(mannWhitney([5, 7, 9, 11, 13], [1, 2, 3, 6, 8, 10, 12, 14]).chance).toBeCloseTo(25 / 40, 10);
  expect(mannWhitney([5, 7, 9, 11, 13], [1, 2, 3, 6, 8, 10, 12, 14]).p).toBeCloseTo(0.4642, 3);
  expect(medianOf([3, 1, 2])).toBe(2);
  expect(medianOf([4, 1, 2, 3])).toBe(2.5);
});
