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
    { unowned: 14 },
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
  ["POST", (no) => `/api/customers/${no}/undo`, { version: 1 }],
  ["POST", (no) => `/api/customers/${no}/use`, { field: "mobile", way: "call", purpose: "inquiry" }],
  ["POST", (no) => `/api/customers/${no}/use`, { field: "mobile", way: "mail", purpose: "audit" }],
  ["GET", (no) => `/api/customers/${no}/timeline`],
  ["GET", (no) => `/api/customers/${no}/purchases`],
  ["POST", (no) => `/api/customers/${no}/purchases`, { boughtOn: "2026-01-07", purchase: { product: "机" } }],
  ["POST", (no) => `/api/customers/${no}/notes`, { text: "お電話" }],
  ["POST", (no) => `/api/customers/${no}/notes`, { text: "お電話", action: { text: "折り返す", dueOn: "2026-01-07", responsibleNo: 1 } }],
  ["GET", (no) => `/api/customers/${no}/person-file`],
  ["POST", (no) => `/api/customers/${no}/person-requests`, { kind: "erasure", receivedOn: "2026-11-20", channel: "mail", identityCheck: "none" }],
  ["POST", (no) => `/api/customers/${no}/suspend`, { reason: "申し出" }],
  ["POST", (no) => `/api/customers/${no}/lift-suspension`, { reason: "撤回" }],
  ["POST", (no) => `/api/customers/${no}/erase`, { because: "no-longer-needed", reason: "取引終了" }],
  ["POST", (no) => `/api/customers/${no}/consents`, { purposeNo: 1, stance: "given", how: "form" }],
  ["POST", (no) => `/api/customers/${no}/disclosure/json`, { purpose: "person-request", requestNo: 1 }],
  ["GET", (no) => `/api/customers/${no}/hold`],
  ["GET", (no) => `/api/customers/${no}/readers`],
  ["POST", (no) => `/api/customers/${no}/seen-statement.json`, { purpose: "audit", from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" }],
];

/** Routes that take numbers in the body: the number of somebody out of sight says as little as one that nobody has. */
const numberRoutes: readonly [string, string, (no: number, own: number) => object][] = [
  ["PUT", "/api/stars", (no, own) => ({ customerNos: [own, no], isStarred: true })],
  ["POST", "/api/prints", (no) => ({ customerNos: [no], layout: "postcard", purpose: "delivery" })],
  ["POST", "/api/lists", (no) => ({ name: "案内", purpose: "delivery", fields: ["fullName"], customerNos: [no], endsOn: soon() })],
  ["POST", "/api/customers/bulk/preview", (no, own) => ({ kind: "change", customerNos: [own, no], values: { section: "x" } })],
  ["POST", "/api/customers/bulk/preview", (no) => ({ kind: "restore", customerNos: [no] })],
  ["POST", "/api/duplicates/compare", (no, own) => ({ kind: "customer", numbers: [own, no] })],
  ["POST", "/api/duplicates/apart", (no, own) => ({ kind: "customer", numbers: [own, no], areApart: true })],
  [
    "POST",
    "/api/duplicates/merge",
    (no, own) => ({ kind: "customer", winner: { no: own, version: 1 }, losers: [{ no, version: 1 }], choices: { fullName: no } }),
  ],
  ["POST", "/api/duplicates/merge", (no, own) => ({ kind: "customer", winner: { no, version: 1 }, losers: [{ no: own, version: 1 }], choices: {} })],
  ["POST", "/api/ledger/own/density", (no) => ({ customerNo: no, from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" })],
];
const soon = (): string => new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);

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

test.each(["sales", "office", "manager", "executive", "sales+office"])(
  "to %s a number in a body that stands for somebody out of sight is a number of nobody",
  async (name) => {
    const own = house.customerNos.find((no) => house.ownerOf.get(no) === callerOf(name).accountNo) as number;
    for (const [method, url, body] of numberRoutes) {
      const [foreign, none] = [await ask(name, method, url, body(farCustomer(), own)), await ask(name, method, url, body(1_999_999_999, own))];
      expect([url, told(foreign).replaceAll(String(farCustomer()), "<no>")]).toEqual([url, told(none).replaceAll("1999999999", "<no>")]);
    }
    for (const no of [farCustomer(), 1_999_999_999]) {
      const pairs = await ask(name, "GET", `/api/duplicates/customers/${no}`);
      expect(name === "executive" ? pairs.status : pairs.body).toEqual(name === "executive" ? 403 : { open: [], merges: [] });
    }
    // The same routes do answer for somebody in sight.
    if (name === "office") expect((await ask(name, "PUT", "/api/stars", { customerNos: [own, nobodyNear(0)], isStarred: true })).status).toBe(200);
  },
);

test("somebody else's lists, operations, views, notes, purchases, merges and requests are not there, and stand as they were", async () => {
  const [a, b] = [house.customerNos.find((no) => house.ownerOf.get(no) === callerOf("office").accountNo) as number, nobodyNear(0)];
  const made = async (method: string, url: string, body: object): Promise<Record<string, unknown>> => {
    const reply = await ask("office", method, url, body);
    expect([url, reply.status]).toEqual([url, 200]);
    return reply.body;
  };
  const list = await made("POST", "/api/lists", { name: "案内", purpose: "delivery", fields: ["fullName", "bankAccount"], customerNos: [a], endsOn: soon() });
  const { operationNo } = await made("POST", "/api/customers/bulk", { kind: "change", customerNos: [b], values: { section: "x" }, expected: { persons: 1 } });
  const kept = { filters: {}, sort: { by: "number", descending: false }, columns: null, name: "一覧", search: "", cellNo: null };
  const views = [await made("POST", "/api/saved-views", { ...kept, sharing: "own" }), await made("POST", "/api/saved-views", { ...kept, sharing: "all" })];
  const note = await made("POST", `/api/customers/${a}/notes`, { text: "ご来店", action: { text: "送付", dueOn: "2026-01-07" } });
  const purchase = await made("POST", `/api/customers/${a}/purchases`, { boughtOn: "2026-01-07", purchase: { product: "机" } });
  const [c, d] = [nobodyNear(12), nobodyNear(13)];
  const versionOf = async (no: number): Promise<number> => (await ask("office", "GET", `/api/customers/${no}`)).body["version"] as number;
  const merge = await made("POST", "/api/duplicates/merge", {
    kind: "customer",
    winner: { no: c, version: await versionOf(c) },
    losers: [{ no: d, version: await versionOf(d) }],
    choices: {},
  });
  const asked = await made("POST", `/api/customers/${a}/person-requests`, {
    kind: "erasure",
    receivedOn: "2026-11-20",
    channel: "mail",
    identityCheck: "none",
  });
  // Another department now looks after all of them: to those of here they are out of sight.
  const moved = [a, c, d];
  await house.database.owner.query("update customers set cell_no = $2, owner_no = null where customer_no = any($1)", [moved, house.cells.get("far")?.cellNo]);

  const everybody = ["sales", "manager", "office", "sales+office", "executive", "system-administrator"];
  const others = everybody.filter((name) => name !== "office");
  const handles: readonly [readonly string[], string, (no: unknown) => string, unknown, object?][] = [
    [others.filter((name) => name !== "manager"), "GET", (no) => `/api/lists/${no}`, list["listNo"]],
    [others, "POST", (no) => `/api/lists/${no}/download`, list["listNo"], {}],
    [others, "POST", (no) => `/api/lists/${no}/password`, list["listNo"], {}],
    [others, "POST", (no) => `/api/lists/${no}/dispose`, list["listNo"], {}],
    [others, "POST", (no) => `/api/approvals/${no}/withdraw`, list["requestNo"], {}],
    // Whoever judges sees everybody in it: nobody of this department does any more.
    [others, "POST", (no) => `/api/approvals/${no}/decide`, list["requestNo"], { decision: "approve" }],
    [others, "GET", (no) => `/api/customers/bulk/${no}`, operationNo],
    [others, "POST", (no) => `/api/customers/bulk/${no}/undo`, operationNo],
    ...views.flatMap(({ savedViewNo }): [string[], string, (no: unknown) => string, unknown, object?][] => [
      [others, "PUT", (no) => `/api/saved-views/${no}`, savedViewNo, { ...kept, sharing: "own" }],
      [others, "DELETE", (no) => `/api/saved-views/${no}`, savedViewNo],
    ]),
    [everybody, "PATCH", (no) => `/api/notes/${no}`, note["noteNo"], { version: 1, text: "改" }],
    [everybody, "POST", (no) => `/api/notes/${no}/trash`, note["noteNo"], { version: 1 }],
    [everybody, "POST", (no) => `/api/notes/${no}/restore`, note["noteNo"]],
    [everybody, "POST", (no) => `/api/notes/${no}/action`, note["noteNo"], { done: true }],
    [everybody, "PATCH", (no) => `/api/purchases/${no}`, purchase["purchaseNo"], { version: 1, boughtOn: "2026-01-08" }],
    [everybody, "POST", (no) => `/api/purchases/${no}/trash`, purchase["purchaseNo"], { version: 1 }],
    [everybody, "POST", (no) => `/api/duplicates/merges/${no}/undo`, merge["mergeNo"], {}],
    [everybody, "POST", (no) => `/api/person-requests/${no}/move`, asked["requestNo"], { version: 1, step: { kind: "withdraw" } }],
    [everybody, "POST", (no) => `/api/erasures/${no}/certificate`, 1],
  ];
  for (const [names, method, url, no, body] of handles) {
    for (const name of names) {
      const [there, none] = [await ask(name, method, url(no), body), await ask(name, method, url(1_999_999_999), body)];
      expect(there.status).toBeGreaterThanOrEqual(403);
      expect(`${name} ${method} ${url(no)}: ${told(there)}`).toBe(`${name} ${method} ${url(no)}: ${told(none)}`);
    }
  }
  // To those whose they are, or who see everybody, they are there.
  await house.database.owner.query("update customers set cell_no = $2 where customer_no = any($1)", [moved, house.cells.get("near")?.cellNo]);
  expect((await ask("manager", "GET", `/api/lists/${list["listNo"]}`)).status).toBe(200);
  expect((await ask("manager", "POST", `/api/approvals/${list["requestNo"]}/decide`, { decision: "approve" })).body).toEqual({ kind: "approved" });
  expect((await ask("office", "GET", `/api/customers/bulk/${operationNo}`)).body).toMatchObject({ state: "done", changed: 1 });
  expect((await ask("office", "PUT", `/api/saved-views/${views[0]?.["savedViewNo"]}`, { ...kept, sharing: "own" })).status).toBe(200);
  expect((await ask("office", "PATCH", `/api/notes/${note["noteNo"]}`, { version: 1, text: "改" })).status).toBe(200);
  expect((await ask("office", "POST", `/api/duplicates/merges/${merge["mergeNo"]}/undo`, {})).status).toBe(200);
  expect((await ask("privacy-officer", "POST", `/api/person-requests/${asked["requestNo"]}/move`, { version: 1, step: { kind: "withdraw" } })).status).toBe(
    200,
  );
});

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

test("references to what is not there are refused, like any other mistake", async () => {
  const no = nobodyNear(10);
  const near = house.cells.get("near")?.cellNo;
  const replies = [
    await ask("office", "POST", "/api/customers", { values: { fullName: "新 規" }, cellNo: near, companyNo: 987_654 }),
    await ask("office", "POST", "/api/customers", { values: { fullName: "新 規" }, cellNo: 987_654 }),
    await ask("office", "PATCH", `/api/customers/${no}`, { version: 1, ownerNo: 987_654 }),
  ];
  expect(replies.map(({ status, body }) => `${status} ${String(body["code"])}`)).toEqual(["404 not-found", "403 not-permitted", "400 invalid-input"]);
});

test("a customer handed to another department is out of sight at once, also for who handed it over; a department that never was takes nobody", async () => {
  const no = nobodyNear(11);
  const move = (cellNo: number | undefined): Promise<Reply> => ask("office", "PATCH", `/api/customers/${no}`, { version: 1, cellNo });
  expect((await move(987_654)).body["code"]).toBe("invalid-input");
  const moved = await move(house.cells.get("far")?.cellNo);
  expect(moved.body).toEqual({ customerNo: no, version: 2 });
  expect((await eventOf(moved))?.facts).toMatchObject({ formerCell: house.cells.get("near")?.cellNo, cell: house.cells.get("far")?.cellNo });
  const [after, none] = [await ask("office", "GET", `/api/customers/${no}`), await ask("office", "GET", "/api/customers/1999999999")];
  expect(told(after)).toBe(told(none));
  expect((await ask("office", "POST", `/api/customers/${no}/undo`, { version: 2 })).status).toBe(404);
});
