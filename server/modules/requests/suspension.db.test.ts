import { afterAll, beforeAll, expect, test } from "vitest";
import { listEvents } from "#server/core/ledger/index.ts";
import { verifyStorehouse } from "#server/modules/records/index.ts";
import { sentinelValues } from "#server/modules/sample/index.ts";
import { request } from "#tests/support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";

let house: SeededHouse;
let sales: Caller;
let office: Caller;
let officer: Caller;
let own: number;
beforeAll(async () => {
  house = await openSeededHouse([["sales"], ["office"], ["privacy-officer"]]);
  [sales, office, officer] = house.callers as [Caller, Caller, Caller];
  own = house.customerNos.find((no) => house.ownerOf.get(no) === sales.accountNo) as number;
}, 60_000);
afterAll(() => house.close());

const ask = (who: Caller, method: string, url: string, body?: unknown) =>
  request(house, { method, url, cookie: who.cookie, ...(body === undefined ? {} : { body }) });
const valueOf = (no: number, field: string): string => sentinelValues("customer", house.customerIndex.get(no) as number)[field] as string;

/** Every way by which a value is used, as the member of staff who may use it. */
const uses: readonly (readonly [name: string, who: () => Caller, url: () => string, body: () => unknown])[] = [
  ["revealed", () => office, () => `/api/customers/${own}/reveal`, () => ({ fields: ["bankAccount"], purpose: "inquiry" })],
  ["revealed by its owner", () => sales, () => `/api/customers/${own}/reveal`, () => ({ fields: ["mobile"], purpose: "inquiry" })],
  ["called", () => sales, () => `/api/customers/${own}/use`, () => ({ field: "mobile", way: "call", purpose: "sales" })],
  ["mailed", () => sales, () => `/api/customers/${own}/use`, () => ({ field: "mail", way: "mail", purpose: "sales" })],
  ["looked up on a map", () => sales, () => `/api/customers/${own}/use`, () => ({ field: "address", way: "map", purpose: "sales" })],
];

test("while use is not suspended, each use goes through; once it is, each is refused, at once and to its owner too", async () => {
  for (const [name, who, url, body] of uses) {
    expect([name, (await ask(who(), "POST", url(), body())).status]).toEqual([name, 200]);
  }
  expect((await ask(sales, "POST", `/api/customers/${own}/suspend`, { reason: "ご本人から電話で申し出" })).body).toMatchObject({ kind: "suspended" });
  for (const [name, who, url, body] of uses) {
    const reply = await ask(who(), "POST", url(), body());
    expect([name, reply.body["code"]]).toEqual([name, "use-suspended"]);
    expect(reply.bytes.includes(valueOf(own, "mobile"))).toBe(false);
  }
});

test("a suspended person stays to be found, marked, with every value that has a mask masked, even to whoever writes them", async () => {
  const shown = await ask(sales, "GET", `/api/customers/${own}`);
  expect(shown.body["isSuspended"]).toBe(true);
  const values = shown.body["values"] as Record<string, unknown>;
  for (const key of ["mail", "phone", "mobile", "address", "birthDate"]) {
    expect([key, values[key]]).toEqual([key, { masked: expect.any(String) as string }]);
  }
  const found = await ask(sales, "POST", "/api/customers/views", { search: valueOf(own, "fullName"), columns: ["fullName", "mobile"] });
  expect(found.body["rows"]).toMatchObject([{ customerNo: own, isSuspended: true, values: { mobile: { masked: expect.any(String) as string } } }]);
  const inside = await ask(sales, "POST", "/api/customers/views", { search: valueOf(own, "mobile").slice(4, 8) });
  expect(inside.body["total"] ?? 0).toBe(0);
});

