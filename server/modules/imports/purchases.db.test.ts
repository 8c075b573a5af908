import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { actAs } from "#server/core/door/index.ts";
import { listEvents } from "#server/core/ledger/index.ts";
import { eraseImportRows, importFile, importRunTasks } from "#server/modules/imports/index.ts";
import { verifyStorehouse } from "#server/modules/records/index.ts";
import { startJobs } from "#server/platform/jobs/index.ts";
import type { Mapping } from "#shared/imports.ts";
import { csvOf, openImportHouse, type ImportHouse, type ImportOut, type Importer } from "#tests/support/import-house.ts";

let house: ImportHouse;
const people = new Map<string, number>();
const header = ["顧客番号", "メール", "電話", "氏名", "会社名", "購入日", "商品名", "数量", "単価", "金額", "備考"];

beforeAll(async () => {
  house = await openImportHouse();
  await house.importAll(
    house.near,
    csvOf([
      ["顧客番号", "氏名", "電話", "メール", "会社名"],
      ["K-001", "雨宮　澄江", "03-6789-1001", "sumie@example.jp", "緑茶堂"],
      ["K-002", "雨宮　実", "03-6789-1001", "", ""],
      ["K-003", "五百旗頭　悟", "", "satoru@example.jp", "青空商店"],
      ["K-004", "小鳥遊　葉月", "03-6789-1004", "", ""],
    ]),
  );
  await house.importAll(
    house.far,
    csvOf([
      ["顧客番号", "氏名", "電話"],
      ["T-001", "東雲　遥", "06-6789-1009"],
    ]),
  );
  for (const no of ["K-001", "K-002", "K-003", "K-004"]) {
    people.set(no, (await house.find(house.near, no))[0] as number);
  }
  people.set("T-001", (await house.find(house.far, "T-001"))[0] as number);
});
afterAll(() => house.close());

const no = (member: string): number => people.get(member) as number;

/** Cells by header, the others empty. */
function bought(cells: Readonly<Record<string, string>>): string[] {
  const of: Readonly<Record<string, string>> = { 購入日: "2024/11/3", 商品名: "玉露", 金額: "1000", ...cells };
  return header.map((name) => of[name] ?? "");
}

async function take(rows: readonly string[][], changes: Partial<Mapping> = {}, who: Importer = house.near): Promise<ImportOut> {
  return house.importAll(who, csvOf([header, ...rows]), changes, "purchases");
}

interface Purchase {
  readonly purchaseNo: number;
  readonly version: number;
  readonly boughtOn: string;
  readonly product: string;
  readonly amount: string;
}

async function purchases(customerNo: number, who: Importer = house.near): Promise<Purchase[]> {
  const { body } = await house.send(who, "GET", `/api/customers/${customerNo}/purchases`);
  return (body["purchases"] as { purchaseNo: number; version: number; boughtOn: string; purchase: string }[]).map(({ purchase, ...one }) => ({
    ...one,
    ...(JSON.parse(purchase) as { product: string; amount: string }),
  }));
}

async function correct(importNo: number, index: number, body: unknown) {
  const { problems } = await house.problems(house.near, importNo);
  return house.send(house.near, "POST", `/api/imports/${importNo}/problems/${problems[index]?.problemNo}/correct`, body);
}

