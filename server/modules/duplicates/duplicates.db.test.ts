import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eraseCustomer } from "#server/app/erase-customer.ts";
import { actAs, type Context } from "#server/core/door/index.ts";
import { corporateNumber } from "#shared/corporate-number.ts";
import { insertCompany, insertCustomers } from "#server/modules/customers/index.ts";
import { sweepRows } from "#server/modules/records/sweep-rows.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { findPairs, movePeople, numbersOfPerson, personsOf } from "./index.ts";

let house: SeededHouse;
let office: Caller;
let sales: Caller;
let manager: Caller;

const act = <Result>(event: string, what: (context: Context) => Promise<Result>): Promise<Result> =>
  actAs(house.open.storehouse, "system", event, randomUUID(), what);
const post = (url: string, body: object, caller: Caller = office): Promise<Reply> => request(house, { method: "POST", url, cookie: caller.cookie, body });
const get = (url: string, caller: Caller = office): Promise<Reply> => request(house, { method: "GET", url, cookie: caller.cookie });
const search = (): Promise<void> => findPairs(house.open.storehouse, { signal: new AbortController().signal });

type Values = Readonly<Record<string, string>>;
async function add(people: readonly Values[], given: { cell?: string; ownerNo?: number | null; companyNo?: number | null } = {}): Promise<number[]> {
  const cellNo = house.cells.get(given.cell ?? "near")?.cellNo as number;
  const { numbers } = await act("customer.created", (context) =>
    insertCustomers(
      context,
      people.map((values) => ({ ownerNo: given.ownerNo ?? null, cellNo, companyNo: given.companyNo ?? null, values })),
      { indexed: true },
    ),
  );
  return numbers;
}
const show = async (no: number, caller: Caller = office) =>
  (await get(`/api/customers/${no}`, caller)).body as { version: number; state: string; mergedInto: number | null; values: Values };
const versionOf = async (no: number): Promise<number> => (await show(no)).version;
const merge = async (winner: number, losers: readonly number[], choices: Readonly<Record<string, number>> = {}, caller: Caller = office): Promise<Reply> =>
  post(
    "/api/duplicates/merge",
    {
      kind: "customer",
      winner: { no: winner, version: await versionOf(winner) },
      losers: await Promise.all(losers.map(async (no) => ({ no, version: await versionOf(no) }))),
      choices,
    },
    caller,
  );
const found = async (words: string): Promise<number[]> =>
  ((await post("/api/customers/views", { search: words })).body["rows"] as { customerNo: number }[]).map((row) => row.customerNo);
interface Pair {
  first: { no: number };
  second: { no: number };
  score: number;
  reasons: string[];
}
const pairs = async (kind: "customer" | "company", state = "open"): Promise<Pair[]> => {
  const all: Pair[] = [];
  for (;;) {
    const { body } = await post("/api/duplicates/pairs", { kind, state, offset: all.length, limit: 50 });
    all.push(...(body["pairs"] as Pair[]));
    if (all.length >= (body["total"] as number)) return all;
  }
};
const isPair = (list: readonly Pair[], a: number, b: number): boolean =>
  list.some((pair) => [pair.first.no, pair.second.no].toSorted().join() === [a, b].toSorted().join());
const sweep = async () => (await house.open.storehouse.door.snapshot((query) => sweepRows(query))).findings;

beforeAll(async () => {
  house = await openSeededHouse([["office"], ["sales"], ["manager"]]);
  [office, sales, manager] = house.callers as [Caller, Caller, Caller];
  await search();
}, 90_000);
afterAll(() => house.close());

const watanabe: Values = {
  fullName: "渡邊　健一",
  kana: "ワタナベ　ケンイチ",
  mail: "k.watanabe@hokuto.example",
  mobile: "090-5151-6161",
  notes: "午前中は不在",
  section: "総務部",
};
const again: Values = {
  fullName: "渡辺 健一",
  kana: "ﾜﾀﾅﾍﾞ ｹﾝｲﾁ",
  mail: "K.Watanabe@hokuto.example",
  phone: "03-6161-7171",
  section: "総務部 庶務課",
  birthDate: "1970-04-01",
};

