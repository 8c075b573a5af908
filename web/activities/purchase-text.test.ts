import { expect, it } from "vitest";
import { readAmount, readPurchase, totalsOf } from "#web/activities/purchase-text.ts";

it("amounts are added up by year, newest year first, and hidden ones count without an amount", () => {
  const text = (amount: string) => ({ product: "盤", quantity: "", amount, note: "" });
  expect(
    totalsOf([
      { boughtOn: "2025-04-01", text: text("1000") },
      { boughtOn: "2026-01-10", text: text("500") },
      { boughtOn: "2026-02-01", text: null },
      { boughtOn: "2026-03-01", text: text("-200") },
    ]),
  ).toEqual({
    years: [
      { year: "2026", amount: 300, count: 3 },
      { year: "2025", amount: 1000, count: 1 },
    ],
    amount: 1300,
  });
});

it("an amount is read as people write it, and anything else is refused", () => {
  expect(["１２８０円", "¥1,280", "-500", ""].map(readAmount)).toEqual(["1280", "1280", "-500", ""]);
  expect(["千円", "1.5", "12a"].map(readAmount)).toEqual([null, null, null]);
});

it("a hidden purchase reads as nothing", () => {
  expect(readPurchase({ hidden: true })).toBeNull();
  expect(readPurchase('{"product":"盤"}')).toEqual({ product: "盤", quantity: "", amount: "", note: "" });
});
