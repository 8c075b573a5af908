import { afterAll, beforeAll, expect, test } from "vitest";
import { csvOf, openImportHouse, type ImportHouse, type Importer } from "#tests/support/import-house.ts";

let house: ImportHouse;
beforeAll(async () => {
  house = await openImportHouse();
});
afterAll(() => house.close());

async function proposed(who: Importer, rows: string[][]): Promise<{ importNo: number; fields: (string | null)[]; reasons: string[] }> {
  const { importNo } = (await house.upload(who, csvOf(rows))).body as { importNo: number };
  const { mapping, columns } = await house.preview(who, importNo);
  const inOrder = columns.toSorted((a, b) => a.column - b.column);
  return {
    importNo,
    fields: inOrder.map(({ column }) => mapping.columns.find((each) => each.column === column)?.field ?? null),
    reasons: inOrder.map(({ reason }) => reason),
  };
}

const first = [
  ["氏名", "連絡先メモ", "台帳記号"],
  ["学習 一郎", "甲", "K-1"],
];
/** Another file, of somebody else, in which two of the headers come again. */
const second = [
  ["台帳記号", "氏名", "会社名", "連絡先メモ"],
  ["K-2", "学習 二郎", "学習商会", "乙"],
];

test("a corrected column is proposed so in any later file of anybody, until that is forgotten", async () => {
  const before = await proposed(house.near, first);
  expect(before.fields).toEqual(["fullName", "notes", null]);
  const { mapping } = await house.preview(house.near, before.importNo);
  const corrected = mapping.columns.map(({ column, field }) => ({ column, field: column === 2 ? "memberNumber" : column === 1 ? null : field }));
  expect((await house.start(house.near, before.importNo, { ...mapping, columns: corrected })).status).toBe(200);

  const after = await proposed(house.far, second);
  expect(after.fields).toEqual(["memberNumber", "fullName", "companyName", null]);
  expect(after.reasons).toEqual(["learned", "header", "header", "learned"]);

  const forgotten = await house.send(house.far, "POST", `/api/imports/${after.importNo}/forget-mapping`, { sheet: 0, headerRow: 1 });
  expect([forgotten.status, forgotten.body]).toEqual([200, { forgotten: 2 }]);
  expect((await proposed(house.far, second)).fields).toEqual([null, "fullName", "companyName", "notes"]);
});

test("what is learned stands in no words, and a file without a header teaches nothing", async () => {
  const rows = [
    ["無見出 太郎", "090-1234-0001", "東京都港区芝1-1"],
    ["無見出 花子", "090-1234-0002", "東京都港区芝1-2"],
    ["無見出 次郎", "090-1234-0003", "東京都港区芝1-3"],
  ];
  const { importNo } = await proposed(house.near, rows);
  const { mapping } = await house.preview(house.near, importNo);
  expect(mapping.headerRow).toBe(0);
  await house.start(house.near, importNo, {
    ...mapping,
    columns: mapping.columns.map(({ column, field }) => ({ column, field: column === 2 ? null : field })),
  });
  const { rows: kept } = await house.database.owner.query<Record<string, unknown>>("select * from import_learned_headers");
  expect(kept).toEqual([]);
  await house.start(house.near, (await proposed(house.near, first)).importNo, {
    ...mapping,
    headerRow: 1,
    columns: [
      { column: 0, field: "companyName" },
      { column: 1, field: null },
      { column: 2, field: null },
    ],
  });
  const { rows: taught } = await house.database.owner.query<{ header_token: number; field: string | null }>(
    "select header_token, field from import_learned_headers",
  );
  expect(taught.map(({ field }) => field).toSorted()).toContain("companyName");
  expect(JSON.stringify(taught)).not.toMatch(/氏名|台帳|学習/);
});

test("nobody but its importer makes a file's headers be forgotten", async () => {
  const { importNo } = await proposed(house.near, first);
  expect((await house.send(house.far, "POST", `/api/imports/${importNo}/forget-mapping`, { sheet: 0, headerRow: 1 })).status).toBe(404);
});
