import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eraseCustomer } from "#server/app/erase-customer.ts";
import { canRead, levelOf, relationOf } from "#server/core/access/compile.ts";
import { loadPolicy, rightsOf } from "#server/core/access/policy.ts";
import { shippedRoles } from "#server/core/access/shipped-roles.ts";
import { actAs, queryOver, type Context } from "#server/core/door/index.ts";
import { insertCustomers } from "#server/modules/customers/index.ts";
import { fieldClasses, type RoleDefinition } from "#shared/rights.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import { request } from "#tests/support/request.ts";
import { membersUnder, policiesBetween, policiesFromEvents, policyAt, rightsOfThen, spansOf } from "#server/modules/accounts/index.ts";
import { reachOfThen } from "./index.ts";

let house: SeededHouse;
let [sales, office, manager, admin, officer]: readonly Caller[] = [];
let near: { departmentNo: number; cellNo: number };
let far: { departmentNo: number; cellNo: number };

/** What the tables say at one moment: the rights of every account and the classes that each reads of every customer. */
interface Snapshot {
  readonly at: Date;
  readonly tables: Readonly<Record<number, { table: number[]; cells: number[]; verbs: number }>>;
  readonly roles: Readonly<Record<string, readonly number[]>>;
  readonly reach: Readonly<Record<number, Readonly<Record<number, number>>>>;
  /** By row-level security. */
  readonly inScope: Readonly<Record<number, readonly number[]>>;
}
const snapshots: Snapshot[] = [];

const act = <Result>(what: (context: Context) => Promise<Result>): Promise<Result> =>
  actAs(house.open.storehouse, "system", "customer.created", randomUUID(), what);
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 4));

async function send(caller: Caller | undefined, method: string, url: string, body?: unknown): Promise<Record<string, unknown>> {
  const reply = await request(house, { method, url, cookie: (caller as Caller).cookie, body });
  if (reply.status >= 300) throw new Error(`${method} ${url}: ${reply.status} ${reply.bytes.toString()}`);
  return reply.body;
}
const editCustomer = async (no: number, change: object, caller = office): Promise<void> => {
  const { rows } = await house.database.owner.query("select version from customers where customer_no = $1", [no]);
  await send(caller, "PATCH", `/api/customers/${no}`, { version: rows[0].version, ...change });
};

/** Taken from the tables as they are now, never from the ledger. */
async function snapshot(): Promise<void> {
  await pause();
  const policy = await act((context) => loadPolicy(context.db));
  const owner = house.database.owner;
  const { rows: states } = await owner.query("select account_no, state from accounts");
  const disabled = new Set(states.filter((row) => row.state === "disabled").map((row) => row.account_no));
  const { rows: customers } = await owner.query("select customer_no, owner_no, cell_no from customers order by 1");
  const { rows: scopes } = await owner.query("select * from account_scopes");
  const tables: Record<number, { table: number[]; cells: number[]; verbs: number }> = {};
  const reach: Record<number, Record<number, number>> = {};
  const inScope: Record<number, number[]> = {};
  for (const accountNo of policy.rolesOf.keys()) {
    const rights = rightsOf(policy, accountNo);
    tables[accountNo] = { table: [...rights.table], cells: [...rights.cells].toSorted((a, b) => a - b), verbs: rights.verbs };
    const seen: Record<number, number> = {};
    for (const row of disabled.has(accountNo) ? [] : customers) {
      const relation = relationOf(rights, { ownerNo: row.owner_no, cellNo: row.cell_no });
      const bits = fieldClasses.reduce((sum, fieldClass, bit) => sum | (canRead(levelOf(rights, "customer", relation, fieldClass)) ? 1 << bit : 0), 0);
      if (bits !== 0) seen[row.customer_no] = bits;
    }
    reach[accountNo] = seen;
    const scope = scopes.find((row) => row.account_no === accountNo);
    inScope[accountNo] = customers
      .filter(
        (row) =>
          scope?.reads_all_customers ||
          (scope?.reads_cell_customers && scope.cells.includes(row.cell_no)) ||
          (scope?.reads_own_customers && row.owner_no === accountNo),
      )
      .map((row) => row.customer_no);
  }
  const roles: Record<string, number[]> = {};
  for (const [accountNo, keys] of policy.rolesOf) for (const key of keys) (roles[key] ??= []).push(accountNo);
  snapshots.push({ at: new Date(house.open.storehouse.clock()), tables, roles, reach, inScope });
  await pause();
}

