import fc from "fast-check";
import { expect, test } from "vitest";
import { count, merge, quantile, type Histogram } from "./histogram.ts";

const latencies = fc.array(fc.double({ min: 0.01, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 300 });
const histogramOf = (values: readonly number[]): Histogram => {
  const histogram: Histogram = {};
  for (const value of values) count(histogram, value);
  return histogram;
};

test("a quantile lies within one per cent of the exact one", () => {
  fc.assert(
    fc.property(latencies, fc.constantFrom(0.5, 0.95, 1), (values, share) => {
      const exact = [...values].sort((a, b) => a - b)[Math.ceil(share * values.length) - 1]!;
      expect(Math.abs(quantile(histogramOf(values), share) / exact - 1)).toBeLessThan(0.01);
    }),
  );
});

test("histograms of parts add up to that of the whole", () => {
  fc.assert(
    fc.property(latencies, latencies, (a, b) => {
      expect(merge([histogramOf(a), histogramOf(b)])).toEqual(histogramOf([...a, ...b]));
    }),
  );
});

test("nothing counted has no quantile", () => {
  expect(quantile({}, 0.5)).toBeNaN();
});
