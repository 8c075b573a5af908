import { afterAll, beforeAll, expect, test } from "vitest";
import { sentinelValues } from "#server/modules/sample/index.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { openSeededHouse, type SeededHouse } from "#tests/support/seeded-house.ts";

let house: SeededHouse;
beforeAll(async () => {
  house = await openSeededHouse([["sales"], ["office"], ["privacy-officer"], ["manager"]], { unowned: 6 });
}, 60_000);
afterAll(() => house.close());

const ask = (name: string, method: string, url: string, body?: unknown): Promise<Reply> =>
  request(house, { method, url, cookie: house.callers.find((caller) => caller.name === name)?.cookie, ...(body === undefined ? {} : { body }) });
const near = (): number => house.cells.get("near")?.cellNo as number;
const far = (): number => house.cells.get("far")?.cellNo as number;
const view = (part: object = {}): object => ({
  name: "今月の更新",
  sharing: "own",
  cellNo: null,
  search: "",
  filters: { updatedWithin: 30 },
  sort: { by: "updatedAt", descending: true },
  columns: ["fullName"],
  ...part,
});
interface Listed {
  readonly savedViewNo: number;
  readonly name: unknown;
  readonly search: unknown;
  readonly filters: object;
}
const viewsOf = async (name: string): Promise<Listed[]> => (await ask(name, "GET", "/api/saved-views")).body["views"] as Listed[];
const keep = async (name: string, part: object = {}): Promise<number> => Number((await ask(name, "POST", "/api/saved-views", view(part))).body["savedViewNo"]);

test("a view of one's own comes back with its words, and nobody else finds, changes or removes it", async () => {
  const typed = sentinelValues("customer", 0)["fullName"] as string;
  const no = await keep("sales", { search: typed });
  expect((await viewsOf("sales")).find((one) => one.savedViewNo === no)).toMatchObject({ name: "今月の更新", search: typed, filters: { updatedWithin: 30 } });
  for (const name of ["office", "privacy-officer"]) {
    expect((await viewsOf(name)).map((one) => one.savedViewNo)).not.toContain(no);
    for (const [method, body] of [
      ["PUT", view({ name: "奪った" })],
      ["DELETE", undefined],
    ] as const) {
      const [there, none] = [await ask(name, method, `/api/saved-views/${no}`, body), await ask(name, method, "/api/saved-views/999999", body)];
      expect([there.status, none.status]).toEqual([404, 404]);
    }
  }
  expect((await ask("sales", "PUT", `/api/saved-views/${no}`, view({ name: "改めた", search: "" }))).status).toBe(200);
  expect((await viewsOf("sales")).find((one) => one.savedViewNo === no)).toMatchObject({ name: "改めた", search: null });
  expect((await ask("sales", "DELETE", `/api/saved-views/${no}`)).status).toBe(200);
});

test("neither the name of a view nor the words in it stand clear in the database", async () => {
  const no = await keep("office", { name: "髙﨑様の関係者", search: "髙﨑" });
  const { rows } = await house.database.owner.query<{ row: string }>("select saved_views::text as row from saved_views where saved_view_no = $1", [no]);
  const hex = (text: string): string => Buffer.from(text, "utf8").toString("hex");
  for (const text of ["髙﨑", "関係者", hex("髙﨑"), hex("関係者")]) expect(rows[0]?.row).not.toContain(text);
});

test("a shared view is read by all, one of a department by its members, and both are changed by their author alone", async () => {
  const forAll = await keep("office", { sharing: "all", name: "全員向け" });
  const forNear = await keep("office", { sharing: "department", cellNo: near(), name: "課内向け" });
  expect((await viewsOf("sales")).find((one) => one.savedViewNo === forAll)?.name).toBe("全員向け");
  expect((await viewsOf("sales")).find((one) => one.savedViewNo === forNear)?.name).toBe("課内向け");
  for (const no of [forAll, forNear]) expect((await ask("sales", "PUT", `/api/saved-views/${no}`, view())).status).toBe(404);
  await house.database.owner.query("update account_scopes set cells = '{}' where account_no = $1", [
    house.callers.find((caller) => caller.name === "manager")?.accountNo,
  ]);
  const managers = (await viewsOf("manager")).map((one) => one.savedViewNo);
  expect([managers.includes(forAll), managers.includes(forNear)]).toEqual([true, false]);
});

test("a view with typed words is not shared, nor with a department that is not one's own", async () => {
  const withWords = await ask("office", "POST", "/api/saved-views", view({ sharing: "all", search: "山田" }));
  expect([withWords.status, withWords.body["facts"]]).toEqual([400, { reason: "shared-words" }]);
  expect((await ask("office", "POST", "/api/saved-views", view({ sharing: "department", cellNo: far() }))).status).toBe(400);
  expect((await ask("office", "POST", "/api/saved-views", view({ sharing: "department", cellNo: null }))).status).toBe(400);
});

