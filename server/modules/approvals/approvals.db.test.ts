import { afterAll, beforeAll, expect, test } from "vitest";
import { writes } from "#server/core/door/index.ts";
import { declareEvents } from "#server/core/ledger/index.ts";
import { z } from "zod";
import { accountRoutes, events as accountEvents } from "#server/modules/accounts/index.ts";
import * as contract from "#shared/approvals.ts";
import { endpoint } from "#shared/endpoint.ts";
import { openTestHouse, type TestCaller, type TestHouse } from "#tests/support/act.ts";
import { approvalRoutes, approvalTasks, events, requestApproval, type ApprovalKind } from "./index.ts";

const ask = endpoint({
  method: "POST",
  path: "/api/test/ask",
  access: "signed-in",
  summary: "Asks",
  body: z.object({ persons: z.number() }),
  reply: z.object({ requestNo: z.number() }),
});

let house: TestHouse;
let asker: TestCaller;
let askerNo = 0;
let manager: TestCaller;
let officer: TestCaller;
const carried: string[] = [];
/** Carrying out that fails, when a test says so. */
let fails = false;

const kind: ApprovalKind = {
  kind: "bulk-trash",
  approved: async (context, request) => {
    await context.db.query("update organisation set name = $1", [`carried out ${request.requestNo}`]);
    carried.push(`approved ${request.requestNo} ${request.facts.customerNos?.join() ?? ""}`);
    if (fails) throw new Error("cannot be carried out");
  },
  refused: async (_context, request) => void carried.push(`nothing ${request.requestNo}`),
};

beforeAll(async () => {
  house = await openTestHouse({
    routes: [
      ...accountRoutes({ countReach: async () => 0 }),
      ...approvalRoutes([kind]),
      writes(ask, "test.arranged", (context, input) =>
        requestApproval(context, {
          kind: "bulk-trash",
          facts: { persons: input.body.persons, customerNos: [3, 5, 8], sensitive: false },
          purpose: "correction",
          reason: "二重に登録していたため",
        }),
      ),
    ],
    events: [accountEvents, events, declareEvents({ "policy.seen": { description: "x" } })],
  });
  const asking = await house.addStaff({ mail: "asker@example.jp", roles: ["manager"], name: "申 請子" });
  askerNo = asking.accountNo;
  asker = await house.signIn(asking);
  manager = await house.signIn(await house.addStaff({ mail: "manager@example.jp", roles: ["manager"] }));
  officer = await house.signIn(await house.addStaff({ mail: "office@example.jp", roles: ["office"] }));
});
afterAll(() => house.close());

const askFor = async (persons = 3): Promise<number> => (await asker.get(ask, { body: { persons } })).requestNo;
const decide = (caller: TestCaller, requestNo: number, decision: "approve" | "refuse"): ReturnType<TestCaller["call"]> =>
  caller.call(contract.decideApproval, { params: { requestNo }, body: { decision, comment: "承知しました" } });

test("a request shows its facts in numbers, its reason to those who judge, and is carried out with the yes of another", async () => {
  const requestNo = await askFor();
  const [waiting] = (await manager.get(contract.listApprovals)).waiting;
  expect(waiting).toMatchObject({ requestNo, persons: 3, sample: [3, 5, 8], purpose: "correction", reason: "二重に登録していたため" });
  expect((await manager.get(contract.countApprovals)).waiting).toBe(1);
  expect((await decide(manager, requestNo, "approve")).status).toBe(200);
  expect(carried.at(-1)).toBe(`approved ${requestNo} 3,5,8`);
  expect((await asker.get(contract.listApprovals)).own[0]).toMatchObject({ requestNo, state: "approved", comment: "承知しました" });
  expect((await decide(manager, requestNo, "approve")).facts).toMatchObject({ reason: "decided", state: "approved" });
  const [event] = await house.events(["approval.decided"]);
  expect((await house.events(["test.arranged"]))[0]?.releases).toContainEqual(expect.objectContaining({ kind: "customer", numbers: [3, 5, 8] }));
  expect(event?.outcome).toBe("refused");
});