beforeAll(async () => {
  house = await openSeededHouse([["sales"], ["office"], ["manager"], ["system-administrator"], ["privacy-officer"]]);
  [sales, office, manager, admin, officer] = house.callers;
  near = house.cells.get("near") as typeof near;
  far = house.cells.get("far") as typeof far;
  const salesNo = (sales as Caller).accountNo;
  const managerNo = (manager as Caller).accountNo;
  const ownedBy = (no: number | null): number => [...house.ownerOf].find(([, owner]) => owner === no)?.[0] as number;
  const unowned = [...house.ownerOf].filter(([no, owner]) => owner === null && house.cellOf.get(no) === near.cellNo).map(([no]) => no);

  await snapshot();
  await editCustomer(unowned[0] as number, { ownerNo: salesNo });
  await snapshot();
  await send(office, "POST", "/api/customers/bulk", {
    customerNos: unowned,
    kind: "change",
    ownerNo: managerNo,
    cellNo: far.cellNo,
    expected: { persons: unowned.length },
  });
  await snapshot();
  await act(async (context) =>
    insertCustomers(
      context,
      Array.from({ length: 40 }, (_, index) => ({
        ownerNo: index % 3 === 0 ? salesNo : null,
        cellNo: index < 20 ? near.cellNo : far.cellNo,
        companyNo: null,
        values: { fullName: `昔　${index}` },
      })),
      { indexed: true },
    ),
  );
  await snapshot();
  const narrower: RoleDefinition = { ...(shippedRoles.find((role) => role.key === "sales") as RoleDefinition), verbs: ["create"] };
  await send(admin, "PUT", "/api/roles/sales", { ...narrower, grants: narrower.grants.filter((grant) => grant.scope !== "department") });
  await snapshot();
  await send(admin, "PUT", `/api/accounts/${managerNo}/roles`, { roles: ["executive"] });
  await snapshot();
  const { departmentNo } = await send(admin, "POST", "/api/departments", { name: "近部一課", parentNo: near.departmentNo });
  await editCustomer(ownedBy((office as Caller).accountNo), { cellNo: far.cellNo });
  await snapshot();
  await send(admin, "PUT", `/api/accounts/${(office as Caller).accountNo}/department`, { departmentNo });
  await snapshot();
  await send(admin, "POST", `/api/accounts/${(office as Caller).accountNo}/disable`);
  await snapshot();
  await eraseCustomer(house.open, ownedBy(salesNo));
  await snapshot();
  // More sight for somebody waits for the officer, and holds from the officer's word on.
  const asked = await send(admin, "PUT", `/api/accounts/${managerNo}/department`, { departmentNo: far.departmentNo });
  await snapshot();
  if (asked["consentNo"] !== undefined) await send(officer, "POST", `/api/consents/${String(asked["consentNo"])}/decide`, { decision: "granted" });
  await snapshot();
}, 120_000);
afterAll(() => house.close());

test("the matrix of every account is rebuilt as the tables said it at each of the moments", async () => {
  expect(snapshots.length).toBeGreaterThanOrEqual(12);
  for (const { at, tables } of snapshots) {
    const policy = await act((context) => policyAt(context, at));
    expect(policy.rolesOf.size).toBe(Object.keys(tables).length);
    for (const [accountNo, expected] of Object.entries(tables)) {
      const rights = rightsOfThen({ ...policy, stateOf: new Map() }, Number(accountNo));
      expect({ table: [...rights.table], cells: [...rights.cells].toSorted((a, b) => a - b), verbs: rights.verbs }).toEqual(expected);
    }
  }
});

test("whom each account reached at each of the moments is whom the tables and row-level security let it reach, class by class", async () => {
  for (const { at, reach, inScope } of snapshots) {
    for (const [accountNo, expected] of Object.entries(reach)) {
      const then = await act((context) => reachOfThen(context, [Number(accountNo)], at, at));
      expect(Object.fromEntries([...then.nos].map((no, index) => [no, then.classes[index]]))).toEqual(expected);
      if (Object.keys(expected).length > 0) expect([...then.nos]).toEqual(inScope[Number(accountNo)]);
      expect(then.assumed).toEqual({ versions: [], roles: [], accountNos: [], standingsBefore: null });
    }
  }
});

test("over a time it is the union of all its moments, for one account and for all of them", async () => {
  const [first, last] = [snapshots[1] as Snapshot, snapshots[9] as Snapshot];
  const within = snapshots.slice(1, 10);
  const all = (house.callers as Caller[]).map((caller) => caller.accountNo);
  for (const accounts of [...all.map((no) => [no]), all]) {
    const expected: Record<number, number> = {};
    for (const { reach } of within)
      for (const no of accounts)
        for (const [customer, bits] of Object.entries(reach[no] ?? {})) expected[Number(customer)] = (expected[Number(customer)] ?? 0) | bits;
    const then = await act((context) => reachOfThen(context, accounts, first.at, last.at));
    expect(Object.fromEntries([...then.nos].map((no, index) => [no, then.classes[index]]))).toEqual(expected);
    for (const [bit, fieldClass] of fieldClasses.entries())
      expect(then.byClass[fieldClass]).toBe(Object.values(expected).filter((bits) => (bits >> bit) & 1).length);
  }
});

test("who held a role or belonged to a department is known for a moment and for a time", async () => {
  for (const { at, roles } of snapshots) {
    const policy = await act((context) => policyAt(context, at));
    for (const role of ["sales", "manager", "executive"]) {
      expect(membersUnder(policy, { roles: [role] })).toEqual((roles[role] ?? []).toSorted((a, b) => a - b));
    }
  }
  const [first, last] = [(snapshots[0] as Snapshot).at, (snapshots.at(-1) as Snapshot).at];
  const managerNo = (manager as Caller).accountNo;
  const { policies } = await act((context) => policiesBetween(context, first, last));
  const managing = spansOf(policies, { roles: ["manager"] }, { from: first, to: last });
  expect(managing).toMatchObject([{ accountNos: [managerNo], from: first }]);
  expect(managing[0]?.to?.getTime()).toBeLessThan(last.getTime());
  expect(membersUnder(await act((context) => policyAt(context, last)), { departmentNos: [near.departmentNo] })).toContain((office as Caller).accountNo);
});

test("read from the events themselves it is what was taken out of them", async () => {
  const { rows } = await house.database.owner.query("select max(event_no) as no, max(at) as at from ledger_events");
  const read = await act(async (context) =>
    policiesFromEvents(queryOver(context.db), await loadPolicy(context.db), { eventNo: Number(rows[0].no), at: rows[0].at }),
  );
  const taken = await act((context) => policiesBetween(context, new Date(0), rows[0].at));
  const toldOf = ({ policies }: typeof read) =>
    policies.map(({ version, since, rolesOf, departmentOf, departments, stateOf }) => ({ version, since, rolesOf, departmentOf, departments, stateOf }));
  expect(toldOf(read)).toEqual(toldOf(taken));
  expect(read.policies.length).toBeGreaterThan(snapshots.length / 2);
});
