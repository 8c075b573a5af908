import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listEvents } from "#server/core/ledger/index.ts";
import { incidentTasks } from "#server/modules/incidents/index.ts";
import { openAnotherNode, type TestHouse } from "#tests/support/open-house.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";

let house: SeededHouse;
let other: TestHouse;
let closeOther: () => Promise<void>;
let officer: Caller, operator: Caller, sales: Caller;
beforeAll(async () => {
  house = await openSeededHouse([["privacy-officer"], ["desk-operator"], ["sales"]], { unowned: 8 });
  [officer, operator, sales] = house.callers as [Caller, Caller, Caller];
  ({ node: other, close: closeOther } = await openAnotherNode(house));
}, 60_000);
afterAll(async () => {
  await closeOther();
  await house.close();
});

/** Requests of one session, to the one node and the other by turns. */
let turns = 0;
const ask = (who: Caller | undefined, method: string, url: string, body?: unknown, node: TestHouse = turns++ % 2 === 0 ? house : other): Promise<Reply> =>
  request(node, { method, url, cookie: who?.cookie, ...(body === undefined ? {} : { body }) });
async function done(who: Caller, method: string, url: string, body?: unknown): Promise<Reply["body"]> {
  const reply = await ask(who, method, url, body);
  expect([url, reply.status, reply.body["code"]]).toEqual([url, 200, undefined]);
  return reply.body;
}
const eventsOf = async (type: string) => (await listEvents(house.database.owner, { types: [type], limit: 50 })).events;
const alertsOf = async (rule: string) =>
  ((await done(officer, "GET", "/api/incident-alerts"))["alerts"] as { rule: string; found: number }[]).filter((one) => one.rule === rule);

test("the brake of the desk counts over both nodes, is raised once, and holds on both until the officer lets go on either", async () => {
  const { incidentNo } = (await done(officer, "POST", "/api/incidents", { playbook: "insider", knownAt: new Date().toISOString(), what: "調べ中" })) as {
    incidentNo: number;
  };
  const until = new Date(Date.now() + 86_400_000).toISOString();
  const desk = { name: "窓口", phone: "", mail: "", hours: "", page: "", invite: [], accountNos: [operator.accountNo], until };
  await done(officer, "POST", `/api/incidents/${incidentNo}/desk`, desk);
  await done(officer, "PUT", "/api/incident-desk-policy", { mostFailed: 4, mostPersons: 50, mostFailedOfPerson: 50 });
  const { caseNo } = (await done(operator, "POST", `/api/incident-desks/${incidentNo}/cases`, { channel: "call", caller: "self" })) as { caseNo: number };
  const look = (at: number, node?: TestHouse): Promise<Reply> =>
    ask(
      operator,
      "POST",
      `/api/incident-desk-cases/${caseNo}/check`,
      {
        stated: [
          { kind: "name", value: `架空 ${at}番` },
          { kind: "birth-date", value: "1980-01-01" },
        ],
      },
      node,
    );
  // At once, on both: none escapes the count.
  const replies = await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map((at) => look(at)));
  expect(replies.filter(({ body }) => body["outcome"] === "unconfirmed")).toHaveLength(4);
  expect(replies.filter(({ body }) => body["code"] === "desk-stopped")).toHaveLength(4);
  expect(await eventsOf("desk.braked")).toMatchObject([{ accountNo: operator.accountNo, facts: { because: "failed", found: 4 } }]);
  expect(await alertsOf("desk")).toHaveLength(1);
  for (const node of [house, other]) expect((await look(9, node)).body["code"]).toBe("desk-stopped");
  await done(officer, "POST", `/api/incidents/${incidentNo}/desk/operators/${operator.accountNo}/release`, { reason: "聞き違い" });
  for (const node of [house, other]) expect((await look(10, node)).body["outcome"]).toBe("unconfirmed");
});

test("wrong passwords on either node count together, and who is locked out of one is locked out of both", async () => {
  const mail = "nobody-here@example.jp";
  const tries: Reply[] = [];
  for (let at = 0; at < 5; at += 1) tries.push(await ask(undefined, "POST", "/api/session/password", { mail, password: `guess number ${at} of this` }));
  expect(tries.map(({ body }) => body["code"])).toEqual(["wrong-credentials", "wrong-credentials", "wrong-credentials", "try-later", "try-later"]);
});

test("people who were shown on both nodes are counted together, and whoever watches raises it once", async () => {
  await done(officer, "PUT", "/api/incident-alert-rules", { rule: "people-in-hour", isOn: true, threshold: 3, fromHour: null, toHour: null });
  const seen = house.customerNos.filter((no) => house.cellOf.get(no) === house.cells.get("near")?.cellNo).slice(0, 4);
  for (const no of seen) await done(sales, "GET", `/api/customers/${no}`);
  await house.open.sequencer.sequenceNow();
  const job = { payload: {}, attempt: 1, signal: new AbortController().signal, remember: async () => true };
  await Promise.all([house, other].map(({ open }) => incidentTasks(open.storehouse, { causes: () => [] })["incidents.watch"]!.run(job)));
  expect(await alertsOf("people-in-hour")).toMatchObject([{ found: seen.length }]);
});

test("what is stopped or cut on one node is so on the other at the next request, and its open pages are told", async () => {
  const url = await other.app.listen({ host: "127.0.0.1", port: 0 });
  expect(url).toContain(String((other.app.server.address() as AddressInfo).port));
  const stream = await fetch(`${url}/api/session/watch`, { headers: { cookie: sales.cookie, "x-kuraban": "1" } });
  const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
  let heard = "";
  const hear = async (what: string): Promise<void> => {
    while (!heard.includes(what)) {
      const { value, done: isOver } = await reader.read();
      expect(isOver && !heard.includes(what)).toBe(false);
      heard += new TextDecoder().decode(value);
    }
  };
  await hear('"stopped":null');
  const look = async (): Promise<unknown> => (await ask(sales, "GET", `/api/customers/${house.customerNos[0]}`, undefined, other)).body["code"];
  expect(await look()).not.toBe("service-stopped");
  const stopped = await ask(officer, "POST", "/api/measures", { kind: "stop", target: "service", reason: "調査" }, house);
  expect(await look()).toBe("service-stopped");
  await hear('"stopped":"for-you"');
  await ask(officer, "POST", `/api/measures/${Number(stopped.body["measureNo"])}/lift`, {}, house);
  expect(await look()).not.toBe("service-stopped");

  await ask(officer, "POST", "/api/measures", { kind: "freeze", target: "account", accountNo: sales.accountNo, reason: "調査" }, house);
  expect((await ask(sales, "GET", "/api/session", undefined, other)).status).toBe(401);
  await hear("event: ended");
});
