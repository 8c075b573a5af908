import { afterAll, beforeAll, expect, test } from "vitest";
import { listEvents } from "#server/core/ledger/index.ts";
import { sentinelValues } from "#server/modules/sample/index.ts";
import type { Grant, RoleDefinition } from "#shared/rights.ts";
import { openHouse } from "../support/open-house.ts";
import { request, type Reply } from "../support/request.ts";
import { seedStorehouse, type Caller } from "../support/seed-storehouse.ts";
import type { SeededHouse } from "../support/seeded-house.ts";

/**
 * What is found alike, put side by side or counted says nothing of a value that the caller does not read: not by a reason, not
 * by a refusal, not by an order and not by a number.
 */
const grant = (scope: Grant["scope"], levels: Partial<Grant["levels"]>, masked: Grant["masked"] = []): Grant => ({
  kind: "customer",
  scope,
  levels: { open: "none", internal: "none", personal: "none", sensitive: "none", ...levels },
  masked,
});
const company: Grant = { kind: "company", scope: "all", levels: { open: "read", internal: "read", personal: "none", sensitive: "none" }, masked: [] };
const roleOf = (key: string, ...grants: Grant[]): RoleDefinition => ({
  key,
  labelJa: key,
  labelEn: key,
  grants: [...grants, company],
  verbs: [],
  purposes: [],
});
const made: readonly RoleDefinition[] = [
  // Writes names of companies and sections, and reads nothing personal.
  roleOf("desk", grant("all", { open: "write", internal: "write" })),
  // Writes what it sees masked.
  roleOf("veiled-writer", grant("all", { open: "write", internal: "write", personal: "write", sensitive: "write" }, ["personal", "sensitive"])),
];

let house: SeededHouse;
let sales: Caller;
let office: Caller;
let desk: Caller;
let veiled: Caller;
beforeAll(async () => {
  const bare = await openHouse();
  await bare.database.owner.query("insert into roles (role_key, definition) select r->>'key', r from jsonb_array_elements($1::jsonb) r", [
    JSON.stringify(made),
  ]);
  await bare.database.owner.query("update organisation set policy_version = policy_version + 1");
  house = { ...bare, ...(await seedStorehouse(bare.open.storehouse, [["sales"], ["office"], ["desk"], ["veiled-writer"]], { hasActivities: true })) };
  [sales, office, desk, veiled] = house.callers as [Caller, Caller, Caller, Caller];
}, 60_000);
afterAll(() => house.close());

const send = (who: Caller, method: string, url: string, body?: unknown): Promise<Reply> =>
  request(house, { method, url, cookie: who.cookie, ...(body === undefined ? {} : { body }) });
const ownedBy = (who: Caller): number => house.customerNos.find((no) => house.ownerOf.get(no) === who.accountNo) as number;
const valuesOf = (no: number): Readonly<Record<string, string | null>> => sentinelValues("customer", house.customerIndex.get(no) as number);

interface Alike {
  readonly customerNo: number;
  readonly score: number;
  readonly reasons: readonly string[];
}
async function alike(who: Caller, no: number, more: Readonly<Record<string, string>> = {}): Promise<Alike | undefined> {
  const { fullName, kana, mail, mobile, birthDate } = valuesOf(no);
  const reply = await send(who, "POST", "/api/duplicates/alike", { values: { fullName, kana, mail, mobile, birthDate, ...more } });
  return (reply.body["alike"] as Alike[]).find((one) => one.customerNo === no);
}

test("a masked date of birth is not guessed by typing somebody who is alike; one that is shown counts", async () => {
  const no = ownedBy(office);
  const [right, wrong] = [await alike(sales, no), await alike(sales, no, { birthDate: "1901-01-01" })];
  expect(right?.reasons).toEqual(["same-name", "same-kana", "same-mail", "same-mobile"]);
  expect(wrong).toMatchObject({ reasons: right?.reasons, score: right?.score });
  expect((await alike(office, no))?.reasons).toContain("same-birth-date");
  expect((await alike(office, no, { birthDate: "1901-01-01" }))?.reasons).toContain("other-birth-date");
});

test("that a value is what somebody typed is something learnt of it: the field stands in the event, in part, shown or not", async () => {
  const no = ownedBy(office);
  const { rows: fields } = await house.database.owner.query<{ no: number; key: string }>("select field_no as no, key from fields where kind = 'customer'");
  const numberOf = (key: string): number => fields.find((field) => field.key === key)?.no as number;
  const releasedBy = async (reply: Reply): Promise<Map<number, number>> => {
    const { events } = await listEvents(house.database.owner, { limit: 20 });
    const event = events.find((one) => one.requestId === reply.requestId);
    return new Map(event?.releases.filter((release) => release.kind === "customer" && release.numbers.includes(no)).flatMap((release) => release.fields));
  };
  const { fullName, kana, mail, mobile } = valuesOf(no);
  const asked = await send(sales, "POST", "/api/duplicates/alike", { values: { fullName, kana, mail, mobile, birthDate: "1901-01-01" } });
  const told = await releasedBy(asked);
  expect([told.get(numberOf("mail")), told.get(numberOf("mobile")), told.get(numberOf("fullName"))]).toEqual([1, 1, 2]);
  for (const key of ["birthDate", "phone", "address"]) expect([key, told.get(numberOf(key))]).toEqual([key, undefined]);
  // As a search does: the hit is a mail that is no column of the list.
  const found = await send(sales, "POST", "/api/customers/views", { search: mail, columns: ["fullName"] });
  expect((found.body["rows"] as Alike[]).map((row) => row.reasons)).toEqual([[{ field: "mail", how: "exact" }]]);
  const hit = await releasedBy(found);
  expect([hit.get(numberOf("mail")), hit.get(numberOf("mobile"))]).toEqual([1, undefined]);
  const missed = await send(sales, "POST", "/api/duplicates/alike", { values: { fullName, mail: "nobody@nowhere.example", mobile: "090-0000-0000" } });
  expect((await releasedBy(missed)).get(numberOf("mail"))).toBeUndefined();
});

