import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { modules } from "#server/app/modules.ts";
import { actAs } from "#server/core/door/index.ts";
import { insertCustomers } from "#server/modules/customers/index.ts";
import { startJobs, type Tasks } from "#server/platform/jobs/index.ts";
import { request, type Reply } from "../support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "../support/seeded-house.ts";

/**
 * What is done is what was asked for and allowed: nobody slips in between the asking, the judging and the doing; rights that
 * ended meanwhile count as ended; and of two who do the same at once one does it.
 */
let house: SeededHouse;
let sales: Caller;
let office: Caller;
let manager: Caller;
let second: Caller;
let officer: Caller;
let third: Caller;
let near: number;
let far: number;
beforeAll(async () => {
  house = await openSeededHouse([["sales"], ["office"], ["manager"], ["manager"], ["privacy-officer"], ["manager"]]);
  [sales, office, manager, second, officer, third] = house.callers as [Caller, Caller, Caller, Caller, Caller, Caller];
  near = house.cells.get("near")?.cellNo as number;
  far = house.cells.get("far")?.cellNo as number;
}, 60_000);
afterAll(() => house.close());

const send = (who: Caller, method: string, url: string, body?: unknown): Promise<Reply> =>
  request(house, { method, url, cookie: who.cookie, ...(body === undefined ? {} : { body }) });
const decide = (who: Caller, requestNo: unknown, decision = "approve"): Promise<Reply> =>
  send(who, "POST", `/api/approvals/${Number(requestNo)}/decide`, { decision, comment: "" });
const statuses = (replies: readonly Reply[]): number[] => replies.map(({ status }) => status).toSorted((a, b) => a - b);
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

async function people(count: number, place: { ownerNo?: number | null; cellNo?: number } = {}, values: object = {}): Promise<number[]> {
  return actAs(house.open.storehouse, "system", "customer.created", randomUUID(), async (context) => {
    const rows = Array.from({ length: count }, (_, index) => ({
      ownerNo: place.ownerNo ?? null,
      cellNo: place.cellNo ?? near,
      companyNo: null,
      values: { fullName: `間　${index}`, address: "東京都港区1-2-3", jobTitle: "係員", ...values },
    }));
    return (await insertCustomers(context, rows, { indexed: true })).numbers;
  });
}