test("a person written twice becomes a pair that says why, and a namesake elsewhere does not", async () => {
  const [first, second] = (await add([watanabe, again])) as [number, number];
  const [namesake] = (await add([{ fullName: "渡辺　健一", mail: "another@kita.example" }])) as [number];
  await search();
  const list = await pairs("customer");
  expect(list.find((pair) => pair.first.no === first)).toMatchObject({ second: { no: second }, reasons: ["same-name", "same-kana", "same-mail"], score: 80 });
  expect(isPair(list, first, namesake)).toBe(false);
});

test("the list narrows to who is in a pair, as far as the reader sees both sides, and counts them alike", async () => {
  const [first, second] = (await add([
    { fullName: "西田　良子", kana: "ニシダ　ヨシコ", mail: "r.nishida@hinata.example" },
    { fullName: "西田 良子", kana: "ニシダ　ヨシコ", mail: "r.nishida@hinata.example" },
  ])) as [number, number];
  const apart = { fullName: "浜野　圭吾", kana: "ハマノ　ケイゴ", mail: "hamano@hinata.example" };
  const [seen] = (await add([apart])) as [number];
  await add([apart], { cell: "far" });
  await search();
  const list = await post("/api/customers/views", { filters: { mark: "alike" }, first: 100 });
  const numbers = (list.body["rows"] as { customerNo: number }[]).map((row) => row.customerNo);
  expect(numbers).toEqual(expect.arrayContaining([first, second]));
  expect(numbers).not.toContain(seen);
  const counted = (await post("/api/customers/counts", { by: "mark", filters: { mark: "alike" } })).body["choices"] as { choice: string; customers: number }[];
  expect(counted.find(({ choice }) => choice === "alike")?.customers).toBe(list.body["total"]);
  const typed = await post("/api/customers/views", { search: "ニシダ", filters: { mark: "alike", atHand: "starred" } });
  expect(typed.body["total"]).toBe(0);
  const found = await post("/api/customers/views", { search: "ニシダ", filters: { mark: "alike" } });
  expect((found.body["rows"] as { customerNo: number }[]).map((row) => row.customerNo)).toEqual([first, second]);
});

test("while being typed a person is found by name and number or mail, within the caller's scope alone", async () => {
  const person = { fullName: "堀江　真弓", kana: "ホリエ　マユミ", mobile: "080-2222-3434", mail: "horie@minami.example" };
  const [far] = (await add([person], { cell: "far" })) as [number];
  const typed = { fullName: "堀江真弓", mobile: "080 2222 3434" };
  const hidden = await post("/api/duplicates/alike", { values: typed });
  expect(hidden.body).toEqual({ alike: [] });
  const [near] = (await add([person])) as [number];
  const shown = await post("/api/duplicates/alike", { values: typed });
  expect(shown.body["alike"]).toEqual([expect.objectContaining({ customerNo: near, fullName: "堀江　真弓", reasons: ["same-name", "same-mobile"] })]);
  expect((await post("/api/duplicates/alike", { values: { fullName: "堀江真弓" } })).body).toEqual({ alike: [] });
  await search();
  expect(isPair(await pairs("customer"), far, near)).toBe(false);
  expect((await post("/api/duplicates/compare", { kind: "customer", numbers: [near, far] })).status).toBe(404);
  expect((await get(`/api/duplicates/customers/${near}`)).body["open"]).toEqual([]);
});

