import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { actAs } from "#server/core/door/index.ts";
import { moveNextActions } from "#server/modules/activities/index.ts";
import { verifyStorehouse } from "#server/modules/records/index.ts";
import { startJobs, type Tasks } from "#server/platform/jobs/index.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { customerTasks, eraseCustomerRows, insertCompany, insertCustomers } from "../index.ts";

let house: SeededHouse;
let office: Caller;
let manager: Caller;
let sales: Caller;
let second: Caller;
let officer: Caller;
let near: number;
let far: number;

beforeAll(async () => {
  house = await openSeededHouse([["office"], ["manager"], ["sales"], ["manager"], ["privacy-officer"]]);
  [office, manager, sales, second, officer] = house.callers as [Caller, Caller, Caller, Caller, Caller];
  near = house.cells.get("near")?.cellNo as number;
  far = house.cells.get("far")?.cellNo as number;
}, 60_000);
afterAll(() => house.close());

const send = (caller: Caller, method: string, url: string, body?: unknown): Promise<Reply> => request(house, { method, url, cookie: caller.cookie, body });
const bulk = (caller: Caller, customerNos: readonly number[], goal: object): Promise<Reply> =>
  send(caller, "POST", "/api/customers/bulk", { customerNos, expected: { persons: customerNos.length }, ...goal });
const show = async (no: number, caller: Caller = office): Promise<Record<string, unknown>> => (await send(caller, "GET", `/api/customers/${no}`)).body;
const value = async (no: number, key: string, caller: Caller = office): Promise<unknown> =>
  ((await show(no, caller))["values"] as Record<string, unknown>)[key];
const operation = async (caller: Caller, no: number): Promise<Record<string, unknown>> => (await send(caller, "GET", `/api/customers/bulk/${no}`)).body;

/** As the product wires them. */
const tasks = (): Tasks => customerTasks(house.open.storehouse, { onHandOver: moveNextActions });

/** People of their own for each test. */
async function people(count: number, place: { ownerNo?: number | null; cellNo?: number } = {}): Promise<number[]> {
  return actAs(house.open.storehouse, "system", "customer.created", randomUUID(), async (context) => {
    const rows = Array.from({ length: count }, (_, index) => ({
      ownerNo: place.ownerNo ?? null,
      cellNo: place.cellNo ?? near,
      companyNo: null,
      values: { fullName: `束　${index}`, kana: `タバ　${index}`, jobTitle: "係員" },
    }));
    return (await insertCustomers(context, rows, { indexed: true })).numbers;
  });
}

function fail(why: string): never {
  throw new Error(why);
}

