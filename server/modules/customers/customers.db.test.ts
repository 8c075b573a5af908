import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { actAs } from "#server/core/door/index.ts";
import { insertCompany, insertCustomers } from "./index.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import { request, type Reply } from "#tests/support/request.ts";

let house: SeededHouse;
let office: Caller;
let sales: Caller;
/** Numbers by name. */
const people = new Map<string, number>();

const given = [
  ["髙橋　一郎", "タカハシ　イチロウ", "090-1111-2222", "大阪府大阪市北区梅田1-1"],
  ["高橋　花子", "タカハシ　ハナコ", "090-3333-4444", "東京都千代田区丸の内1-1"],
  ["渡邉　次郎", "ワタナベ　ジロウ", "080-5555-2222", "大阪府堺市堺区南瓦町3-1"],
  ["阿部　三郎", "アベ　サブロウ", "070-7777-8888", "北海道札幌市中央区北1条西2"],
  ["木村　村男", "キムラ　ムラオ", "090-6666-1111", "兵庫県神戸市中央区加納町6-5"],
] as const;

beforeAll(async () => {
  house = await openSeededHouse([["office"], ["sales"]]);
  [office, sales] = house.callers as [Caller, Caller];
  const near = house.cells.get("near")?.cellNo as number;
  await actAs(house.open.storehouse, "system", "customer.created", randomUUID(), async (context) => {
    const { numbers } = await insertCustomers(
      context,
      given.map(([fullName, kana, mobile, address]) => ({ ownerNo: null, cellNo: near, companyNo: null, values: { fullName, kana, mobile, address } })),
      { indexed: true },
    );
    given.forEach(([fullName], index) => people.set(fullName, numbers[index] as number));
  });
}, 60_000);
afterAll(() => house.close());

const open = (body: object, caller: Caller = office): Promise<Reply> =>
  request(house, { method: "POST", url: "/api/customers/views", cookie: caller.cookie, body });
const names = (reply: Reply): unknown[] => (reply.body["rows"] as { values: Record<string, unknown> }[]).map((row) => row.values["fullName"]);
const show = async (name: string, caller: Caller = office): Promise<Reply> =>
  request(house, { method: "GET", url: `/api/customers/${people.get(name)}`, cookie: caller.cookie });
const change = (name: string, body: object, caller: Caller = office): Promise<Reply> =>
  request(house, { method: "PATCH", url: `/api/customers/${people.get(name)}`, cookie: caller.cookie, body });

test("髙橋 is found by either kanji, by kana in any script, by the last four digits, and by several words at once", async () => {
  for (const search of ["髙橋", "高橋", "タカハシ", "たかはし", "ﾀｶﾊｼ"]) {
    expect(names(await open({ search }))).toEqual(["髙橋　一郎", "高橋　花子"]);
  }
  expect(names(await open({ search: "2222" }))).toEqual(["髙橋　一郎", "渡邉　次郎"]);
  expect(names(await open({ search: "髙橋 大阪 090" }))).toEqual(["髙橋　一郎"]);
  expect(names(await open({ search: "大阪　高橋" }))).toEqual(["髙橋　一郎"]);
  expect(names(await open({ search: "高橋 札幌" }))).toEqual([]);
});

test("a given name that begins as the family name ends is found with its space, too", async () => {
  expect(names(await open({ search: "木村 村男" }))).toEqual(["木村　村男"]);
  expect(names(await open({ search: "木村 村男 090" }))).toEqual(["木村　村男"]);
  expect(names(await open({ search: "木村 一男" }))).toEqual([]);
});

test("each hit says why it was found", async () => {
  const reply = await open({ search: "タカハシ" });
  const rows = reply.body["rows"] as { reasons: unknown }[];
  expect(rows[0]?.reasons).toEqual([{ field: "kana", how: "prefix" }]);
});

test("a list sorts by kana, either way, and pages on without repeating or losing anyone", async () => {
  const all = await open({ sort: { by: "kana", descending: false }, first: 100 });
  const total = all.body["total"] as number;
  expect(names(all).indexOf("阿部　三郎")).toBeLessThan(names(all).indexOf("髙橋　一郎"));
  const reversed = await open({ sort: { by: "kana", descending: true }, first: 100 });
  expect(names(reversed)).toEqual(names(all).toReversed());
  const paged: unknown[] = [];
  for (let offset = 0; offset < total; offset += 3) {
    paged.push(
      ...names(
        await request(house, { method: "GET", url: `/api/customers/views/${String(all.body["viewId"])}/rows?offset=${offset}&limit=3`, cookie: office.cookie }),
      ),
    );
  }
  expect(paged).toEqual(names(all));
});