test("the list narrows to who is suspended, or to the others, with or without words", async () => {
  const listed = async (body: object) => (await ask(sales, "POST", "/api/customers/views", { first: 100, ...body })).body;
  const numbersOf = (body: Record<string, unknown>) => (body["rows"] as { customerNo: number }[]).map((row) => row.customerNo);
  expect(numbersOf(await listed({ filters: { mark: "suspended" } }))).toEqual([own]);
  const others = await listed({ filters: { mark: "not-suspended" } });
  expect(numbersOf(others)).not.toContain(own);
  const search = valueOf(own, "fullName");
  expect(numbersOf(await listed({ search, filters: { mark: "suspended" } }))).toEqual([own]);
  expect(numbersOf(await listed({ search, filters: { mark: "not-suspended" } }))).not.toContain(own);
  const { choices } = (await ask(sales, "POST", "/api/customers/counts", { by: "mark", filters: {} })).body;
  expect(choices).toEqual([
    { choice: "suspended", customers: 1 },
    { choice: "not-suspended", customers: others["total"] },
    { choice: "alike", customers: 0 },
  ]);
});

test("files leave suspended persons out: labels name them as left out, and their values are not on the paper", async () => {
  const event = await eventOf(await ask(sales, "POST", "/api/prints", { customerNos: [own], layout: "label-a4-12", purpose: "delivery" }));
  expect(event.releases.flatMap((release) => (release.kind === "customer" && release.numbers.includes(own) ? release.fields : []))).toEqual([]);
});

test("a row that was corrected while suspended is still suspended, and ledger and rows agree", async () => {
  const { version } = (await ask(sales, "GET", `/api/customers/${own}`)).body as { version: number };
  expect((await ask(sales, "PATCH", `/api/customers/${own}`, { version, values: { section: "訂正した部署" } })).status).toBe(200);
  expect((await ask(sales, "GET", `/api/customers/${own}`)).body["isSuspended"]).toBe(true);
  await house.open.sequencer.sequenceNow();
  expect((await verifyStorehouse(house.open.storehouse, "system")).findings).toEqual([]);
});

test("taking the suspension out of a row around the product is found by the sweep", async () => {
  await house.database.owner.query("update customers set use_suspended_at = null where customer_no = $1", [own]);
  const found = (await verifyStorehouse(house.open.storehouse, "system")).findings;
  await house.database.owner.query("update customers set use_suspended_at = now() where customer_no = $1", [own]);
  expect(JSON.stringify(found)).toContain(String(own));
});

test("only the privacy officer lifts it; then use goes on; the reasons are sealed in the ledger", async () => {
  for (const who of [sales, office]) {
    expect((await ask(who, "POST", `/api/customers/${own}/lift-suspension`, { reason: "もうよい" })).body["code"]).toBe("not-permitted");
  }
  const lifted = await ask(officer, "POST", `/api/customers/${own}/lift-suspension`, { reason: "ご本人が撤回" });
  expect(lifted.body).toMatchObject({ kind: "lifted" });
  const event = await eventOf(lifted);
  expect(event.type).toBe("person.suspension-lifted");
  expect(event.sealed.map((part) => [part.label, part.subject.no])).toEqual([["reason", own]]);
  for (const [name, who, url, body] of uses) {
    expect([name, (await ask(who(), "POST", url(), body())).status]).toEqual([name, 200]);
  }
});

test("who cannot write a person cannot suspend them; who cannot see them does not learn that they exist", async () => {
  const colleagues = house.customerNos.find((no) => house.ownerOf.get(no) === office.accountNo) as number;
  const far = house.customerNos.at(-1) as number;
  expect((await ask(sales, "POST", `/api/customers/${colleagues}/suspend`, { reason: "x" })).body["code"]).toBe("not-permitted");
  expect((await ask(sales, "POST", `/api/customers/${far}/suspend`, { reason: "x" })).body["code"]).toBe("not-found");
  expect((await ask(officer, "POST", `/api/customers/${far}/suspend`, { reason: "x" })).body["kind"]).toBe("suspended");
});

async function eventOf(reply: { requestId: string }) {
  const { events } = await listEvents(house.database.owner, { limit: 50 });
  const event = events.find((one) => one.requestId === reply.requestId);
  if (event === undefined) throw new Error("no event");
  return event;
}
