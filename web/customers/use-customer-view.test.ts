import { expect, it } from "vitest";
import { pagesOf } from "#web/customers/use-customer-view.ts";

it("asks for the pages in sight and for no other", () => {
  expect(pagesOf(0, 20, 100_000)).toEqual([0]);
  expect(pagesOf(45, 62, 100_000)).toEqual([0, 1]);
  expect(pagesOf(99_990, 99_999, 100_000)).toEqual([1999]);
});
it("stays within the list", () => {
  expect(pagesOf(0, 40, 10)).toEqual([0]);
  expect(pagesOf(0, 0, 0)).toEqual([]);
});