describe("a file of purchases", () => {
  let done: ImportOut;
  beforeAll(async () => {
    done = await take([
      bought({ 顧客番号: "ｋ－００１", 購入日: "令和6年11月1日", 商品名: "玉露 100g", 数量: "２", 金額: "￥３，２００", 備考: "贈答用" }),
      bought({ メール: "SATORU@example.jp", 購入日: "2024-11-02", 商品名: "煎茶", 数量: "3", 単価: "800", 金額: "" }),
      bought({ 電話: "0367891001", 氏名: "雨宮 実", 商品名: "焙じ茶", 金額: "▲500" }),
      bought({ 氏名: "五百旗頭悟", 会社名: "青空商店", 商品名: "抹茶" }),
      bought({ 電話: "03-6789-1001", 商品名: "二人の電話" }),
      bought({ 氏名: "小鳥遊　葉月", 商品名: "名前だけ" }),
      bought({ 顧客番号: "K-999", 商品名: "知らない番号" }),
      bought({ 顧客番号: "T-001", 商品名: "よその部の人" }),
      bought({ 顧客番号: "K-004", 購入日: "2024/13/1", 商品名: "", 金額: "1万円" }),
      bought({ 顧客番号: "K-004", 商品名: "4111111111111111" }),
      ["", "", "", "", "", "", "合計", "", "", "12,345", ""],
    ]);
  });

  test("goes to those whom a number, a mail address, a telephone with its name, or a name with its company means", async () => {
    expect(done).toMatchObject({ state: "done", kind: "purchases", rowsDone: 10, added: 4, updated: 0, skipped: 6, duplicates: 0, heldBack: 6, mayUndo: true });
    expect(await purchases(no("K-001"))).toMatchObject([{ boughtOn: "2024-11-01", product: "玉露 100g", quantity: "2", amount: "3200", note: "贈答用" }]);
    expect(await purchases(no("K-002"))).toMatchObject([{ product: "焙じ茶", amount: "-500" }]);
    expect(await purchases(no("K-003"))).toMatchObject([
      { product: "抹茶", amount: "1000" },
      { boughtOn: "2024-11-02", product: "煎茶", quantity: "3", amount: "2400" },
    ]);
  });

  test("names nobody when it is not sure: each such row is shown with its cell and with those whom it may mean", async () => {
    const { problems } = await house.problems(house.near, done.importNo);
    expect(problems.map(({ row, field, code, candidates }) => ({ row, field, code, candidates: candidates.map(({ customerNo }) => customerNo) }))).toEqual([
      { row: 6, field: "phone", code: "ambiguous-customer", candidates: [no("K-001"), no("K-002")] },
      { row: 7, field: "fullName", code: "ambiguous-customer", candidates: [no("K-004")] },
      { row: 8, field: "memberNumber", code: "unknown-customer", candidates: [] },
      { row: 9, field: "memberNumber", code: "unknown-customer", candidates: [] },
      { row: 10, field: "boughtOn", code: "bad-date", candidates: [] },
      { row: 10, field: "product", code: "required", candidates: [] },
      { row: 10, field: "amount", code: "bad-number", candidates: [] },
      { row: 11, field: "product", code: "card-number", candidates: [] },
    ]);
    expect(problems[0]?.candidates.map(({ name }) => name)).toEqual(["雨宮　澄江", "雨宮　実"]);
    expect(problems.at(-1)?.value).toBe("••••••••••••••••");
    expect(await purchases(no("T-001"), house.far)).toEqual([]);
  });

  test("stands sealed under each customer's own key, and no word of it in clear", async () => {
    const { rows } = await house.database.owner.query<{ text: string; blob: Buffer }>("select p::text as text, sealed_purchase as blob from purchases p");
    expect(rows.length).toBe(4);
    for (const { text, blob } of rows) {
      expect(text).not.toMatch(/茶|玉露|贈答/);
      expect(blob.toString("utf8")).not.toMatch(/茶|玉露|贈答/);
    }
  });

  test("leaves an event that names everybody whose purchase it holds, and nobody else", async () => {
    const batchOf = async (member: string): Promise<unknown[]> => {
      const { events } = await listEvents(house.database.owner, { types: ["import.batch"], customerNo: no(member), limit: 50 });
      return events.filter(({ facts }) => facts["import"] === done.importNo).map(({ facts }) => facts["added"]);
    };
    expect([await batchOf("K-001"), await batchOf("K-002"), await batchOf("K-003")]).toEqual([[4], [4], [4]]);
    expect(await batchOf("T-001")).toEqual([]);
    const { body } = await house.send(house.near, "GET", `/api/customers/${no("K-003")}/timeline`);
    expect((body["entries"] as { sort: string }[]).filter(({ sort }) => sort === "purchase")).toHaveLength(2);
  });

  test("waits for a person: a candidate is chosen, a number is mended, a row with several wrong cells goes in with the last", async () => {
    expect((await correct(done.importNo, 0, { customerNo: no("K-004") })).status).toBe(400);
    expect((await correct(done.importNo, 0, { customerNo: no("K-002") })).body).toEqual({ kind: "imported", customerNo: no("K-002") });
    expect((await correct(done.importNo, 2, { value: "K-998" })).body).toEqual({ kind: "still-wrong", code: "unknown-customer" });
    expect((await correct(done.importNo, 2, { value: "K-004" })).body).toEqual({ kind: "imported", customerNo: no("K-004") });
    expect((await correct(done.importNo, 4, { value: "2024/11/31" })).body).toEqual({ kind: "still-wrong", code: "bad-date" });
    expect((await correct(done.importNo, 4, { value: "2024/11/10" })).body).toEqual({ kind: "waits" });
    expect((await correct(done.importNo, 5, { value: "急須" })).body).toEqual({ kind: "waits" });
    expect((await correct(done.importNo, 6, { value: "10,000" })).body).toEqual({ kind: "imported", customerNo: no("K-004") });
    expect(await purchases(no("K-004"))).toMatchObject([{ boughtOn: "2024-11-10", product: "急須", amount: "10000" }, { product: "知らない番号" }]);
    expect(await house.show(house.near, done.importNo)).toMatchObject({ added: 7, skipped: 3 });
    expect((await correct(done.importNo, 0, { customerNo: no("K-001") })).status).toBe(409);
  });

  test("comes back as a report that is itself a file of purchases", async () => {
    const report = await house.send(house.near, "POST", `/api/imports/${done.importNo}/problems/download`, { language: "ja" });
    expect(report.status).toBe(200);
    const text = report.bytes.toString("utf8");
    const csv = text.slice(text.indexOf("\ufeff"));
    expect(csv).toContain("だれの購買か1人に決められません");
    const again = await house.importAll(house.near, Buffer.from(csv.replaceAll("T-001", "K-004").replace("よその部の人", "直した人")), {}, "purchases");
    expect(again).toMatchObject({ state: "done", added: 1, skipped: 2 });
    expect((await purchases(no("K-004"))).map(({ product }) => product)).toContain("直した人");
  });
});