test("merging takes the chosen values, keeps every other at its source, and taking it back leaves all as before", async () => {
  const [first, second] = (await add([watanabe, again].map((one) => ({ ...one, memberNumber: "M-1" })))) as [number, number];
  const before = [await show(first), await show(second)];
  const compared = await post("/api/duplicates/compare", { kind: "customer", numbers: [first, second] });
  expect(compared.body["suggested"]).toMatchObject({ section: second, phone: second, birthDate: second, notes: first, mobile: first });
  const merged = await merge(first, [second], { section: second, phone: second, birthDate: second });
  expect(merged.status).toBe(200);
  const winner = await show(first);
  expect(winner.values).toMatchObject({
    fullName: "渡邊　健一",
    section: "総務部 庶務課",
    phone: again["phone"],
    birthDate: "1970-04-01",
    notes: "午前中は不在",
  });
  const loser = await show(second);
  expect(loser).toMatchObject({ state: "merged", mergedInto: first, values: before[1]?.values });
  expect(await found("M-1")).toEqual([first]);
  expect(await found("03-6161-7171")).toContain(first);
  const history = (await get(`/api/customers/${first}/history`)).body["edits"] as {
    type: string;
    fields: { field: string; before: unknown; after: unknown }[];
  }[];
  expect(history[0]).toMatchObject({ type: "customer.merged" });
  expect(history[0]?.fields).toContainEqual({ field: "section", before: "総務部", after: "総務部 庶務課" });
  expect(await sweep()).toEqual([]);
  const { mergeNo } = merged.body as { mergeNo: number };
  expect((await get(`/api/duplicates/customers/${first}`)).body["merges"]).toEqual([expect.objectContaining({ mergeNo, loserNos: [second] })]);
  expect((await post(`/api/duplicates/merges/${mergeNo}/undo`, {})).status).toBe(200);
  const soon = await house.database.owner.query("select run_at <= now() as is_due from jobs where key = 'every duplicates.find'");
  expect(soon.rows).toEqual([{ is_due: true }]);
  expect([(await show(first)).values, (await show(second)).values]).toEqual(before.map((one) => one.values));
  expect((await found("M-1")).toSorted((a, b) => a - b)).toEqual([first, second]);
  expect(await sweep()).toEqual([]);
  expect((await post(`/api/duplicates/merges/${mergeNo}/undo`, {})).status).toBe(404);
});

test("whatever is chosen of three, what was merged and taken back has the values that it had", async () => {
  const keys = ["fullName", "mail", "phone", "mobile", "section", "notes"] as const;
  const person = fc.record({
    fullName: fc.constantFrom("岡田　誠", "岡田誠"),
    mail: fc.constantFrom("", "okada@example.jp", "o.makoto@example.jp"),
    phone: fc.constantFrom("", "03-1111-2222"),
    mobile: fc.constantFrom("", "090-1111-3333"),
    section: fc.constantFrom("", "営業部", "営業一課"),
    notes: fc.constantFrom("", "覚え書き"),
  });
  await fc.assert(
    fc.asyncProperty(fc.tuple(person, person, person), fc.array(fc.nat(2), { minLength: keys.length, maxLength: keys.length }), async (people, chosen) => {
      const numbers = await add(people);
      const before = await Promise.all(numbers.map((no) => show(no)));
      const choices = Object.fromEntries(keys.map((key, index) => [key, numbers[chosen[index] as number] as number]));
      const merged = await merge(numbers[0] as number, numbers.slice(1), choices);
      expect(merged.status).toBe(200);
      const winner = await show(numbers[0] as number);
      keys.forEach((key, index) => expect(winner.values[key]).toEqual(before[chosen[index] as number]?.values[key]));
      expect((await post(`/api/duplicates/merges/${String(merged.body["mergeNo"])}/undo`, {})).status).toBe(200);
      const after = await Promise.all(numbers.map((no) => show(no)));
      expect(after.map(({ values, state, mergedInto }) => ({ values, state, mergedInto }))).toEqual(
        before.map(({ values }) => ({ values, state: "active", mergedInto: null })),
      );
    }),
    { numRuns: 8 },
  );
  expect(await sweep()).toEqual([]);
}, 60_000);

test("a merge that was followed by an edit says which fields changed, and gives the others back without touching them", async () => {
  const [first, second] = (await add([watanabe, again])) as [number, number];
  const { mergeNo, version } = (await merge(first, [second], { section: second })).body as { mergeNo: number; version: number };
  await request(house, { method: "PATCH", url: `/api/customers/${first}`, cookie: office.cookie, body: { version, values: { jobTitle: "課長" } } });
  const refused = await post(`/api/duplicates/merges/${mergeNo}/undo`, {});
  expect(refused.status).toBe(409);
  expect(refused.body["facts"]).toMatchObject({ fields: ["jobTitle"] });
  expect((await post(`/api/duplicates/merges/${mergeNo}/undo`, { keepWinner: true })).status).toBe(200);
  expect((await show(first)).values).toMatchObject({ section: "総務部 庶務課", jobTitle: "課長" });
  expect(await show(second)).toMatchObject({ state: "active", mergedInto: null });
});