test("the list's layout is kept for each account, and keeps nothing that names no column", async () => {
  const layout = {
    columns: ["fullName", "山田太郎", "reach", "yamadaTaro", "fullName"],
    widths: { fullName: 240, yamadaTaro: 100 },
    density: "compact",
    firstViewNo: null,
  };
  expect((await ask("sales", "PUT", "/api/list-layout", layout)).status).toBe(400);
  const saved = await ask("sales", "PUT", "/api/list-layout", { ...layout, columns: layout.columns.filter((key) => key !== "山田太郎") });
  const kept = { columns: ["fullName", "reach"], widths: { fullName: 240 }, density: "compact", firstViewNo: null };
  expect(saved.body["layout"]).toEqual(kept);
  expect((await ask("sales", "GET", "/api/list-layout")).body["layout"]).toEqual(kept);
  expect((await ask("office", "GET", "/api/list-layout")).body["layout"]).toBeNull();
});

test("stars are each person's own, end with the customer, and are refused for whom one does not see", async () => {
  const seen = house.customerNos.filter((no) => house.cellOf.get(no) === near() && house.ownerOf.get(no) === null).slice(0, 2) as [number, number];
  const farOne = house.customerNos.find((no) => house.cellOf.get(no) === far() && house.ownerOf.get(no) === null) as number;
  expect((await ask("office", "PUT", "/api/stars", { customerNos: [seen[0]], isStarred: true })).status).toBe(200);
  const [foreign, none] = [
    await ask("office", "PUT", "/api/stars", { customerNos: [farOne], isStarred: true }),
    await ask("office", "PUT", "/api/stars", { customerNos: [1_999_999_999], isStarred: true }),
  ];
  expect([foreign.status, none.status]).toEqual([404, 404]);
  expect((await ask("office", "GET", "/api/stars")).body["customerNos"]).toEqual([seen[0]]);
  expect((await ask("manager", "GET", "/api/stars")).body["customerNos"]).toEqual([]);
  const starred = await ask("office", "POST", "/api/customers/views", { filters: { atHand: "starred" } });
  expect((starred.body["rows"] as { customerNo: number }[]).map((row) => row.customerNo)).toEqual([seen[0]]);
  expect((await ask("manager", "POST", "/api/customers/views", { filters: { atHand: "starred" } })).body["total"]).toBe(0);
  await house.database.owner.query("delete from customer_search where customer_no = $1", [seen[0]]);
  await house.database.owner.query("delete from customers where customer_no = $1", [seen[0]]);
  expect((await house.database.owner.query("select * from starred_customers")).rows).toEqual([]);
});

test("the customers looked at last come first, once each, within what one still sees", async () => {
  const [one, other] = house.customerNos.filter((no) => house.cellOf.get(no) === near() && house.ownerOf.get(no) === null).slice(2, 4) as [number, number];
  for (const no of [one, other, one]) await ask("office", "GET", `/api/customers/${no}`);
  const recent = await ask("office", "POST", "/api/customers/views", { filters: { atHand: "recent" } });
  expect((recent.body["rows"] as { customerNo: number }[]).map((row) => row.customerNo).slice(0, 2)).toEqual([one, other]);
  await house.database.owner.query("update customers set cell_no = $1 where customer_no = $2", [far(), one]);
  const later = await ask("office", "POST", "/api/customers/views", { filters: { atHand: "recent" } });
  expect((later.body["rows"] as { customerNo: number }[])[0]?.customerNo).toBe(other);
});

test("a list by company says how many stand together, in its own order, and all numbers of a list can be had at once", async () => {
  const opened = await ask("privacy-officer", "POST", "/api/customers/views", { sort: { by: "company", descending: false }, first: 100 });
  const viewId = String(opened.body["viewId"]);
  const rows = opened.body["rows"] as { customerNo: number; companyNo: number | null }[];
  const { groups } = (await ask("privacy-officer", "GET", `/api/customers/views/${viewId}/groups`)).body as {
    groups: { companyNo: number | null; customers: number }[];
  };
  expect(new Set(groups.map((group) => group.companyNo)).size).toBe(groups.length);
  expect(rows.map((row) => row.companyNo)).toEqual(
    groups.flatMap((group) => Array.from({ length: group.customers }, () => group.companyNo)).slice(0, rows.length),
  );
  const all = await ask("privacy-officer", "GET", `/api/customers/views/${viewId}/numbers`);
  expect((all.body["customerNos"] as number[]).slice(0, rows.length)).toEqual(rows.map((row) => row.customerNo));
  expect([(all.body["customerNos"] as number[]).length, all.body["isComplete"]]).toEqual([opened.body["total"], true]);
  for (const path of ["groups", "numbers"]) expect((await ask("office", "GET", `/api/customers/views/${viewId}/${path}`)).status).toBe(404);
});
