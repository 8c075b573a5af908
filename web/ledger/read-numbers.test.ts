import { expect, it } from "vitest";
import { readNumbers } from "#web/ledger/read-numbers.ts";

it("reads numbers from a column, from a sentence and in full width, each once", () => {
  expect(readNumbers("12\r\n７\n12\n")).toEqual([12, 7]);
  expect(readNumbers("顧客番号 3、45 と No.6")).toEqual([3, 45, 6]);
  expect(readNumbers("0, 99999999999, なし")).toEqual([]);
});
