import fc from "fast-check";
import { expect, test } from "vitest";
import { multiplyAmount, normaliseAmount } from "./normalise-amount.ts";
import { preparePurchasePlan } from "./plan-purchase.ts";

test.each([
  ["1234", "1234"],
  ["¥1,234", "1234"],
  ["￥１，２３４", "1234"],
  ["１２，３４５円", "12345"],
  ["\\9,800-", "9800"],
  ["1,100円(税込)", "1100"],
  ["税込 550円", "550"],
  ["1500.00", "1500"],
  ["▲500", "-500"],
  ["△ 1,200", "-1200"],
  ["(300)", "-300"],
  ["−80", "-80"],
  ["0", "0"],
  ["000", "0"],
  ["-0", "0"],
  ["", ""],
  ["－", ""],
])("yen as people write them: %s", (text, value) => {
  expect(normaliseAmount(text)).toEqual({ value });
});

test.each(["1.5万円", "12,34", "1,2345", "約500", "500-600", "12.5", "無料", "1 2 3 x", "1,234,56", "$5", "--5", "5--", "1e3"])(
  "what is no whole yen for sure is refused: %s",
  (text) => {
    expect(normaliseAmount(text)).toEqual({ problem: "bad-number" });
  },
);

test("more digits than a purchase keeps are refused", () => {
  expect(normaliseAmount("1,000,000,000,000")).toEqual({ problem: "too-long" });
});

test("every amount reads the same in every dress, and a price times a quantity is exact", () => {
  const yen = fc.integer({ min: 0, max: 999_999_999 });
  fc.assert(
    fc.property(yen, (amount) => {
      const grouped = String(amount).replace(/\B(?=(\d{3})+$)/g, ",");
      const wide = grouped.replace(/[0-9,]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));
      for (const text of [String(amount), grouped, wide, `¥${grouped}`, `${wide}円`, ` ${grouped}.00 `]) {
        expect(normaliseAmount(text)).toEqual({ value: String(amount) });
      }
    }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999 }), fc.integer({ min: 0, max: 999 }), (price, count) => {
      expect(multiplyAmount(String(price), `${count}個`)).toBe(String(price * count));
    }),
  );
  expect(multiplyAmount("12.5", "2")).toBe("25");
  expect(multiplyAmount("12.5", "3")).toBeUndefined();
  expect(multiplyAmount("100", "一式")).toBeUndefined();
});

const fields = ["memberNumber", "mail", "fullName", "boughtOn", "product", "quantity", "unitPrice", "amount", "purchaseNote"] as const;
const plan = preparePurchasePlan({ headerRow: 1, columns: fields.map((field, column) => ({ column, field })), today: "2026-11-22" });
const row = (...cells: string[]) => plan({ row: 2, cells });

test("a row is a purchase when its day, its product and a sign of its buyer can be read", () => {
  expect(row("Ａ－１", "", "雨宮　澄江", "令和8年11月3日", " 緑茶 ", "１２", "", "￥３，６００", "贈答")).toMatchObject({
    kind: "planned",
    buyer: { memberNumber: "A-1", fullName: "雨宮　澄江" },
    buyerCell: { column: 0, field: "memberNumber" },
    boughtOn: "2026-11-03",
    purchase: { product: "緑茶", quantity: "12", amount: "3600", note: "贈答" },
  });
});

test("without an amount the price of one times the quantity stands for it", () => {
  expect(row("1", "", "", "2026/11/1", "茶", "3個", "¥1,200", "", "")).toMatchObject({ purchase: { quantity: "3個", amount: "3600" } });
  expect(row("1", "", "", "2026/11/1", "茶", "3", "0.5", "", "")).toMatchObject({
    kind: "held-back",
    problems: [{ column: 6, field: "unitPrice", code: "bad-number" }],
  });
  expect(row("1", "", "", "2026/11/1", "茶", "", "500", "", "")).toMatchObject({
    kind: "held-back",
    problems: [{ column: 5, field: "quantity", code: "required" }],
  });
});

test("a bad sign of the buyer beside a good one is passed over, alone it is a problem", () => {
  expect(row("1", "not a mail", "", "2026/11/1", "茶", "", "", "500", "")).toMatchObject({ kind: "planned", buyer: { memberNumber: "1" } });
  expect(row("", "not a mail", "", "2026/11/1", "茶", "", "", "500", "")).toMatchObject({
    kind: "held-back",
    problems: [{ column: 1, field: "mail", code: "bad-mail" }],
  });
  expect(row("", "", "", "2026/11/1", "茶", "", "", "500", "")).toMatchObject({
    kind: "held-back",
    problems: [{ column: 0, field: "memberNumber", code: "empty-row" }],
  });
});

test("whatever cannot be read holds the row back, each at its cell", () => {
  expect(row("1", "", "", "2026/11/31", "", "", "", "1万円", "4111 1111 1111 1111")).toMatchObject({
    kind: "held-back",
    problems: [
      { column: 3, field: "boughtOn", code: "bad-date" },
      { column: 4, field: "product", code: "required" },
      { column: 7, field: "amount", code: "bad-number" },
      { column: 8, field: "purchaseNote", code: "card-number", value: "•••• •••• •••• ••••" },
    ],
  });
  expect(row("1", "", "", "2026/11/23", "茶", "", "", "", "")).toMatchObject({ problems: [{ field: "boughtOn", code: "bad-date" }] });
});

test("a card number where a member number should be is held back with its digits veiled", () => {
  expect(row("4111111111111111", "", "", "2026/11/1", "茶", "", "", "", "")).toMatchObject({
    kind: "held-back",
    problems: [{ code: "card-number", value: "••••••••••••••••" }],
  });
});

test("totals, repeated headers and blank lines are no purchases", () => {
  expect(row("", "", "", "", "", "", "合計", "12,300", "")).toMatchObject({ kind: "skipped", reason: "total-row" });
  expect(row("会員番号", "メール", "氏名", "購入日", "商品名", "数量", "単価", "金額", "備考")).toMatchObject({ kind: "skipped", reason: "repeated-header" });
  expect(row("", "", "", " ", "", "", "", "", "")).toMatchObject({ kind: "skipped", reason: "empty-row" });
});
