import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { actAs } from "#server/core/door/index.ts";
import { listEvents, type RecordedEvent } from "#server/core/ledger/index.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { insertCustomers } from "../index.ts";

let house: SeededHouse;
let sales: Caller;
let auditor: Caller;
let numbers: number[] = [];
/** Somebody of another department. */
let far: number;

const people = [
  {
    fullName: "髙﨑　𠮷乃",
    mobile: "090-1111-2222",
    mail: "yoshino@example.jp",
    postalCode: "530-0001",
    address: "大阪府大阪市北区梅田2-4-9 ブリーゼタワー12階",
  },
  { fullName: "住所　無男", mobile: "090-3333-4444" },
];

beforeAll(async () => {
  house = await openSeededHouse([["sales"], ["auditor"]]);
  [sales, auditor] = house.callers as [Caller, Caller];
  const near = house.cells.get("near")?.cellNo as number;
  far = house.customerNos.find((no) => house.cellOf.get(no) !== near) as number;
  await actAs(house.open.storehouse, "system", "customer.created", randomUUID(), async (context) => {
    const made = await insertCustomers(
      context,
      people.map((values) => ({ ownerNo: null, cellNo: near, companyNo: null, values })),
      { indexed: true },
    );
    numbers = [...made.numbers];
  });
}, 60_000);
afterAll(() => house.close());

const use = (no: number, body: object, caller: Caller = sales): Promise<Reply> =>
  request(house, { method: "POST", url: `/api/customers/${no}/use`, cookie: caller.cookie, body });
const print = (body: object, caller: Caller = sales): Promise<Reply> =>
  request(house, { method: "POST", url: "/api/prints", cookie: caller.cookie, body: { layout: "label-a4-12", purpose: "delivery", ...body } });
const person = (): number => numbers[0] as number;

async function eventOf(reply: Reply): Promise<RecordedEvent> {
  const { events } = await listEvents(house.database.owner, { limit: 50 });
  return events.find((event) => event.requestId === reply.requestId) as RecordedEvent;
}

test("a number is called in full while the screen still shows it masked, and the event says who, why and how", async () => {
  const reply = await use(person(), { field: "mobile", way: "call", purpose: "inquiry" });
  expect(reply.body).toEqual({ target: "090-1111-2222" });
  expect(await eventOf(reply)).toMatchObject({
    type: "customer.used",
    accountNo: sales.accountNo,
    purpose: "inquiry",
    facts: { way: "call", field: "mobile" },
    releases: [{ kind: "customer", numbers: [person()], fields: [[8, 2]] }],
  });
  const shown = await request(house, { method: "GET", url: `/api/customers/${person()}`, cookie: sales.cookie });
  expect((shown.body["values"] as Record<string, unknown>)["mobile"]).toEqual({ masked: "090-••••-2222" });
});

test("to a map only the town leaves, and it is recorded as a part", async () => {
  const reply = await use(person(), { field: "address", way: "map", purpose: "delivery" });
  expect(reply.body).toEqual({ target: "大阪府大阪市北区梅田" });
  expect((await eventOf(reply)).releases).toEqual([{ kind: "customer", numbers: [person()], fields: [[11, 1]] }]);
});

test("nothing is used without the verb, without a purpose that one has, by a way that does not fit, or out of one's sight", async () => {
  const call = { field: "mobile", way: "call", purpose: "inquiry" };
  expect((await use(person(), call)).status).toBe(200);
  expect((await use(person(), call, auditor)).body).toMatchObject({ code: "not-permitted" });
  expect((await use(person(), { field: "mobile", way: "call" })).body).toMatchObject({ code: "invalid-input" });
  expect((await use(person(), { ...call, purpose: "audit" })).body).toMatchObject({ code: "purpose-needed" });
  expect((await use(person(), { ...call, field: "mail" })).body).toMatchObject({ code: "invalid-input" });
  expect((await use(far, call)).body).toMatchObject({ code: "not-found" });
});

test("labels hold the names and addresses that their event names, and who is left out stands there by number alone", async () => {
  const reply = await print({ customerNos: [...numbers, far] });
  expect(reply.status).toBe(200);
  const text = reply.bytes.toString("utf8");
  for (const part of ["髙﨑𠮷乃様", "530-0001", "大阪府大阪市北区梅田2-4-9", "ブリーゼタワー12階", `No.${numbers[1]}、No.${far}`]) {
    expect(text).toContain(part);
  }
  expect(text).not.toContain("住所無男");
  expect(text).not.toContain("090-1111");
  expect(await eventOf(reply)).toMatchObject({
    type: "labels.printed",
    purpose: "delivery",
    facts: { layout: "label-a4-12", persons: 1, leftOut: 2 },
    releases: [
      {
        kind: "customer",
        numbers: [person()],
        fields: [
          [1, 2],
          [10, 2],
          [11, 2],
        ],
      },
    ],
  });
});

test("nothing is printed without the verb, without a purpose that one has, or of nobody within sight", async () => {
  expect((await print({ customerNos: numbers }, auditor)).body).toMatchObject({ code: "not-permitted" });
  expect((await print({ customerNos: numbers, purpose: "audit" })).body).toMatchObject({ code: "purpose-needed" });
  expect((await print({ customerNos: [far] })).body).toMatchObject({ code: "not-found" });
  expect((await print({ customerNos: numbers, startAt: 13 })).body).toMatchObject({ code: "invalid-input" });
});
