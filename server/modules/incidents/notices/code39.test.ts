import { expect, test } from "vitest";
import { barsOf } from "./code39.ts";

test("the bars of a number begin and end with the sign that a scanner looks for", () => {
  const star = [1, 2.5, 1, 1, 2.5, 1, 2.5, 1, 1];
  const bars = barsOf("10");
  expect(bars.slice(0, 9)).toEqual(star);
  expect(bars.slice(-9)).toEqual(star);
  expect(bars.slice(10, 19)).toEqual([2.5, 1, 1, 2.5, 1, 1, 1, 1, 2.5]);
  expect(bars).toHaveLength(4 * 9 + 3);
});

test("each sign has three wide elements of nine, and no two signs are alike", () => {
  const signs = [..."0123456789-"].map((sign) => barsOf(sign).slice(10, 19));
  for (const sign of signs) expect(sign.filter((width) => width > 1)).toHaveLength(3);
  expect(new Set(signs.map(String)).size).toBe(11);
});

test("what has no bars is refused", () => {
  expect(() => barsOf("山")).toThrow("no bars");
});