test("what somebody asked for who was stopped since is allowed by nobody, can be refused, and can be allowed once they are back", async () => {
  const [first, second] = [await askFor(), await askFor()];
  const stop = (what: string): Promise<unknown> => house.database.owner.query(`update accounts set ${what} where account_no = $1`, [askerNo]);
  for (const [out, back] of [
    ["frozen_until = 'infinity'", "frozen_until = '-infinity'"],
    ["served_until = '-infinity'", "served_until = 'infinity'"],
    ["state = 'disabled'", "state = 'active'"],
  ] as const) {
    await stop(out);
    expect((await decide(manager, first, "approve")).facts).toEqual({ reason: "asker-out" });
    await stop(back);
  }
  await stop("frozen_until = 'infinity'");
  expect((await decide(manager, second, "refuse")).status).toBe(200);
  await stop("frozen_until = '-infinity'");
  expect((await decide(manager, first, "approve")).status).toBe(200);
});

test("nobody judges a request of their own, and nobody without the verb judges at all", async () => {
  const requestNo = await askFor();
  const own = await decide(asker, requestNo, "approve");
  expect([own.code, own.facts["reason"]]).toEqual(["not-permitted", "own-request"]);
  expect((await asker.get(contract.listApprovals)).waiting).toEqual([]);
  expect((await decide(officer, requestNo, "approve")).code).toBe("not-permitted");
  const seen = await officer.get(contract.listApprovals);
  expect([seen.waiting, seen.own, seen.decided]).toEqual([[], [], []]);
  expect((await decide(manager, requestNo, "refuse")).status).toBe(200);
  expect(carried.at(-1)).toBe(`nothing ${requestNo}`);
});

test("the table itself refuses a decider who asked", async () => {
  const requestNo = await askFor();
  await expect(house.database.owner.query("update approvals set decided_by = asked_by where request_no = $1", [requestNo])).rejects.toThrow(/check constraint/);
  await asker.get(contract.withdrawApproval, { params: { requestNo } });
});

test("what cannot be carried out is not approved", async () => {
  const requestNo = await askFor();
  fails = true;
  expect((await decide(manager, requestNo, "approve")).status).toBe(500);
  fails = false;
  expect((await asker.get(contract.listApprovals)).own[0]).toMatchObject({ requestNo, state: "waiting" });
  const { rows } = await house.database.owner.query<{ name: string }>("select name from organisation");
  expect(rows[0]?.name).not.toContain(`out ${requestNo}`);
  await asker.get(contract.withdrawApproval, { params: { requestNo } });
});

test("a request is withdrawn by whoever asked and by nobody else", async () => {
  const requestNo = await askFor();
  expect((await manager.call(contract.withdrawApproval, { params: { requestNo } })).code).toBe("not-found");
  expect(await asker.get(contract.withdrawApproval, { params: { requestNo } })).toEqual({ kind: "withdrawn" });
  expect(carried.at(-1)).toBe(`nothing ${requestNo}`);
  expect((await decide(manager, requestNo, "approve")).facts["state"]).toBe("withdrawn");
});

test("after two weeks a request comes to nothing, asked or not", async () => {
  const [first, second] = [await askFor(), await askFor()];
  house.pass(14 * 86_400 + 1);
  manager = await house.signIn({ accountNo: 0, mail: "manager@example.jp", totpSecret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" });
  const late = await decide(manager, first, "approve");
  expect([late.code, late.facts["reason"]]).toEqual(["conflict", "expired"]);
  expect(carried.at(-1)).toBe(`nothing ${first}`);
  await approvalTasks(house.storehouse, [kind])["approvals.expire"]?.run({} as never);
  expect(carried.at(-1)).toBe(`nothing ${second}`);
  expect((await house.events(["approval.expired"]))[0]?.facts).toMatchObject({ requestNo: second });
});

test("reason and comment stand sealed", async () => {
  const { rows } = await house.database.owner.query<{ row: string }>("select approvals::text as row from approvals");
  const bytes = Buffer.from(rows.map((row) => row.row).join());
  expect(bytes.includes(Buffer.from("二重に登録"))).toBe(false);
  expect(bytes.includes(Buffer.from("二重に登録").toString("hex"))).toBe(false);
});
