import { expect, it } from "vitest";
import { pagesOf, rowsToShow } from "#web/customers/use-customer-view.ts";

it("asks for the pages in sight and for no other", () => {
  expect(pagesOf(0, 20, 100_000)).toEqual([0]);
  expect(pagesOf(45, 62, 100_000)).toEqual([0, 1]);
  expect(pagesOf(99_990, 99_999, 100_000)).toEqual([1999]);
});
it("stays within the list", () => {
  expect(pagesOf(0, 40, 10)).toEqual([0]);
  expect(pagesOf(0, 0, 0)).toEqual([]);
});
it("leaves room for one more row while a search goes on, and none when it has ended", () => {
  expect(rowsToShow({ total: 50, isComplete: false })).toBe(51);
  expect(rowsToShow({ total: 73, isComplete: false, isExhausted: true })).toBe(73);
  expect(rowsToShow({ total: 28, isComplete: true })).toBe(28);
  expect(rowsToShow(undefined)).toBe(0);
});
