import { expect, test } from "vitest";
import { findHeader } from "./find-header.ts";
import { guessPurchaseMapping } from "./guess-purchase-mapping.ts";
import { recogniseOrders } from "./purchase-words.ts";

function fieldsOf(headers: readonly string[], rows: readonly (readonly string[])[] = []): Record<string, string | null> {
  return Object.fromEntries(guessPurchaseMapping(headers, rows).map(({ column, field }) => [headers[column] as string, field]));
}

test("a sheet of sales is read by its words: who, when, what, how many, how much", () => {
  expect(fieldsOf(["売上日", "伝票番号", "得意先コード", "得意先名", "商品コード", "商品名", "数量", "単位", "単価", "金額", "備考", "担当者"])).toEqual({
    売上日: "boughtOn",
    伝票番号: null,
    得意先コード: "memberNumber",
    得意先名: "companyName",
    商品コード: null,
    商品名: "product",
    数量: "quantity",
    単位: null,
    単価: "unitPrice",
    金額: "amount",
    備考: "purchaseNote",
    担当者: null,
  });
});

test("orders of a shop on Shopify: the buyer and the line, not the receiver and the order", () => {
  const headers = [
    "Name",
    "Email",
    "Financial Status",
    "Total",
    "Created at",
    "Lineitem quantity",
    "Lineitem name",
    "Lineitem price",
    "Billing Name",
    "Billing Phone",
    "Shipping Name",
    "Shipping Phone",
    "Notes",
  ];
  expect(recogniseOrders(headers)?.source).toBe("shopify");
  expect(fieldsOf(headers)).toEqual({
    Name: null,
    Email: "mail",
    "Financial Status": null,
    Total: null,
    "Created at": "boughtOn",
    "Lineitem quantity": "quantity",
    "Lineitem name": "product",
    "Lineitem price": "unitPrice",
    "Billing Name": "fullName",
    "Billing Phone": "phone",
    "Shipping Name": null,
    "Shipping Phone": null,
    Notes: "purchaseNote",
  });
});

test("orders of a mall: a name in two columns and a telephone in three are the buyer's, the receiver's are left out", () => {
  const headers = [
    "注文日時",
    "注文者姓",
    "注文者名",
    "注文者メールアドレス",
    "注文者電話番号1",
    "注文者電話番号2",
    "注文者電話番号3",
    "送付先姓",
    "送付先名",
    "商品管理番号",
    "商品名",
    "単価",
    "個数",
    "項目・選択肢",
    "請求金額",
  ];
  const rows = [["2026-11-01 10:02:03", "雨宮", "澄江", "a@example.jp", "03", "6789", "1001", "別", "人", "x1", "緑茶", "500", "2", "", "1000"]];
  expect(recogniseOrders(headers)?.source).toBe("rakuten");
  const guesses = guessPurchaseMapping(headers, [...rows, ...rows]);
  const columnsOf = (field: string): string[] => guesses.filter((guess) => guess.field === field).map(({ column }) => headers[column] as string);
  expect(columnsOf("fullName")).toEqual(["注文者姓", "注文者名"]);
  expect(columnsOf("phone")).toEqual(["注文者電話番号1", "注文者電話番号2", "注文者電話番号3"]);
  expect(columnsOf("mail")).toEqual(["注文者メールアドレス"]);
  expect([columnsOf("boughtOn"), columnsOf("product"), columnsOf("quantity"), columnsOf("unitPrice"), columnsOf("amount")]).toEqual([
    ["注文日時"],
    ["商品名"],
    ["個数"],
    ["単価"],
    [],
  ]);
});

test("the total of an order is an amount only where its lines have neither amount nor price", () => {
  expect(fieldsOf(["注文日", "会員番号", "注文内容", "合計金額"])["合計金額"]).toBe("amount");
  expect(fieldsOf(["注文日", "会員番号", "商品名", "金額", "合計金額"])).toMatchObject({ 金額: "amount", 合計金額: null });
  expect(fieldsOf(["注文日", "会員番号", "商品名", "単価", "数量", "合計金額"])).toMatchObject({ 合計金額: null });
});

test("the report of problems of an import is a file of purchases again", () => {
  expect(fieldsOf(["元のファイルの行", "確認が必要な理由", "顧客番号", "メール", "購入日", "商品", "数量", "金額", "購入メモ"])).toEqual({
    元のファイルの行: null,
    確認が必要な理由: null,
    顧客番号: "memberNumber",
    メール: "mail",
    購入日: "boughtOn",
    商品: "product",
    数量: "quantity",
    金額: "amount",
    購入メモ: "purchaseNote",
  });
});

test("the header is found below titles by the words of purchases", () => {
  const rows = [["売上明細表"], ["2026年11月分"], ["日付", "商品名", "数量", "金額", "会員番号"], ["11/1", "緑茶", "1", "500", "A1"]];
  expect(
    findHeader(
      rows.map((cells, index) => ({ row: index + 1, cells })),
      "purchases",
    ).headerRow,
  ).toBe(3);
});