describe("the same purchases again", () => {
  const rows = (): string[][] => [
    bought({ 顧客番号: "K-003", 購入日: "2024/10/1", 商品名: "新茶" }),
    bought({ 顧客番号: "K-003", 購入日: "2024/10/1", 商品名: "新茶" }),
  ];
  test("are passed over and reported, two alike lines of one file being two purchases", async () => {
    expect(await take(rows())).toMatchObject({ added: 2, duplicates: 0, problems: 0 });
    const again = await take([...rows(), ...rows().slice(1)]);
    expect(again).toMatchObject({ added: 1, duplicates: 2, skipped: 2, problems: 2 });
    const { problems } = await house.problems(house.near, again.importNo);
    expect(problems.map(({ row, column, code, outcome }) => ({ row, column, code, outcome }))).toEqual([
      { row: 2, column: null, code: "purchase-known", outcome: "row-skipped" },
      { row: 3, column: null, code: "purchase-known", outcome: "row-skipped" },
    ]);
  });
  test("go in when told so", async () => {
    expect(await take(rows(), { duplicates: "add" })).toMatchObject({ added: 2, duplicates: 0, problems: 0 });
  });
});

test("undo takes exactly its purchases: those typed by hand, of other imports, and changed since stay", async () => {
  const before = await purchases(no("K-001"));
  const done = await take([
    bought({ 顧客番号: "K-001", 購入日: "2024/9/1", 商品名: "取り消す茶" }),
    bought({ 顧客番号: "K-001", 購入日: "2024/9/2", 商品名: "直した茶" }),
    bought({ 電話: "03-6789-1001", 購入日: "2024/9/3", 商品名: "選んだ茶" }),
  ]);
  expect((await correct(done.importNo, 0, { customerNo: no("K-001") })).body).toMatchObject({ kind: "imported" });
  await house.send(house.near, "POST", `/api/customers/${no("K-001")}/purchases`, {
    boughtOn: "2024-09-01",
    purchase: { product: "手で入れた茶", amount: "100" },
  });
  const changed = (await purchases(no("K-001"))).find(({ product }) => product === "直した茶") as Purchase;
  expect(
    (await house.send(house.near, "PATCH", `/api/purchases/${changed.purchaseNo}`, { version: 1, purchase: { product: "直した茶", amount: "900" } })).status,
  ).toBe(200);
  expect((await house.send(house.near, "POST", `/api/imports/${done.importNo}/undo`)).body).toEqual({ kind: "undoing" });
  expect(await house.settle(house.near, done.importNo)).toMatchObject({ state: "undone", mayUndo: false });
  const left = (await purchases(no("K-001"))).map(({ product }) => product);
  expect(left.toSorted()).toEqual([...before.map(({ product }) => product), "手で入れた茶", "直した茶"].toSorted());
});

test("a mapping without day, product and buyer, or with fields that are none of a purchase, is refused", async () => {
  const { importNo } = (await house.upload(house.near, csvOf([header, bought({ 顧客番号: "K-001" })]), "購買.csv", "purchases")).body as { importNo: number };
  const { mapping } = await house.preview(house.near, importNo);
  const without = (...keys: string[]) => ({ ...mapping, columns: mapping.columns.filter(({ field }) => !keys.includes(field ?? "")) });
  for (const wrong of [
    without("boughtOn"),
    without("product"),
    without("memberNumber", "mail", "phone", "fullName", "companyName"),
    { ...mapping, columns: mapping.columns.map((column) => (column.field === "purchaseNote" ? { ...column, field: "address" } : column)) },
    { ...mapping, duplicates: "update" as const },
  ]) {
    expect((await house.start(house.near, importNo, wrong)).status).toBe(400);
  }
  expect((await house.start(house.near, importNo, mapping)).status).toBe(200);
  await house.settle(house.near, importNo);
  expect((await house.upload(house.near, Buffer.from("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:a\r\nEND:VCARD\r\n"), "a.vcf", "purchases")).status).toBe(422);
});

