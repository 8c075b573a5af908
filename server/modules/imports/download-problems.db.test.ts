import { afterAll, beforeAll, expect, test } from "vitest";
import { csvOf, openImportHouse, type ImportHouse } from "#tests/support/import-house.ts";
import { reportHeaders } from "./problem-words.ts";
import { isBeside } from "./reading/header-words.ts";

let house: ImportHouse;
beforeAll(async () => {
  house = await openImportHouse();
});
afterAll(() => house.close());

const rows = [
  ["姓", "名", "携帯", "メール", "備考"],
  ["倉橋", "一郎", "12-34", "ichiro@example.jp", "=HYPERLINK(1)"],
  ["倉橋", "二郎", "090-7000-0002", "二郎のメール", ""],
  ["倉橋", "三郎", "090-7000-0003", "saburo@example.jp", ""],
];

async function reportOf(importNo: number, who = house.near): Promise<{ status: number; text: string }> {
  const reply = await house.send(who, "POST", `/api/imports/${importNo}/problems/download`, { language: "ja" });
  const all = reply.bytes.toString("utf8");
  return { status: reply.status, text: all.slice(all.indexOf("\ufeff")) };
}

test("the report says in words what is wrong, and once corrected it is imported as it is", async () => {
  const { importNo } = await house.importAll(house.near, csvOf(rows));
  const { status, text } = await reportOf(importNo);
  expect(status).toBe(200);
  const lines = text.slice(1).split("\r\n");
  expect(lines[0]).toBe(`${reportHeaders.ja.join(",")},氏名1,氏名2,携帯,メール,備考`);
  expect(lines[1]).toBe(
    "2,携帯,12-34,電話番号の形ではありません,市外局番から書いてください。例: 03-1234-5678,倉橋,一郎,12-34,ichiro@example.jp,'=HYPERLINK(1)",
  );
  expect(lines).toHaveLength(4);
  expect(text).not.toContain("三郎");

  const corrected = text.replaceAll("12-34", "090-7000-0001").replaceAll("二郎のメール", "jiro@example.jp");
  const again = await house.importAll(house.near, Buffer.from(corrected), { duplicates: "update" });
  expect(again).toMatchObject({ state: "done", rowsDone: 2, added: 0, updated: 2, problems: 0 });
  const [customerNo] = await house.find(house.near, "ichiro@example.jp");
  expect(await house.values(house.near, customerNo as number)).toMatchObject({ fullName: "倉橋　一郎", mobile: "090-7000-0001", notes: "=HYPERLINK(1)" });
  expect(await house.find(house.near, "jiro@example.jp")).toHaveLength(1);
});

test("nobody but the importer gets the report", async () => {
  const { importNo } = await house.importAll(house.near, csvOf([rows[0] as string[], ["他所", "見", "1", "", ""]]));
  expect((await reportOf(importNo, house.far)).status).toBe(404);
});

test("no column of the report is taken for one of customers", () => {
  expect([...reportHeaders.ja, ...reportHeaders.en].filter((header) => !isBeside(header))).toEqual([]);
});