test("what was asked can be opened again by its handle, by its author alone, on a node that has forgotten it", async () => {
  const first = await open({ search: "たかはし" });
  const url = `/api/customers/views/${String(first.body["viewId"])}`;
  expect((await request(house, { method: "GET", url, cookie: office.cookie })).body).toMatchObject({ search: "たかはし", total: 2 });
  expect((await request(house, { method: "GET", url, cookie: sales.cookie })).status).toBe(404);
  // Another policy version makes every node build its lists anew.
  await house.database.owner.query("update organisation set policy_version = policy_version + 1");
  const again = await request(house, { method: "GET", url: `${url}/rows?offset=0&limit=50`, cookie: office.cookie });
  expect(names(again)).toEqual(["髙橋　一郎", "高橋　花子"]);
});

test("a change is found at once by its new words and no more by the old ones", async () => {
  const { body } = await show("阿部　三郎");
  expect((await change("阿部　三郎", { version: body["version"], values: { kana: "アンベ　サブロウ" } })).status).toBe(200);
  expect(names(await open({ search: "アンベ" }))).toEqual(["阿部　三郎"]);
  expect(names(await open({ search: "アベ" }))).toEqual([]);
});

test("of two who change the same version one wins, and the other is told without losing anything", async () => {
  const version = (await show("渡邉　次郎")).body["version"];
  const replies = await Promise.all(["課長", "部長"].map((jobTitle) => change("渡邉　次郎", { version, values: { jobTitle } })));
  expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  const now = await show("渡邉　次郎");
  expect(now.body["version"]).toBe((version as number) + 1);
});

test("a value emptied is gone, and an unchanged one makes no new version", async () => {
  const before = (await show("高橋　花子")).body;
  const same = await change("高橋　花子", { version: before["version"], values: { mobile: "090-3333-4444" } });
  expect(same.body["version"]).toBe(before["version"]);
  const emptied = await change("高橋　花子", { version: before["version"], values: { mobile: null } });
  expect(emptied.body["version"]).toBe((before["version"] as number) + 1);
  expect(((await show("高橋　花子")).body["values"] as Record<string, unknown>)["mobile"]).toBeNull();
});

test("a trashed customer is in no list and no search, and comes back as it was", async () => {
  const no = people.get("髙橋　一郎") as number;
  const { version } = (await show("髙橋　一郎")).body as { version: number };
  expect((await request(house, { method: "POST", url: `/api/customers/${no}/trash`, cookie: sales.cookie, body: { version } })).status).toBe(403);
  expect((await request(house, { method: "POST", url: `/api/customers/${no}/trash`, cookie: office.cookie, body: { version } })).status).toBe(200);
  expect(names(await open({ search: "タカハシ イチロウ" }))).toEqual([]);
  expect(names(await open({ filters: { state: "trashed" } }))).toEqual(["髙橋　一郎"]);
  expect((await change("髙橋　一郎", { version: version + 1, values: { jobTitle: "x" } })).status).toBe(409);
  expect((await request(house, { method: "POST", url: `/api/customers/${no}/restore`, cookie: office.cookie })).status).toBe(200);
  expect(names(await open({ search: "タカハシ イチロウ" }))).toEqual(["髙橋　一郎"]);
});

test("nobody makes a visible customer their own to see more of it", async () => {
  const version = (await show("髙橋　一郎", sales)).body["version"];
  expect((await change("髙橋　一郎", { version, ownerNo: sales.accountNo }, sales)).status).toBe(403);
  expect((await change("髙橋　一郎", { version, ownerNo: sales.accountNo }, office)).status).toBe(200);
});

test("a search filtered by company, owner or state keeps to the filter", async () => {
  const companyNo = await actAs(house.open.storehouse, "system", "company.created", randomUUID(), (context) =>
    insertCompany(context, { companyName: "株式会社蔵前" }),
  );
  expect(names(await open({ search: "高橋", filters: { companyNo } }))).toEqual([]);
  expect(names(await open({ search: "高橋", filters: { ownerNo: sales.accountNo } }))).toEqual(["髙橋　一郎"]);
  const found = await request(house, { method: "POST", url: "/api/companies/views", cookie: office.cookie, body: { search: "㈱蔵前" } });
  expect((found.body["rows"] as { companyNo: number }[]).map((row) => row.companyNo)).toEqual([companyNo]);
});

test("the search function takes numbers alone: nothing else reaches the text of its query", async () => {
  const client = await house.database.app.connect();
  try {
    await client.query("begin; select set_config('kuraban.reads_all', 'on', true)");
    for (const terms of ["1}'); drop table customers; --", "1'", "", "1,,2", "abc", "1 or true"]) {
      expect((await client.query("select search_customers($1, 0, 10)", [terms])).rows).toEqual([]);
    }
  } finally {
    await client.query("rollback");
    client.release();
  }
});