test("whose use is suspended gets no purchases, and the row says so", async () => {
  await house.database.owner.query("update customers set use_suspended_at = now() where customer_no = $1", [no("K-004")]);
  try {
    const done = await take([bought({ 顧客番号: "K-004", 購入日: "2024/8/1" })]);
    expect(done).toMatchObject({ added: 0, problems: 1 });
    expect((await house.problems(house.near, done.importNo)).problems).toMatchObject([{ code: "customer-closed" }]);
  } finally {
    await house.database.owner.query("update customers set use_suspended_at = null where customer_no = $1", [no("K-004")]);
  }
});

test("two nodes that take the same batch at once write each purchase once, and headers mapped by hand are remembered for purchases alone", async () => {
  const rows = Array.from({ length: 250 }, (_, index) => ["K-001", "2024/7/1", `品${index}`, "一言"]);
  const bytes = csvOf([["顧客番号", "購入日", "商品名", "ひとこと"], ...rows]);
  const { importNo } = (await house.upload(house.near, bytes, "購買.csv", "purchases")).body as { importNo: number };
  const { mapping } = await house.preview(house.near, importNo);
  const columns = mapping.columns.map((column) => (column.column === 3 ? { ...column, field: "purchaseNote" } : column));
  await house.start(house.near, importNo, { ...mapping, columns });
  const run = importRunTasks(house.open.storehouse)["import.run"];
  const job = { payload: { importNo }, attempt: 1, signal: new AbortController().signal, remember: async () => true };
  await Promise.allSettled([run?.run(job), run?.run(job)]);
  expect(await house.settle(house.near, importNo)).toMatchObject({ state: "done", added: 250, rowsDone: 250 });
  const { rows: counted } = await house.database.owner.query<{ count: number }>("select count(*)::integer as count from purchases where import_no = $1", [
    importNo,
  ]);
  expect(counted[0]?.count).toBe(250);

  const fieldOf = async (who: Importer, kind: "customers" | "purchases", head: string[]) => {
    const again = (await house.upload(who, csvOf([head, ["K-001", "2024/7/2", "別", "二言"]]), "a.csv", kind)).body as { importNo: number };
    return (await house.preview(who, again.importNo)).mapping.columns.find(({ column }) => column === 3)?.field;
  };
  expect(await fieldOf(house.near, "purchases", ["顧客番号", "購入日", "商品名", "ひとこと"])).toBe("purchaseNote");
  expect(await fieldOf(house.far, "purchases", ["会員番号", "購入日", "商品名", "ひとこと"])).toBe("purchaseNote");
  expect(await fieldOf(house.far, "customers", ["会員番号", "氏名", "電話", "ひとこと"])).toBeNull();
});

test("the command line's way gives the same", async () => {
  const jobs = startJobs({ pool: house.database.app, tasks: importRunTasks(house.open.storehouse), concurrency: 1, pollMs: 50 });
  try {
    const bytes = csvOf([header, bought({ 顧客番号: "T-001", 購入日: "2024/6/1" }), bought({ 顧客番号: "K-777" })]);
    const source = (async function* () {
      yield bytes;
    })();
    const result = await importFile(house.open.storehouse, { source, fileName: "a.csv", cellNo: house.near.cellNo, duplicates: "skip", kind: "purchases" });
    expect(result).toMatchObject({ rows: 2, added: 1, problems: [{ row: 3, column: 0, code: "unknown-customer" }] });
  } finally {
    await jobs.stop();
  }
  expect(await purchases(no("T-001"), house.far)).toHaveLength(1);
});

test("every purchase that imports and undos wrote stands in the ledger as it stands in the store", async () => {
  await house.open.sequencer.sequenceNow();
  expect((await verifyStorehouse(house.open.storehouse, "console")).findings).toEqual([]);
});

test("who is erased is no candidate any more, and the imports that speak of the person are tidied", async () => {
  const done = await take([bought({ 電話: "03-6789-1001", 購入日: "2024/5/1" })]);
  expect((await house.problems(house.near, done.importNo)).problems[0]?.candidates).toHaveLength(2);
  await actAs(house.open.storehouse, "system", "import.tidied", randomUUID(), (context) => eraseImportRows(context, no("K-002")));
  expect((await house.problems(house.near, done.importNo)).problems[0]?.candidates).toMatchObject([{ customerNo: no("K-001") }]);
  const { rows } = await house.database.owner.query<{ no: number }>("select (payload->>'importNo')::integer as no from jobs where task = 'import.tidy-one'");
  expect(rows.map((row) => row.no)).toContain(done.importNo);
});