test("a pair is told with the reasons that the caller may know, and where too few are left there is no pair: not in the list, not by keeping it apart", async () => {
  const [first, second] = [ownedBy(office), ownedBy(desk)].toSorted((a, b) => a - b) as [number, number];
  await house.database.owner.query(
    "insert into duplicate_pairs (kind, first_no, second_no, score, reasons, found_at) values ('customer', $1, $2, 60, '{same-mail,same-birth-date}', now())",
    [first, second],
  );
  const apart = (who: Caller, numbers: number[]): Promise<Reply> => send(who, "POST", "/api/duplicates/apart", { kind: "customer", numbers, areApart: true });
  expect((await send(desk, "POST", "/api/duplicates/pairs", { kind: "customer" })).body).toMatchObject({ total: 0, pairs: [] });
  expect((await send(desk, "GET", `/api/duplicates/customers/${first}`)).body["open"]).toEqual([]);
  const [there, none] = [await apart(desk, [first, second]), await apart(desk, [first, ownedBy(sales)])];
  expect([there.status, there.body["code"]]).toEqual([none.status, none.body["code"]]);
  expect(there.status).toBe(404);
  expect((await send(veiled, "GET", `/api/duplicates/customers/${first}`)).body["open"]).toEqual([]);
  expect((await send(office, "GET", `/api/duplicates/customers/${first}`)).body["open"]).toEqual([
    { otherNo: second, score: 60, reasons: ["same-mail", "same-birth-date"] },
  ]);
  expect((await apart(office, [first, second])).body).toEqual({ state: "not-duplicate" });
});

test("side by side, of masked values only that there is one is weighed: whether two are the same is not told", async () => {
  const [first, second] = house.customerNos.filter((no) => house.ownerOf.get(no) === null) as [number, number];
  const suggested = async (who: Caller): Promise<Record<string, number>> =>
    (await send(who, "POST", "/api/duplicates/compare", { kind: "customer", numbers: [first, second] })).body["suggested"] as Record<string, number>;
  const before = await suggested(veiled);
  expect(await suggested(office)).toHaveProperty("birthDate");
  const { body } = await send(office, "GET", `/api/customers/${first}`);
  expect(
    (await send(office, "PATCH", `/api/customers/${first}`, { version: body["version"], values: { birthDate: valuesOf(second)["birthDate"] } })).status,
  ).toBe(200);
  expect(await suggested(office)).not.toHaveProperty("birthDate");
  expect(Object.keys(await suggested(veiled))).toEqual(Object.keys(before));
  expect(before).toHaveProperty("birthDate");
});

test("when somebody was last in touch, and how many notes there are, is for who reads the notes: no time, no order, no number", async () => {
  const no = ownedBy(desk);
  const companyNo = (await house.database.owner.query<{ company_no: number }>("select company_no from customers where customer_no = $1", [no])).rows[0]
    ?.company_no;
  const people = async (who: Caller): Promise<{ customerNo: number; lastContactAt: string | null }[]> =>
    (await send(who, "GET", `/api/companies/${companyNo}/people`)).body["people"] as { customerNo: number; lastContactAt: string | null }[];
  const seen = await people(desk);
  expect(seen.length).toBeGreaterThan(0);
  expect(seen.every((one) => one.lastContactAt === null)).toBe(true);
  expect(seen.map((one) => one.customerNo)).toEqual(seen.map((one) => one.customerNo).toSorted((a, b) => a - b));
  expect((await people(office)).some((one) => one.lastContactAt !== null)).toBe(true);
  await house.database.owner.query("update contact_notes set author_no = null where customer_no = any($1)", [[no, ownedBy(sales)]]);
  const notes = async (who: Caller): Promise<unknown> => (await send(who, "GET", "/api/home/changes")).body["notes"];
  expect([await notes(desk), await notes(sales)]).toEqual([0, 1]);
});

test("how much is written in other departments is not told by what waits to be compared", async () => {
  const far = house.customerNos.filter((no) => house.cellOf.get(no) === house.cells.get("far")?.cellNo);
  await house.database.owner.query("delete from duplicate_queue");
  await house.database.owner.query("insert into duplicate_queue select 'customer', unnest($1::integer[])", [far]);
  const waiting = async (who: Caller): Promise<unknown> => (await send(who, "POST", "/api/duplicates/pairs", { kind: "customer" })).body["waiting"];
  expect([await waiting(office), await waiting(desk)]).toEqual([0, far.length]);
});

test("the columns of a kept view, and of an opened one, are keys of columns: anything else typed there is not kept", async () => {
  const plain = { filters: {}, sort: { by: "number", descending: false }, name: "一覧", sharing: "all", cellNo: null, search: "" };
  expect((await send(office, "POST", "/api/saved-views", { ...plain, columns: ["fullName", "YamadaTaro"] })).status).toBe(200);
  expect((await send(office, "POST", "/api/customers/views", { columns: ["fullName", "山田太郎", "YamadaTaro"] })).status).toBe(200);
  const { rows } = await house.database.owner.query<{ text: string }>(
    "select request::text as text from saved_views union all select request::text from customer_views",
  );
  expect(rows.map(({ text }) => text).join()).toContain("fullName");
  expect(rows.map(({ text }) => text).join()).not.toMatch(/YamadaTaro|山田太郎/);
});