test("a merge asks for writing on both sides, and never for a version that is no more", async () => {
  const [own] = (await add([watanabe], { ownerNo: sales.accountNo })) as [number];
  const [other] = (await add([again])) as [number];
  const body = { kind: "customer", winner: { no: own, version: 1 }, losers: [{ no: other, version: 1 }], choices: {} };
  expect((await post("/api/duplicates/merge", body, sales)).status).toBe(403);
  expect((await post("/api/duplicates/merge", { ...body, losers: [{ no: other, version: 2 }] })).status).toBe(409);
  expect((await post("/api/duplicates/merge", { ...body, losers: [{ no: own, version: 1 }] })).status).toBe(404);
  expect((await post("/api/duplicates/merge", { ...body, choices: { fullName: 999_999 } })).status).toBe(400);
  expect(await show(other)).toMatchObject({ state: "active", version: 1 });
  expect((await post("/api/duplicates/merge", body)).status).toBe(200);
  // A merged row is changed by nobody: its page stays as a source.
  const patched = await request(house, {
    method: "PATCH",
    url: `/api/customers/${other}`,
    cookie: office.cookie,
    body: { version: 2, values: { section: "x" } },
  });
  expect(patched.status).toBe(409);
  expect((await post(`/api/customers/${other}/restore`, {})).status).toBe(409);
});

test("that two are not the same is remembered, whatever is searched and changed afterwards", async () => {
  const [first, second] = (await add([
    { fullName: "大西　章", kana: "オオニシ　アキラ", mail: "onishi@higashi.example" },
    { fullName: "大西　章", kana: "オオニシ　アキラ", mail: "onishi@higashi.example" },
  ])) as [number, number];
  await search();
  expect(isPair(await pairs("customer"), first, second)).toBe(true);
  expect((await post("/api/duplicates/apart", { kind: "customer", numbers: [second, first], areApart: true })).status).toBe(200);
  await request(house, { method: "PATCH", url: `/api/customers/${first}`, cookie: office.cookie, body: { version: 1, values: { mobile: "090-4444-9898" } } });
  await search();
  expect(isPair(await pairs("customer"), first, second)).toBe(false);
  expect(isPair(await pairs("customer", "not-duplicate"), first, second)).toBe(true);
  expect((await post("/api/duplicates/apart", { kind: "customer", numbers: [first, second], areApart: false })).status).toBe(200);
  expect(isPair(await pairs("customer"), first, second)).toBe(true);
});

test("events of merged numbers count as one person, and erasing the person destroys the keys of all of them", async () => {
  const [a, b, c] = (await add([watanabe, again, watanabe])) as [number, number, number];
  await merge(b, [c]);
  await merge(a, [b]);
  await house.open.storehouse.door.snapshot(async (query) => {
    expect([...(await personsOf(query, [a, b, c, 999_999]))]).toEqual([
      [a, a],
      [b, a],
      [c, a],
      [999_999, 999_999],
    ]);
    expect(await numbersOfPerson(query, a)).toEqual([a, b, c]);
  });
  await eraseCustomer(house.open, a);
  for (const no of [a, b, c]) {
    expect(house.open.storehouse.door.vault.isErased({ kind: "customer", no })).toBe(true);
    expect((await get(`/api/customers/${no}`, manager)).status).toBe(404);
  }
  expect((await house.database.owner.query("select from merges where winner_no = any($1) and sealed_personal is not null", [[a, b]])).rowCount).toBe(0);
  expect(await sweep()).toEqual([]);
});

test("companies: forms in front or behind are the same, a branch is related, another corporate number is another company", async () => {
  const names = ["株式会社星空電装", "星空電装㈱", "株式会社星空電装 大阪支店", "星空電装販売株式会社", "㈲星空電装"];
  const numbers: number[] = [];
  for (const companyName of names) {
    numbers.push(
      await act("company.created", (context) =>
        insertCompany(context, { companyName, ...(companyName.startsWith("㈲") ? { corporateNumber: corporateNumber("000012050002") } : {}) }),
      ),
    );
  }
  const [front, behind, branch, sister, other] = numbers as [number, number, number, number, number];
  const numbered = await act("company.created", (context) =>
    insertCompany(context, { companyName: "星空電装", corporateNumber: corporateNumber("010001012345") }),
  );
  await search();
  const list = await pairs("company");
  expect(isPair(list, front, behind)).toBe(true);
  expect(list.find((pair) => pair.first.no === front && pair.second.no === branch)?.reasons).toEqual(["branch"]);
  expect(isPair(list, front, sister)).toBe(false);
  expect(isPair(list, other, numbered)).toBe(false);
  expect(isPair(list, front, numbered)).toBe(true);
});

