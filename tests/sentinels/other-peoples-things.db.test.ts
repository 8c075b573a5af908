import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serve } from "#server/app/serve.ts";
import { listEvents, type RecordedEvent } from "#server/core/ledger/index.ts";
import { sentinelValues } from "#server/modules/sample/index.ts";
import { request, type Reply } from "../support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "../support/seeded-house.ts";

/** Whoever guesses a number, a handle or a session of somebody else learns nothing, not even whether there is one. */
let house: SeededHouse;
beforeAll(async () => {
  house = await openSeededHouse(
    [["sales"], ["office"], ["manager"], ["auditor"], ["system-administrator"], ["privacy-officer"], ["executive"], ["sales", "office"]],
    { unowned: 12 },
  );
}, 60_000);
afterAll(() => house.close());

const callerOf = (name: string): Caller => house.callers.find((caller) => caller.name === name) as Caller;
const ask = (name: string, method: string, url: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
  request(house, { method, url, cookie: callerOf(name).cookie, headers, ...(body === undefined ? {} : { body }) });

/** A reply without what is random in every reply. */
const told = (reply: Reply): string =>
  reply.bytes
    .toString("utf8")
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<id>")
    .replaceAll(/"(?:date|x-ratelimit-[a-z]+)":(?:"[^"]*"|\d+)/g, "");

async function eventOf(reply: Reply): Promise<RecordedEvent | undefined> {
  const { events } = await listEvents(house.database.owner, { limit: 200 });
  return events.find((event) => event.requestId === reply.requestId);
}

const farCustomer = (): number => house.customerNos.find((no) => house.cellOf.get(no) === house.cells.get("far")?.cellNo) as number;
const nobodyNear = (nth: number): number =>
  house.customerNos.filter((no) => house.ownerOf.get(no) === null && house.cellOf.get(no) === house.cells.get("near")?.cellNo)[nth] as number;

const customerRoutes: readonly [string, (no: number) => string, object?][] = [
  ["GET", (no) => `/api/customers/${no}`],
  ["GET", (no) => `/api/customers/${no}/history`],
  ["GET", (no) => `/api/customers/${no}/exposures`],
  ["PATCH", (no) => `/api/customers/${no}`, { version: 1, values: { section: "x" } }],
  ["PATCH", (no) => `/api/customers/${no}`, { version: 7, values: { fullName: null } }],
  ["PATCH", (no) => `/api/customers/${no}`, { version: 1, ownerNo: 1 }],
  ["POST", (no) => `/api/customers/${no}/reveal`, { fields: ["bankAccount"], purpose: "inquiry" }],
  ["POST", (no) => `/api/customers/${no}/reveal`, { fields: ["none-such"], purpose: "inquiry" }],
  ["POST", (no) => `/api/customers/${no}/trash`, { version: 1 }],
  ["POST", (no) => `/api/customers/${no}/restore`],
];

test.each(["sales", "office", "manager", "system-administrator", "executive", "sales+office"])(
  "a customer of another department and one that never was are the same to %s, whatever is asked",
  async (name) => {
    for (const [method, url, body] of customerRoutes) {
      const [foreign, none] = [await ask(name, method, url(farCustomer()), body), await ask(name, method, url(1_999_999_999), body)];
      expect(foreign.status).toBeGreaterThanOrEqual(403);
      expect(told(foreign)).toBe(told(none));
    }
    // The same requests do answer where there is a right.
    if (name === "office") expect((await ask(name, "GET", `/api/customers/${nobodyNear(0)}`)).status).toBe(200);
  },
);

test("the handle of somebody else's list is no handle, even to who holds every right of its owner", async () => {
  const opened = await ask("sales", "POST", "/api/customers/views", { search: sentinelValues("customer", 0)["fullName"] });
  const viewId = String(opened.body["viewId"]);
  for (const name of ["office", "sales+office", "privacy-officer"]) {
    for (const path of ["", "/rows?offset=0&limit=50"]) {
      const [foreign, none] = [
        await ask(name, "GET", `/api/customers/views/${viewId}${path}`),
        await ask(name, "GET", `/api/customers/views/${randomUUID()}${path}`),
      ];
      expect(foreign.status).toBe(404);
      expect(told(foreign)).toBe(told(none));
    }
  }
  expect((await ask("sales", "GET", `/api/customers/views/${viewId}`)).status).toBe(200);
});

test("the session of somebody else cannot be ended by its number, and lives on", async () => {
  const own = (await ask("manager", "GET", "/api/sessions")).body["sessions"] as { sessionId: string }[];
  const [foreign, none] = [await ask("sales", "DELETE", `/api/sessions/${own[0]?.sessionId}`), await ask("sales", "DELETE", `/api/sessions/${randomUUID()}`)];
  expect(told(foreign)).toBe(told(none));
  expect((await ask("manager", "GET", "/api/session")).status).toBe(200);
});

test("a request for consent is seen and decided by the privacy officer alone, and guessing its number tells nothing", async () => {
  const target = callerOf("executive").accountNo;
  const asked = await ask("system-administrator", "PUT", `/api/accounts/${target}/roles`, { roles: ["sales"] });
  expect(asked.body).toMatchObject({ kind: "awaits-consent" });
  const consentNo = Number(asked.body["consentNo"]);
  for (const name of ["sales", "auditor", "system-administrator"]) {
    const [there, none] = [
      await ask(name, "POST", `/api/consents/${consentNo}/decide`, { decision: "grant" }),
      await ask(name, "POST", `/api/consents/${consentNo + 1000}/decide`, { decision: "grant" }),
    ];
    expect(there.status).toBe(403);
    expect(told(there)).toBe(told(none));
  }
  expect((await ask("sales", "GET", "/api/consents")).body["consents"] ?? []).toEqual([]);
  expect((await ask("privacy-officer", "POST", `/api/consents/${consentNo}/decide`, { decision: "refuse" })).body).toMatchObject({ kind: "refused" });
});

test("of several changes made from the same version exactly one is kept, the others are told so, and each has its event", async () => {
  const no = nobodyNear(1);
  const before = (await ask("office", "GET", `/api/customers/${no}`)).body["version"] as number;
  const replies = await Promise.all(
    Array.from({ length: 6 }, (_, index) =>
      ask(index % 2 === 0 ? "office" : "manager", "PATCH", `/api/customers/${no}`, { version: before, values: { section: `席${index}` } }),
    ),
  );
  expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409, 409, 409]);
  const winner = replies.findIndex(({ status }) => status === 200);
  const after = await ask("office", "GET", `/api/customers/${no}`);
  expect([after.body["version"], (after.body["values"] as Record<string, unknown>)["section"]]).toEqual([before + 1, `席${winner}`]);
  for (const [index, reply] of replies.entries()) {
    const event = await eventOf(reply);
    expect([event?.type, event?.outcome, event?.writes.length, event?.facts["code"]]).toEqual([
      "customer.changed",
      index === winner ? "ok" : "refused",
      index === winner ? 1 : 0,
      index === winner ? undefined : "conflict",
    ]);
  }
});

