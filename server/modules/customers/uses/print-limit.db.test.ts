import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { actAs } from "#server/core/door/index.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import { insertCustomers } from "../index.ts";

let house: SeededHouse;
let sales: Caller;
let colleague: Caller;
let manager: Caller;
let numbers: number[] = [];

beforeAll(async () => {
  house = await openSeededHouse([["sales"], ["sales"], ["manager"], ["privacy-officer"]]);
  [sales, colleague, manager] = house.callers as [Caller, Caller, Caller];
  const near = house.cells.get("near")?.cellNo as number;
  await actAs(house.open.storehouse, "system", "customer.created", randomUUID(), async (context) => {
    const people = Array.from({ length: 9 }, (_, index) => ({ fullName: `宛名　${index}郎`, address: `大阪府大阪市北区梅田${index + 1}-1` }));
    const made = await insertCustomers(
      context,
      people.map((values) => ({ ownerNo: null, cellNo: near, companyNo: null, values })),
      { indexed: true },
    );
    numbers = [...made.numbers];
  });
  expect((await send(house.callers[3] as Caller, "PUT", "/api/list-policy", { freePersons: 3, days: 30 })).status).toBe(200);
}, 60_000);
afterAll(() => house.close());

const send = (caller: Caller, method: string, url: string, body?: unknown): Promise<Reply> =>
  request(house, { method, url, cookie: caller.cookie, ...(body === undefined ? {} : { body }) });
const style = { layout: "label-a4-12", purpose: "delivery" };
const print = (caller: Caller, customerNos: number[]): Promise<Reply> => send(caller, "POST", "/api/prints", { ...style, customerNos });
const ask = (caller: Caller, customerNos: number[]): Promise<Reply> =>
  send(caller, "POST", "/api/prints/requests", { ...style, customerNos, reason: "年末のご挨拶" });
const file = (caller: Caller, requestNo: unknown): Promise<Reply> => send(caller, "POST", `/api/prints/requests/${String(requestNo)}/file`, { startAt: 2 });
const decide = (caller: Caller, requestNo: unknown, decision: string): Promise<Reply> =>
  send(caller, "POST", `/api/approvals/${String(requestNo)}/decide`, { decision });
const dayIn = (days: number): string => new Date(house.open.storehouse.clock().getTime() + days * 86_400_000).toISOString().slice(0, 10);
const beyond = { code: "not-permitted", facts: { reason: "print-limit", limit: 3 } };

test("many small prints and lists are one large one, and the same person counts once", async () => {
  expect((await print(sales, numbers.slice(0, 2))).status).toBe(200);
  expect((await print(sales, numbers.slice(0, 2))).status).toBe(200);
  const list = { name: "秋", purpose: "delivery", fields: ["fullName"], endsOn: dayIn(3) };
  expect((await send(sales, "POST", "/api/lists", { ...list, customerNos: numbers.slice(1, 3) })).body).toMatchObject({ kind: "ready" });
  expect((await print(sales, numbers.slice(2, 4))).body).toMatchObject(beyond);
  expect((await send(sales, "POST", "/api/lists", { ...list, customerNos: numbers.slice(3, 4) })).body).toMatchObject({ kind: "awaits-approval" });
  expect((await send(sales, "GET", "/api/list-policy")).body).toMatchObject({ taken: 3, takenNos: numbers.slice(0, 3) });
  // A colleague has a day of their own; of two prints at the same moment one is too many.
  const both = await Promise.all([print(colleague, numbers.slice(0, 2)), print(colleague, numbers.slice(2, 4))]);
  expect(both.map((reply) => reply.status).toSorted()).toEqual([200, 403]);
});

test("beyond the limit a second person who sees everybody approves, and whoever asked prints it, for seven days", async () => {
  const asked = await ask(sales, numbers);
  expect(asked.body).toMatchObject({ persons: 9, leftOut: 0 });
  const { requestNo } = asked.body;
  expect((await file(sales, requestNo)).body).toMatchObject({ code: "awaits-approval" });
  expect((await decide(sales, requestNo, "approve")).status).toBe(403);
  expect((await decide(manager, requestNo, "approve")).status).toBe(200);
  expect((await file(colleague, requestNo)).status).toBe(404);
  const printed = await file(sales, requestNo);
  expect(printed.status).toBe(200);
  expect(printed.bytes.toString("utf8")).toContain("宛名8郎様");
  // It counts not against the limit: somebody allowed it.
  expect((await send(sales, "GET", "/api/list-policy")).body).toMatchObject({ taken: 3 });
  await house.database.owner.query("update approvals set decided_at = decided_at - interval '8 days' where request_no = $1", [requestNo]);
  expect((await file(sales, requestNo)).body).toMatchObject({ code: "conflict", facts: { reason: "term-over" } });
});

test("a refused print is not made, nor another kind of request under its number", async () => {
  const { requestNo } = (await ask(sales, numbers)).body;
  expect((await decide(manager, requestNo, "refuse")).status).toBe(200);
  expect((await file(sales, requestNo)).body).toMatchObject({ code: "conflict", facts: { reason: "decided" } });
  const list = await send(sales, "POST", "/api/lists", { name: "冬", purpose: "delivery", fields: ["fullName"], endsOn: dayIn(3), customerNos: numbers });
  expect((await decide(manager, list.body["requestNo"], "approve")).status).toBe(200);
  expect((await file(sales, list.body["requestNo"])).status).toBe(404);
});

test("the offset of a printer is one's own, and a test page tells of nobody", async () => {
  expect((await send(sales, "PUT", "/api/print-offset", { right: 1.5, down: -0.3 })).status).toBe(200);
  expect((await send(sales, "GET", "/api/print-offset")).body).toEqual({ right: 1.5, down: -0.3 });
  expect((await send(colleague, "GET", "/api/print-offset")).body).toEqual({ right: 0, down: 0 });
  expect((await send(sales, "PUT", "/api/print-offset", { right: 11, down: 0 })).status).toBe(400);
  const page = await send(sales, "POST", "/api/prints/test-page", { layout: "label-a4-24" });
  expect(page.status).toBe(200);
  expect(page.bytes.toString("utf8")).toContain("1.5mm");
});