/** Does the work that waits, whatever it comes to. */
async function work(): Promise<void> {
  const tasks = Object.assign({}, ...modules.map((module) => module.tasks?.(house.open.storehouse, async () => ({ written: [], missed: [] })) ?? {})) as Tasks;
  const due = Object.fromEntries(Object.entries(tasks).filter(([name]) => /^customers\.bulk(-undo)?$|^requests\.erase$/.test(name)));
  const jobs = startJobs({ pool: house.database.app, tasks: due, concurrency: 1, pollMs: 10 });
  const waiting = async (): Promise<number> => (await house.database.owner.query("select 1 from jobs where task = any($1)", [Object.keys(due)])).rowCount ?? 0;
  while ((await waiting()) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  await jobs.stop();
}

const stateOf = async (numbers: readonly number[]): Promise<string[]> =>
  (await house.database.owner.query<{ state: string }>("select state from customers where customer_no = any($1) order by customer_no", [numbers])).rows.map(
    (row) => row.state,
  );

/** Roles as an administrator with the officer's consent would give them. */
async function giveRoles(who: Caller, roles: readonly string[]): Promise<void> {
  await house.database.owner.query("delete from account_roles where account_no = $1", [who.accountNo]);
  await house.database.owner.query("insert into account_roles (account_no, role_key) select $1, unnest($2::text[])", [who.accountNo, roles]);
  await house.database.owner.query("update organisation set policy_version = policy_version + 1");
}

test("customers whom the second person was not asked about are not sent to the trash with the others, though they came in reach meanwhile", async () => {
  const [judged, smuggled] = [await people(11), await people(3, { cellNo: far })];
  const asked = await send(manager, "POST", "/api/customers/bulk", { kind: "trash", customerNos: [...judged, ...smuggled], expected: { persons: 14 } });
  const operationNo = Number(asked.body["operationNo"]);
  const { body } = await send(manager, "GET", `/api/customers/bulk/${operationNo}`);
  expect(body).toMatchObject({ state: "awaits-approval", refused: { gone: 3 } });
  await house.database.owner.query("update customers set cell_no = $2 where customer_no = any($1)", [smuggled, near]);
  expect((await decide(second, body["requestNo"])).status).toBe(200);
  await work();
  expect(new Set(await stateOf(judged))).toEqual(new Set(["trashed"]));
  expect(new Set(await stateOf(smuggled))).toEqual(new Set(["active"]));
  expect((await send(manager, "GET", `/api/customers/bulk/${operationNo}`)).body).toMatchObject({ state: "done", changed: 11, done: 14 });
});

test("a change of many whose author may act on many no more is stopped and taken back, though each row would still be theirs to write", async () => {
  const own = await people(320, { ownerNo: third.accountNo });
  const started = await send(third, "POST", "/api/customers/bulk", {
    kind: "change",
    customerNos: own,
    values: { jobTitle: "部長" },
    expected: { persons: 320 },
  });
  expect(started.body["state"]).toBe("running");
  await giveRoles(third, ["sales"]);
  await work();
  const { rows } = await house.database.owner.query("select state, failure, changed from bulk_operations where operation_no = $1", [
    started.body["operationNo"],
  ]);
  expect(rows).toEqual([{ state: "failed", failure: "not-permitted", changed: 0 }]);
  await giveRoles(third, ["manager"]);
});

test("who has moved to another department does not take back with it what they once handed over", async () => {
  const numbers = await people(2);
  const handed = await send(second, "POST", "/api/customers/bulk", { kind: "change", customerNos: numbers, cellNo: far, expected: { persons: 2 } });
  await house.database.owner.query("update accounts set department_no = null where account_no = $1", [second.accountNo]);
  await house.database.owner.query("update organisation set policy_version = policy_version + 1");
  expect((await send(second, "POST", `/api/customers/bulk/${Number(handed.body["operationNo"])}/undo`)).status).toBe(200);
  await work();
  const cells = await house.database.owner.query("select distinct cell_no from customers where customer_no = any($1)", [numbers]);
  expect(cells.rows).toEqual([{ cell_no: far }]);
  expect((await send(second, "GET", `/api/customers/bulk/${Number(handed.body["operationNo"])}`)).body).toMatchObject({ putBack: 0, leftAloneCount: 2 });
  await house.database.owner.query("update accounts set department_no = $2 where account_no = $1", [second.accountNo, house.cells.get("near")?.departmentNo]);
  await house.database.owner.query("update organisation set policy_version = policy_version + 1");
});

const listOf = (who: Caller, customerNos: readonly number[], more: object = {}): Promise<Reply> =>
  send(who, "POST", "/api/lists", {
    name: "案内",
    purpose: "delivery",
    fields: ["fullName", "address"],
    customerNos,
    endsOn: inDays(3),
    reason: "案内",
    ...more,
  });

test("persons who left the maker's sight, or were erased, count among those taken out today", async () => {
  const [taken, next] = [await people(15, { ownerNo: office.accountNo }), await people(10, { ownerNo: office.accountNo })];
  expect((await listOf(office, taken)).body["kind"]).toBe("ready");
  await house.database.owner.query("update customers set cell_no = $2, owner_no = null where customer_no = any($1)", [taken, far]);
  expect((await send(office, "GET", `/api/customers/${taken[0]}`)).status).toBe(404);
  expect((await listOf(office, next)).body["kind"]).toBe("awaits-approval");
});

test("a list that nobody judged is drawn no more once a field of it is sensitive, nor for a purpose that its owner has no more", async () => {
  const [no] = (await people(1, { ownerNo: sales.accountNo })) as [number];
  const made = await listOf(sales, [no], { fields: ["fullName", "jobTitle"] });
  const download = (): Promise<Reply> => send(sales, "POST", `/api/lists/${Number(made.body["listNo"])}/download`, {});
  expect((await download()).status).toBe(200);
  await giveRoles(sales, ["sales", "contractor"]);
  expect((await download()).status).toBe(200);
  await house.database.owner.query("update fields set class = 3 where kind = 'customer' and key = 'jobTitle'");
  await house.database.owner.query("update organisation set policy_version = policy_version + 1");
  expect((await download()).body).toMatchObject({ code: "list-closed", facts: { reason: "classed-anew" } });
  await house.database.owner.query("update fields set class = 1 where kind = 'customer' and key = 'jobTitle'");
  await house.database.owner.query("update roles set definition = jsonb_set(definition, '{purposes}', '[\"sales\"]') where role_key = 'sales'");
  await house.database.owner.query("update organisation set policy_version = policy_version + 1");
  expect((await download()).body["code"]).toBe("purpose-needed");
  await house.database.owner.query("update roles set definition = jsonb_set(definition, '{purposes}', '[\"sales\", \"delivery\"]') where role_key = 'sales'");
  await house.database.owner.query("update organisation set policy_version = policy_version + 1");
}, 30_000);

const versionOf = async (who: Caller, no: number): Promise<number> => (await send(who, "GET", `/api/customers/${no}`)).body["version"] as number;
const merge = async (who: Caller, winner: number, loser: number): Promise<Reply> =>
  send(who, "POST", "/api/duplicates/merge", {
    kind: "customer",
    winner: { no: winner, version: await versionOf(who, winner) },
    losers: [{ no: loser, version: await versionOf(who, loser) }],
    choices: {},
  });

test("an erasure is not allowed for more than the person who was named: whoever was merged into it since is another request", async () => {
  const [person, other] = (await people(2)) as [number, number];
  const erase = (): Promise<Reply> => send(office, "POST", `/api/customers/${person}/erase`, { because: "no-longer-needed", reason: "取引終了" });
  const asked = await erase();
  expect((await merge(manager, person, other)).status).toBe(200);
  expect((await decide(second, asked.body["approvalNo"])).body).toMatchObject({ code: "conflict", facts: { reason: "changed-since" } });
  expect((await decide(second, asked.body["approvalNo"], "refuse")).status).toBe(200);
  expect((await decide(second, (await erase()).body["approvalNo"])).status).toBe(200);
  await work();
  expect(await stateOf([person, other])).toEqual([]);
  expect([person, other].map((no) => house.open.vault.isErased({ kind: "customer", no }))).toEqual([true, true]);
});

test("who was taken out of the trash, or asked something about themselves, after a disposal was asked for is not disposed of", async () => {
  const [left, restored, asking] = (await people(3)) as [number, number, number];
  for (const no of [left, restored, asking]) await send(office, "POST", `/api/customers/${no}/trash`, { version: 1 });
  await house.database.owner.query("update customers set trashed_at = now() - interval '40 days' where customer_no = any($1)", [[left, restored, asking]]);
  const asked = await send(officer, "POST", "/api/disposals", { reason: "trash-term-over", expectedPersons: 3, comment: "年次の廃棄" });
  expect((await decide(manager, asked.body["approvalNo"])).status).toBe(200);
  expect((await send(office, "POST", `/api/customers/${restored}/restore`)).status).toBe(200);
  const request = { kind: "disclosure", receivedOn: "2026-11-20", channel: "letter", identityCheck: "none", text: "" };
  expect((await send(office, "POST", `/api/customers/${asking}/person-requests`, request)).status).toBe(200);
  await work();
  expect([left, restored, asking].map((no) => house.open.vault.isErased({ kind: "customer", no }))).toEqual([true, false, false]);
  expect(await stateOf([left, restored, asking])).toEqual(["active", "trashed"]);
});

test("a person whose key is destroyed while somebody asks is not there any more", async () => {
  const [no] = (await people(1)) as [number];
  const kept = { kind: "disclosure", receivedOn: "2026-11-20", channel: "letter", identityCheck: "document", text: "自分の情報" };
  const { requestNo } = (await send(office, "POST", `/api/customers/${no}/person-requests`, kept)).body;
  const disclose = (): Promise<Reply> => send(officer, "POST", `/api/customers/${no}/disclosure/json`, { purpose: "person-request", requestNo });
  expect((await disclose()).status).toBe(200);
  await house.open.vault.eraseKey({ kind: "customer", no });
  for (const reply of [await disclose(), await send(office, "GET", `/api/customers/${no}`)])
    expect([reply.status, reply.body["code"]]).toEqual([404, "not-found"]);
});

test("of two judgements of one request at once one counts, and the work is done once", async () => {
  for (const [one, other] of [
    ["approve", "approve"],
    ["approve", "refuse"],
  ] as const) {
    const made = await listOf(office, await people(2), { fields: ["fullName", "bankAccount"] });
    const replies = await Promise.all([decide(manager, made.body["requestNo"], one), decide(second, made.body["requestNo"], other)]);
    expect(statuses(replies)).toEqual([200, 409]);
    const { rows } = await house.database.owner.query<{ state: string; list: string }>(
      "select a.state, l.state as list from approvals a join lists l using (request_no) where request_no = $1",
      [made.body["requestNo"]],
    );
    expect([
      { state: "approved", list: "ready" },
      { state: "refused", list: "refused" },
    ]).toContainEqual(rows[0]);
  }
});

test("a request is judged or withdrawn, not both", async () => {
  const made = await listOf(office, await people(1), { fields: ["fullName", "bankAccount"] });
  const requestNo = Number(made.body["requestNo"]);
  expect(statuses(await Promise.all([decide(manager, requestNo), send(office, "POST", `/api/approvals/${requestNo}/withdraw`)]))).toEqual([200, 409]);
});

test("of two merges, two undos, two disposals of one thing at once one is done", async () => {
  const [a, b, c] = (await people(3)) as [number, number, number];
  const merges = await Promise.all([merge(office, a, b), merge(manager, c, b)]);
  expect(statuses(merges)).toEqual([200, 409]);
  const mergeNo = Number(merges.find(({ status }) => status === 200)?.body["mergeNo"]);
  const undone = await Promise.all([office, manager].map((who) => send(who, "POST", `/api/duplicates/merges/${mergeNo}/undo`, {})));
  expect(statuses(undone)).toEqual([200, 404]);
  expect(await stateOf([a, b, c])).toEqual(["active", "active", "active"]);

  const operation = await send(office, "POST", "/api/customers/bulk", { kind: "trash", customerNos: [a, b], expected: { persons: 2 } });
  const undos = await Promise.all([1, 2].map(() => send(office, "POST", `/api/customers/bulk/${Number(operation.body["operationNo"])}/undo`)));
  expect(statuses(undos)).toEqual([200, 409]);
  await work();
  expect(await stateOf([a, b, c])).toEqual(["active", "active", "active"]);

  const list = await listOf(office, [a], { fields: ["fullName", "bankAccount"] });
  await decide(manager, list.body["requestNo"]);
  const disposed = await Promise.all([1, 2].map(() => send(office, "POST", `/api/lists/${Number(list.body["listNo"])}/dispose`, {})));
  expect(statuses(disposed)).toEqual([200, 409]);
});