/** Runs the background work until the operation rests. */
async function settle(caller: Caller, no: number): Promise<Record<string, unknown>> {
  const jobs = startJobs({ pool: house.database.app, tasks: tasks(), concurrency: 2, pollMs: 20 });
  try {
    for (;;) {
      const now = await operation(caller, no);
      if (!["running", "undoing", "awaits-approval"].includes(String(now["state"]))) {
        return now;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } finally {
    await jobs.stop();
  }
}

test("the preview says in numbers what the work then does, and who would gain sight", async () => {
  const mine = await people(3);
  const foreign = await people(1, { cellNo: far });
  const given = { customerNos: [...mine, ...foreign, 999_999], kind: "change", ownerNo: sales.accountNo, values: { jobTitle: "課長" } };
  const preview = await send(office, "POST", "/api/customers/bulk/preview", given);
  expect(preview.body).toMatchObject({ persons: 5, changes: 3, stays: 0, refused: { gone: 2, noRight: 0 }, gainSight: 0, needsApproval: false });
  const moved = await send(office, "POST", "/api/customers/bulk/preview", { customerNos: mine, kind: "change", cellNo: far });
  expect(moved.body).toMatchObject({ changes: 3, leavesMySight: 3, loseSight: 4 });
  const { operationNo, state } = (await send(office, "POST", "/api/customers/bulk", { ...given, expected: { persons: 5 } })).body as Record<string, number>;
  expect(state).toBe("done");
  expect(await operation(office, operationNo as number)).toMatchObject({ persons: 5, changed: 3, refused: { gone: 2 }, mayUndo: true });
  expect(await show(mine[0] as number)).toMatchObject({ ownerNo: sales.accountNo, version: 2 });
  expect(await value(mine[2] as number, "jobTitle")).toBe("課長");
});

test("others than the preview said are not touched: nothing is written", async () => {
  const mine = await people(2);
  const reply = await send(office, "POST", "/api/customers/bulk", { customerNos: mine, kind: "change", values: { jobTitle: "x" }, expected: { persons: 3 } });
  expect([reply.status, reply.body["code"]]).toEqual([409, "conflict"]);
  expect(await value(mine[0] as number, "jobTitle")).toBe("係員");
});

test("many at once are never more than one at a time: each row by its own right, no card number, sales not at all", async () => {
  const [mine] = await people(1, { ownerNo: sales.accountNo });
  const [foreign] = await people(1, { cellNo: far });
  expect((await bulk(sales, [mine as number], { kind: "change", values: { jobTitle: "x" } })).status).toBe(403);
  expect((await bulk(office, [mine as number], { kind: "change", values: { notes: "4111 1111 1111 1111" } })).body["code"]).toBe("card-number");
  expect((await bulk(office, [mine as number], { kind: "change", values: { considerations: "x" } })).status).toBe(200);
  expect(await show(mine as number)).toMatchObject({ version: 1 });
  const reply = await bulk(office, [mine as number, foreign as number], { kind: "change", values: { jobTitle: "主任" } });
  expect(await operation(office, reply.body["operationNo"] as number)).toMatchObject({ changed: 1, refused: { gone: 1 } });
  const { rows } = await house.database.owner.query("select version from customers where customer_no = $1", [foreign]);
  expect(rows).toEqual([{ version: 1 }]);
});

test("a portfolio handed over to another department leaves the hand, and comes back by one undo; later edits stay", async () => {
  const [first, edited] = (await people(2, { ownerNo: sales.accountNo, cellNo: near })) as [number, number];
  const portfolio = { kind: "hand-over", portfolioOf: sales.accountNo, ownerNo: manager.accountNo };
  const note = { text: "", action: { text: "引き継ぎの連絡", dueOn: "2026-12-01" } };
  expect((await send(sales, "POST", `/api/customers/${first}/notes`, note)).status).toBe(200);
  const responsible = async (): Promise<unknown> =>
    (await house.database.owner.query("select responsible_no from contact_notes where customer_no = $1", [first])).rows[0];
  const preview = await send(office, "POST", "/api/customers/bulk/preview", portfolio);
  const persons = preview.body["persons"] as number;
  expect(preview.body["changes"]).toBe(persons);
  const reply = await send(office, "POST", "/api/customers/bulk", { ...portfolio, cellNo: far, expected: { persons } });
  expect(reply.status).toBe(200);
  const operationNo = reply.body["operationNo"] as number;
  expect((await send(office, "GET", `/api/customers/${first}`)).status).toBe(404);
  expect(await show(first, manager)).toMatchObject({ code: "not-found" });
  expect(await responsible()).toEqual({ responsible_no: manager.accountNo });
  await house.database.owner.query("update customers set version = version + 1 where customer_no = $1", [edited]);
  expect((await send(manager, "POST", `/api/customers/bulk/${operationNo}/undo`)).status).toBe(404);
  expect((await send(office, "POST", `/api/customers/bulk/${operationNo}/undo`)).body).toEqual({ state: "undoing" });
  expect(await settle(office, operationNo)).toMatchObject({ state: "undone", putBack: persons - 1, leftAlone: [edited], mayUndo: false });
  expect(await show(first)).toMatchObject({ ownerNo: sales.accountNo, cellNo: near, version: 3 });
  expect(await responsible()).toEqual({ responsible_no: sales.accountNo });
  await house.database.owner.query("update customers set version = version - 1 where customer_no = $1", [edited]);
  expect((await send(office, "POST", `/api/customers/bulk/${operationNo}/undo`)).status).toBe(409);
});

test("a large change goes on in the background; a node that stops between two batches loses and doubles nothing", async () => {
  const many = await people(1_300);
  const { operationNo, state } = (await bulk(office, many, { kind: "change", values: { jobTitle: "部長" } })).body as { operationNo: number; state: string };
  expect(state).toBe("running");
  for (let seen = 0, round = 0; round < 40 && (await operation(office, operationNo))["state"] === "running"; round += 1) {
    const jobs = startJobs({ pool: house.database.app, tasks: tasks(), concurrency: 1, pollMs: 20 });
    const before = seen;
    while (seen === before && (await operation(office, operationNo))["state"] === "running") {
      await new Promise((resolve) => setTimeout(resolve, 5));
      seen = (await operation(office, operationNo))["done"] as number;
    }
    await jobs.stop();
  }
  expect(await operation(office, operationNo)).toMatchObject({ state: "done", persons: 1_300, changed: 1_300, done: 1_300 });
  const versions = "select version, count(*)::integer as count from customers where customer_no = any($1) group by version";
  expect((await house.database.owner.query(versions, [many])).rows).toEqual([{ version: 2, count: 1_300 }]);
  const { rows } = await house.database.owner.query("select sealed_values from bulk_operations where operation_no = $1", [operationNo]);
  expect((rows[0] as { sealed_values: Buffer }).sealed_values.includes("部長")).toBe(false);
  await send(office, "POST", `/api/customers/bulk/${operationNo}/undo`);
  expect(await settle(office, operationNo)).toMatchObject({ state: "undone", putBack: 1_300 });
  expect(await value(many[700] as number, "jobTitle")).toBe("係員");
}, 60_000);

test("of two operations on the same people both end, and undoing the first leaves what the second made", async () => {
  const many = await people(450);
  const [first, last] = await Promise.all([
    bulk(office, many, { kind: "change", values: { jobTitle: "甲" } }),
    bulk(manager, many.toReversed(), { kind: "change", values: { section: "乙部" } }),
  ]);
  const [a, b] = [first.body["operationNo"] as number, last.body["operationNo"] as number];
  expect(await settle(office, a)).toMatchObject({ state: "done", changed: 450 });
  expect(await settle(manager, b)).toMatchObject({ state: "done", changed: 450 });
  expect(await value(many[449] as number, "section")).toBe("乙部");
  expect(await value(many[0] as number, "jobTitle")).toBe("甲");
  await send(office, "POST", `/api/customers/bulk/${a}/undo`);
  const undone = await settle(office, a);
  expect((undone["putBack"] as number) + (undone["leftAloneCount"] as number)).toBe(450);
  expect(await value(many[10] as number, "section")).toBe("乙部");
}, 60_000);

test("an operation that loses its rights on the way is undone by itself", async () => {
  const many = await people(1_100);
  const { operationNo } = (await bulk(second, many, { kind: "change", values: { jobTitle: "途中" } })).body as { operationNo: number };
  let looks = 0;
  const stopsAtTheSecondLook = { throwIfAborted: () => void ((looks += 1) === 2 && fail("stop")) } as unknown as AbortSignal;
  const task = tasks()["customers.bulk"];
  const running = task?.run({ payload: { operationNo }, attempt: 1, remember: async () => true, signal: stopsAtTheSecondLook });
  await expect(running).rejects.toThrow("stop");
  const pool = house.database.owner;
  await pool.query("update accounts set state = 'disabled' where account_no = $1", [second.accountNo]);
  const jobs = startJobs({ pool: house.database.app, tasks: tasks(), concurrency: 1, pollMs: 20 });
  const state = async (): Promise<unknown> => (await pool.query("select state, failure from bulk_operations where operation_no = $1", [operationNo])).rows[0];
  while (!/failed/.test(JSON.stringify(await state()))) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await jobs.stop();
  await pool.query("update accounts set state = 'active' where account_no = $1", [second.accountNo]);
  expect(await state()).toEqual({ state: "failed", failure: "not-permitted" });
  expect(await value(many[0] as number, "jobTitle")).toBe("係員");
}, 60_000);

test("few go to the trash at once and back; more wait for a second person, who is not the one who asked", async () => {
  const few = await people(10);
  const trashed = await bulk(office, few, { kind: "trash" });
  expect(trashed.body["state"]).toBe("done");
  const trash = (await send(office, "GET", "/api/trash?limit=100")).body as { days: number; rows: { customerNo: number; daysLeft: number }[] };
  expect(trash.days).toBe(30);
  expect(trash.rows.filter((row) => few.includes(row.customerNo)).map((row) => row.daysLeft)).toEqual(few.map(() => 30));
  expect((await bulk(office, few.slice(0, 4), { kind: "restore" })).body["state"]).toBe("done");
  await send(office, "POST", `/api/customers/bulk/${String(trashed.body["operationNo"])}/undo`);
  expect(await settle(office, trashed.body["operationNo"] as number)).toMatchObject({ putBack: 6, leftAloneCount: 4 });
  expect(await show(few[9] as number)).toMatchObject({ state: "active" });

  const many = await people(11);
  const asked = await bulk(manager, many, { kind: "trash", reason: "二重に登録したため" });
  expect(asked.body["state"]).toBe("awaits-approval");
  const operationNo = asked.body["operationNo"] as number;
  const requestNo = (await operation(manager, operationNo))["requestNo"] as number;
  const decide = (caller: Caller, decision: string): Promise<Reply> => send(caller, "POST", `/api/approvals/${requestNo}/decide`, { decision, comment: "" });
  expect((await decide(manager, "approve")).status).toBe(403);
  expect((await decide(office, "approve")).status).toBe(403);
  expect(await show(many[0] as number)).toMatchObject({ state: "active" });
  expect((await decide(second, "approve")).status).toBe(200);
  expect(await settle(manager, operationNo)).toMatchObject({ state: "done", changed: 11 });
  expect(await show(many[0] as number)).toMatchObject({ state: "trashed" });

  const others = await people(11);
  const refused = (await bulk(manager, others, { kind: "trash" })).body["operationNo"] as number;
  const refusedNo = (await operation(manager, refused))["requestNo"] as number;
  expect((await send(second, "POST", `/api/approvals/${refusedNo}/decide`, { decision: "refuse", comment: "" })).status).toBe(200);
  expect(await settle(manager, refused)).toMatchObject({ state: "refused", changed: 0 });
  expect(await show(others[0] as number)).toMatchObject({ state: "active" });
});

test("many small trashings are one large one: what passes the limit of a day waits for a second person, whichever way it goes", async () => {
  await house.database.owner.query("update customers set trashed_by = null");
  const many = await people(14);
  expect((await bulk(manager, many.slice(0, 6), { kind: "trash" })).body["state"]).toBe("done");
  for (const no of many.slice(6, 10)) expect((await send(manager, "POST", `/api/customers/${no}/trash`, { version: 1 })).status).toBe(200);
  const [next, later] = many.slice(10) as [number, number];
  expect((await send(manager, "POST", `/api/customers/${next}/trash`, { version: 1 })).body).toMatchObject({
    code: "not-permitted",
    facts: { reason: "trash-limit" },
  });
  expect((await send(manager, "POST", "/api/customers/bulk/preview", { customerNos: [next], kind: "trash" })).body).toMatchObject({ needsApproval: true });
  const asked = await bulk(manager, [next], { kind: "trash", reason: "退会のため" });
  expect(asked.body["state"]).toBe("awaits-approval");
  // Another person has a day of their own; what was taken out of the trash again counts no more.
  expect((await send(office, "POST", `/api/customers/${later}/trash`, { version: 1 })).status).toBe(200);
  expect((await send(manager, "POST", `/api/customers/${many[9]}/restore`)).status).toBe(200);
  expect((await send(manager, "POST", `/api/customers/${next}/trash`, { version: 1 })).status).toBe(200);
  // Two at the same moment are counted one after the other.
  expect((await send(manager, "POST", `/api/customers/${many[8]}/restore`)).status).toBe(200);
  const last = many.slice(12);
  const both = await Promise.all(last.map((no) => send(manager, "POST", `/api/customers/${no}/trash`, { version: 1 })));
  expect(both.map((reply) => reply.status).toSorted()).toEqual([200, 403]);
  await house.database.owner.query("update customers set trashed_by = null");
});

test("a joined company is left again by undoing the edit, and the one before it comes back", async () => {
  const [no] = (await people(1)) as [number];
  const join = async (name: string): Promise<number> =>
    actAs(house.open.storehouse, "system", "company.created", randomUUID(), (context) => insertCompany(context, { companyName: name }));
  const [first, second] = [await join("株式会社元の社"), await join("株式会社次の社")];
  for (const [version, companyNo] of [first, second].entries()) {
    expect((await send(office, "PATCH", `/api/customers/${no}`, { version: version + 1, companyNo, values: { section: `第${version}課` } })).status).toBe(200);
  }
  expect((await send(office, "POST", `/api/customers/${no}/undo`, { version: 3 })).status).toBe(200);
  expect(await show(no)).toMatchObject({ companyNo: first, values: { section: "第0課" } });
});

test("one's own last edit is undone without its former values passing through the browser; a later one stops it", async () => {
  const [no] = (await people(1)) as [number];
  const edit = (caller: Caller, version: number, body: object): Promise<Reply> => send(caller, "PATCH", `/api/customers/${no}`, { version, ...body });
  const undo = (caller: Caller, version: number): Promise<Reply> => send(caller, "POST", `/api/customers/${no}/undo`, { version });
  await edit(office, 1, { values: { jobTitle: "所長", notes: "書き足し" }, ownerNo: sales.accountNo });
  expect((await undo(manager, 2)).body["code"]).toBe("conflict");
  expect((await undo(office, 2)).body).toEqual({ customerNo: no, version: 3 });
  expect(await show(no)).toMatchObject({ ownerNo: null, values: { jobTitle: "係員", notes: null } });
  expect((await undo(office, 3)).body).toEqual({ customerNo: no, version: 4 });
  expect(await value(no, "jobTitle")).toBe("所長");
  await edit(manager, 4, { values: { section: "別" } });
  expect((await undo(office, 4)).status).toBe(409);
  expect(await value(no, "jobTitle")).toBe("所長");
});

test("a company that people belong to stays; without them it goes to the trash, and comes back found", async () => {
  const companyNo = await actAs(house.open.storehouse, "system", "company.created", randomUUID(), (context) =>
    insertCompany(context, { companyName: "株式会社束商会" }),
  );
  const members = await people(2);
  const trash = (): Promise<Reply> => send(office, "POST", `/api/companies/${companyNo}/trash`, { version: 1 });
  const found = async (): Promise<unknown> => (await send(office, "POST", "/api/companies/views", { search: "束商会" })).body["total"];
  await bulk(office, members, { kind: "change", companyNo });
  expect(await show(members[0] as number)).toMatchObject({ companyNo });
  expect((await trash()).body).toMatchObject({ code: "conflict", facts: { reason: "has-customers", customers: 2 } });
  await bulk(office, members, { kind: "change", companyNo: null });
  expect((await trash()).body).toEqual({ kind: "trashed", version: 2 });
  expect(await found()).toBe(0);
  const { companies } = (await send(office, "GET", "/api/trash")).body as { companies: { companyNo: number }[] };
  expect(companies.map((one) => one.companyNo)).toEqual([companyNo]);
  expect((await send(office, "POST", `/api/companies/${companyNo}/restore`)).body).toEqual({ kind: "restored", version: 3 });
  expect(await found()).toBe(1);
});

test("the rules of the trash are the privacy officer's to change", async () => {
  expect((await send(manager, "PUT", "/api/trash/rules", { days: 7, alone: 1 })).status).toBe(403);
  expect((await send(officer, "PUT", "/api/trash/rules", { days: 7, alone: 2 })).body).toEqual({ days: 7, alone: 2 });
  const three = await people(3);
  expect((await send(office, "POST", "/api/customers/bulk/preview", { customerNos: three, kind: "trash" })).body).toMatchObject({ needsApproval: true });
  expect((await send(officer, "PUT", "/api/trash/rules", { days: 30, alone: 10 })).status).toBe(200);
  expect((await send(office, "GET", "/api/trash/rules")).body).toEqual({ days: 30, alone: 10 });
});

test("what was classed stricter since comes back under its new class, not under its former one", async () => {
  const [no] = (await people(1)) as [number];
  const { operationNo } = (await bulk(office, [no], { kind: "change", values: { jobTitle: "参事" } })).body as { operationNo: number };
  const reclassed = await send(officer, "PUT", "/api/fields/customer/jobTitle/class", { class: "sensitive" });
  expect(reclassed.body).toEqual({ kind: "resealing" });
  const jobs = startJobs({ pool: house.database.app, tasks: tasks(), concurrency: 1, pollMs: 20 });
  const stored = async (): Promise<unknown> => (await house.database.owner.query("select stored_classes from fields where key = 'jobTitle'")).rows[0];
  while (JSON.stringify(await stored()) !== JSON.stringify({ stored_classes: [3] })) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await jobs.stop();
  await send(office, "POST", `/api/customers/bulk/${operationNo}/undo`);
  expect(await settle(office, operationNo)).toMatchObject({ state: "undone", putBack: 1 });
  expect(await value(no, "jobTitle", officer)).toEqual("係員");
}, 60_000);

test("what an operation keeps of a person dies with the person, and all of it when undoing has had its term", async () => {
  const [erased, other] = (await people(2)) as [number, number];
  const { operationNo } = (await bulk(office, [erased, other], { kind: "change", values: { notes: "短い覚え" } })).body as { operationNo: number };
  const members = async (): Promise<unknown[]> =>
    (await house.database.owner.query("select customer_no from bulk_members where operation_no = $1", [operationNo])).rows;
  await actAs(house.open.storehouse, "system", "customer.erased", randomUUID(), (context) => eraseCustomerRows(context, erased));
  expect(await members()).toEqual([{ customer_no: other }]);
  const { rows } = await house.database.owner.query<{ query_no: string }>(
    "update bulk_operations set finished_at = finished_at - interval '31 days' where operation_no = $1 returning query_no",
    [operationNo],
  );
  const tidy = tasks()["customers.bulk-tidy"];
  await tidy?.run({ payload: {}, attempt: 1, signal: new AbortController().signal, remember: async () => true });
  expect(await members()).toEqual([]);
  expect(house.open.vault.isErased({ kind: "query", no: Number(rows[0]?.query_no) })).toBe(true);
  expect(await operation(office, operationNo)).toMatchObject({ state: "done", changed: 2, mayUndo: false });
  expect(await value(other, "notes")).toBe("短い覚え");
});

test("every row that operations and undos wrote stands in the ledger as it stands in the store", async () => {
  await house.open.sequencer.sequenceNow();
  const result = await verifyStorehouse(house.open.storehouse, "console");
  expect(result.findings).toEqual([]);
  expect(result.rowsSwept).toBeGreaterThan(2_500);
}, 60_000);