test("of a change and a move to the trash raced against each other one is kept, and nothing of the other", async () => {
  for (let nth = 2; nth < 8; nth += 1) {
    const no = nobodyNear(nth);
    const [changed, trashed] = await Promise.all([
      ask("office", "PATCH", `/api/customers/${no}`, { version: 1, values: { section: "競争" } }),
      ask("manager", "POST", `/api/customers/${no}/trash`, { version: 1 }),
    ]);
    expect([changed.status, trashed.status].toSorted()).toEqual([200, 409]);
    const { rows } = await house.database.owner.query<{ state: string; version: number }>("select state, version from customers where customer_no = $1", [no]);
    expect(rows[0]).toEqual({ state: trashed.status === 200 ? "trashed" : "active", version: 2 });
  }
});

test("where a request came from is taken from its connection: a header says so only to a server behind a proxy, and then only the proxy's own word", async () => {
  const spoofed = {
    "x-forwarded-for": "203.0.113.66",
    "x-real-ip": "203.0.113.66",
    forwarded: "for=203.0.113.66",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "evil.example",
  };
  const reply = await ask("sales", "POST", "/api/customers/views", {}, spoofed);
  expect(reply.status).toBe(200);
  expect((await eventOf(reply))?.address).toBe("127.0.0.1");

  const app = await serve({
    storehouse: house.open.storehouse,
    routes: house.routes,
    webFolder: undefined,
    tls: undefined,
    behindProxy: true,
    logLevel: "silent",
    requestsPerMinute: 1_000_000,
  });
  // What a caller wrote stands before what the proxy added.
  const proxied = await request(
    { ...house, app },
    {
      method: "POST",
      url: "/api/customers/views",
      body: {},
      cookie: callerOf("sales").cookie.replace("kuraban-", "__Host-kuraban-"),
      headers: { "x-forwarded-for": "203.0.113.66, 198.51.100.7", "x-forwarded-proto": "https" },
    },
  );
  await app.close();
  expect(proxied.status).toBe(200);
  expect((await eventOf(proxied))?.address).toBe("198.51.100.7");
});

test("no header and no parameter turns a request into another method", async () => {
  const url = `/api/customers/${nobodyNear(9)}`;
  for (const headers of [{ "x-http-method-override": "PATCH" }, { "x-method-override": "PATCH" }, { "x-http-method": "DELETE" }]) {
    expect((await ask("office", "POST", url, { version: 1, values: { section: "すり替え" } }, headers as Record<string, string>)).status).toBe(404);
    expect((await ask("office", "GET", `${url}?_method=PATCH`, undefined, headers as Record<string, string>)).body["version"]).toBe(1);
  }
});

test("references to what is not there are refused as input, like any other mistake", async () => {
  const no = nobodyNear(10);
  const near = house.cells.get("near")?.cellNo;
  const replies = [
    await ask("office", "POST", "/api/customers", { values: { fullName: "新 規" }, cellNo: near, companyNo: 987_654 }),
    await ask("office", "POST", "/api/customers", { values: { fullName: "新 規" }, cellNo: 987_654 }),
    await ask("office", "PATCH", `/api/customers/${no}`, { version: 1, ownerNo: 987_654 }),
  ];
  expect(replies.map(({ status, body }) => `${status} ${String(body["code"])}`)).toEqual(["400 invalid-input", "403 not-permitted", "400 invalid-input"]);
});

test("a customer cannot be moved out of one's reach, into a department that is there or one that never was", async () => {
  const no = nobodyNear(11);
  for (const cellNo of [house.cells.get("far")?.cellNo, 987_654]) {
    const reply = await ask("office", "PATCH", `/api/customers/${no}`, { version: 1, cellNo });
    expect([reply.status, reply.body["code"]]).toEqual([403, "not-permitted"]);
  }
  expect((await ask("office", "GET", `/api/customers/${no}`)).body["version"]).toBe(1);
});
