import { afterAll, beforeAll, expect, test } from "vitest";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import { request, type Reply } from "#tests/support/request.ts";

let house: SeededHouse;
let sales: Caller;
let colleague: Caller;
let administrator: Caller;
let executive: Caller;
beforeAll(async () => {
  house = await openSeededHouse([["sales"], ["sales"], ["system-administrator"], ["executive"]]);
  [sales, colleague, administrator, executive] = house.callers as [Caller, Caller, Caller, Caller];
}, 60_000);
afterAll(() => house.close());

const send = (caller: Caller, method: string, url: string, body?: object): Promise<Reply> => request(house, { method, url, cookie: caller.cookie, body });
/** `✓ find` or `· find` for each step offered. */
const steps = async (caller: Caller): Promise<string[]> => {
  const { body } = await send(caller, "GET", "/api/first-hour");
  return (body["steps"] as { step: string; isDone: boolean }[]).map(({ step, isDone }) => `${isDone ? "✓" : "·"} ${step}`);
};

test("each is offered the steps that the own rights allow, and nobody a step that they could not take", async () => {
  expect(await steps(sales)).toEqual(["· find", "· note", "· next-action"]);
  expect(await steps(administrator)).toEqual(["✓ departments", "✓ people", "· backup"]);
  expect(await steps(executive)).toEqual([]);
});

test("a step is done once it was really done, by oneself and not by a colleague", async () => {
  const customerNo = house.customerNos.find((no) => house.ownerOf.get(no) === sales.accountNo) as number;
  await send(sales, "GET", `/api/customers/${customerNo}`);
  expect(await steps(sales)).toEqual(["✓ find", "· note", "· next-action"]);
  await send(sales, "POST", `/api/customers/${customerNo}/notes`, { kind: "call", text: "見積の件" });
  expect(await steps(sales)).toEqual(["✓ find", "✓ note", "· next-action"]);
  await send(sales, "POST", `/api/customers/${customerNo}/notes`, { kind: "call", text: "納期", action: { text: "返事をする", dueOn: "2026-12-01" } });
  expect(await steps(sales)).toEqual(["✓ find", "✓ note", "✓ next-action"]);
  expect(await steps(colleague)).toEqual(["· find", "· note", "· next-action"]);
});

test("whoever wants to see it no more does not see it, the others still do, and it can be brought back", async () => {
  await send(sales, "PUT", "/api/first-hour", { isDismissed: true });
  expect((await send(sales, "GET", "/api/first-hour")).body).toEqual({ steps: [], isDismissed: true });
  expect(await steps(colleague)).toHaveLength(3);
  await send(sales, "PUT", "/api/first-hour", { isDismissed: false });
  expect(await steps(sales)).toHaveLength(3);
});