test("a corporate number with a wrong check digit is refused with its sentence, and a right one is kept in its digits", async () => {
  const create = (number: string): Promise<Reply> => post("/api/companies", { values: { companyName: "検査株式会社", corporateNumber: number } });
  const refused = await create("8000012050002");
  expect([refused.status, refused.body["code"], refused.body["facts"]]).toEqual([422, "corporate-number", { field: "corporateNumber" }]);
  const { body } = await create("７０００-０１２０-５０００２");
  expect((await get(`/api/companies/${String(body["companyNo"])}`)).body).toMatchObject({ values: { corporateNumber: "7000012050002" } });
});

test("people of merged companies go with them, those of every department, and come back when it is taken back", async () => {
  const winner = await act("company.created", (context) => insertCompany(context, { companyName: "青葉運輸株式会社" }));
  const loser = await act("company.created", (context) => insertCompany(context, { companyName: "㈱青葉運輸", phone: "022-111-2222" }));
  const [near] = (await add([{ fullName: "青葉　一" }], { companyNo: loser })) as [number];
  const [far] = (await add([{ fullName: "青葉　二" }], { companyNo: loser, cell: "far" })) as [number];
  const companyOf = async (no: number): Promise<unknown> =>
    (await house.database.owner.query<{ company_no: number }>("select company_no from customers where customer_no = $1", [no])).rows[0]?.company_no;
  const merged = await post(
    "/api/duplicates/merge",
    { kind: "company", winner: { no: winner, version: 1 }, losers: [{ no: loser, version: 1 }], choices: { phone: loser } },
    office,
  );
  expect(merged.status).toBe(200);
  const { mergeNo } = merged.body as { mergeNo: number };
  const run = (): Promise<void> => movePeople(house.open.storehouse, { payload: { mergeNo }, signal: new AbortController().signal });
  await run();
  expect([await companyOf(near), await companyOf(far)]).toEqual([winner, winner]);
  expect((await get(`/api/companies/${winner}`)).body).toMatchObject({ values: { phone: "022-111-2222" } });
  expect((await get(`/api/companies/${loser}`)).body).toMatchObject({ state: "merged", mergedInto: winner, may: { write: false } });
  expect((await get(`/api/duplicates/companies/${loser}`)).body).toMatchObject({ merges: [], goneBy: { mergeNo } });
  expect((await get(`/api/duplicates/companies/${winner}`)).body).toMatchObject({ merges: [{ mergeNo, loserNos: [loser] }], goneBy: null });
  expect(await sweep()).toEqual([]);
  expect((await post(`/api/duplicates/merges/${mergeNo}/undo`, {})).status).toBe(200);
  await run();
  expect([await companyOf(near), await companyOf(far)]).toEqual([loser, loser]);
  expect((await get(`/api/companies/${winner}`)).body).toMatchObject({ values: { phone: null } });
  expect((await get(`/api/duplicates/companies/${loser}`)).body).toEqual({ merges: [], goneBy: null });
  expect(await sweep()).toEqual([]);
});

test("the search comes to an end, goes on where it was stopped, and has nothing left to do afterwards", async () => {
  await search();
  await add(Array.from({ length: 230 }, (_, index) => ({ fullName: `池田　${index}`, mail: `ikeda${index}@example.jp` })));
  const stop = new AbortController();
  stop.abort();
  await expect(findPairs(house.open.storehouse, { signal: stop.signal })).rejects.toThrow();
  const waiting = async (): Promise<unknown> => (await post("/api/duplicates/pairs", { kind: "customer" })).body["waiting"];
  expect(await waiting()).toBe(230);
  await search();
  expect(await waiting()).toBe(0);
});
