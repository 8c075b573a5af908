import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestHouse, type TestCaller, type TestHouse } from "#tests/support/act.ts";
import { loadPolicy, rightsOf } from "#server/core/access/policy.ts";
import { visibleScope } from "#server/core/access/compile.ts";
import { shippedRoles } from "#server/core/access/shipped-roles.ts";
import * as accounts from "#shared/accounts.ts";
import type { RoleDefinition } from "#shared/rights.ts";
import * as session from "#shared/session.ts";
import { accountRoutes, events, lacksShippedPolicy, installShippedPolicy, placeDepartment } from "./index.ts";
import type { Reach } from "./index.ts";

let house: TestHouse;
let asAdmin: TestCaller;
const reaches: Reach[] = [];

beforeAll(async () => {
  house = await openTestHouse({
    routes: accountRoutes({
      countReach: async (_, reach) => {
        reaches.push(reach);
        return reach.all ? 2000 : reach.cells.length * 10 + reach.owners.length;
      },
    }),
    events: [events],
  });
  asAdmin = await house.signIn(await house.addStaff({ mail: "admin@yamada-denki.example", roles: ["system-administrator"] }));
  await house.addStaff({ mail: "officer@yamada-denki.example", roles: ["privacy-officer"] });
});
afterAll(() => house.close());

const version = async (): Promise<number> => (await house.database.owner.query("select policy_version from organisation")).rows[0].policy_version;
const helper: RoleDefinition = { key: "helper", labelJa: "補助", labelEn: "Helper", grants: [], verbs: [], purposes: [] };

/** What row-level security applies must be what the policy says, for every account. */
async function expectScopesOfPolicy(): Promise<void> {
  const stored = (await house.database.owner.query("select * from account_scopes order by account_no")).rows;
  const expected = await house.act("test.arranged", async ({ db }) => {
    const policy = await loadPolicy(db);
    return [...policy.rolesOf.keys()]
      .toSorted((a, b) => a - b)
      .map((accountNo) => {
        const rights = rightsOf(policy, accountNo);
        const scope = visibleScope(rights, "customer");
        return {
          account_no: accountNo,
          cells: [...rights.cells],
          reads_all_customers: scope.all,
          reads_cell_customers: scope.cells,
          reads_own_customers: scope.own,
          reads_companies: visibleScope(rights, "company").all,
        };
      });
  });
  expect(stored).toEqual(expected);
}

describe("a change of who may see what", () => {
  test("raises the policy version, rebuilds the scopes and stands in the ledger with its full new state", async () => {
    const { departmentNo: head } = await house.act("department.created", (context) => placeDepartment(context, { name: "本社", parentNo: null }));
    const { departmentNo } = await asAdmin.get(accounts.createDepartment, { body: { name: "東京営業部", parentNo: head } });
    const seller = await house.addStaff({ mail: "seller@yamada-denki.example", roles: ["sales"], departmentNo });
    await house.addStaff({ mail: "manager@yamada-denki.example", roles: ["manager"], departmentNo: head });
    await expectScopesOfPolicy();
    const before = await version();
    await asAdmin.get(accounts.setAccountRoles, { params: { accountNo: seller.accountNo }, body: { roles: ["executive"] } });
    expect(await version()).toBe(before + 1);
    await expectScopesOfPolicy();
    const [event] = await house.events(["account.roles-changed"]);
    expect(event?.facts).toMatchObject({
      newPolicyVersion: before + 1,
      account: { accountNo: seller.accountNo, state: "active", departmentNo, roles: ["executive"] },
    });
  });

  test("of the tree moves the cells of everybody above", async () => {
    const { departments } = await asAdmin.get(accounts.listDepartments);
    const tokyo = departments.find((each) => each.name === "東京営業部");
    await asAdmin.get(accounts.changeDepartment, { params: { departmentNo: tokyo?.departmentNo ?? 0 }, body: { parentNo: null, name: "東京本部" } });
    await expectScopesOfPolicy();
    const [event] = await house.events(["department.changed"]);
    expect(event?.facts["departments"]).toHaveLength(departments.length);
    expect((await asAdmin.get(accounts.listDepartments)).departments.map((each) => each.name)).toContain("東京本部");
  });

  test("of a role takes effect in the very next request of its holders", async () => {
    await asAdmin.get(accounts.defineRole, { params: { key: "helper" }, body: helper });
    const staff = await house.addStaff({ mail: "helper@yamada-denki.example", roles: ["helper"] });
    const caller = await house.signIn(staff);
    expect((await caller.call(accounts.listAccounts)).code).toBe("not-permitted");
    const reading = { ...helper, grants: shippedRoles.find((role) => role.key === "auditor")?.grants ?? [] };
    await asAdmin.get(accounts.defineRole, { params: { key: "helper" }, body: reading });
    expect((await caller.call(accounts.listAccounts)).status).toBe(200);
    const [event] = await house.events(["role.defined"]);
    expect(event?.facts["role"]).toEqual(reading);
    await asAdmin.get(accounts.defineRole, { params: { key: "helper" }, body: helper });
    expect((await caller.call(accounts.listAccounts)).code).toBe("not-permitted");
    await expectScopesOfPolicy();
  });

  test("that is refused changes nothing", async () => {
    const before = await version();
    expect((await asAdmin.call(accounts.setAccountRoles, { params: { accountNo: 1 }, body: { roles: ["no-such-role"] } })).facts).toEqual({ field: "roles" });
    expect((await asAdmin.call(accounts.setAccountDepartment, { params: { accountNo: 1 }, body: { departmentNo: 999 } })).facts).toEqual({
      field: "departmentNo",
    });
    expect((await asAdmin.call(accounts.setAccountRoles, { params: { accountNo: 999 }, body: { roles: [] } })).code).toBe("not-found");
    expect((await asAdmin.call(accounts.defineRole, { params: { key: "other" }, body: helper })).facts).toEqual({ field: "key" });
    expect(await version()).toBe(before);
  });

  test("asks the rights as they are when its turn comes, not as they were when the request began", async () => {
    const other = await house.addStaff({ mail: "other@yamada-denki.example", roles: ["system-administrator"] });
    const asOther = await house.signIn(other);
    const { accountNo } = await house.addStaff({ mail: "target@yamada-denki.example", roles: [] });
    const blocker = await house.database.owner.connect();
    await blocker.query("begin; update organisation set policy_version = policy_version + 1");
    const waiting = asOther.call(accounts.setAccountRoles, { params: { accountNo }, body: { roles: ["executive"] } });
    await new Promise((resolve) => setTimeout(resolve, 200));
    await blocker.query("delete from account_roles where account_no = $1", [other.accountNo]);
    await blocker.query("commit");
    blocker.release();
    expect((await waiting).code).toBe("not-permitted");
  });
});

describe("a preview of a role", () => {
  test("counts its holders and their customers before and after, and changes nothing", async () => {
    const before = await version();
    const wider = {
      ...(shippedRoles.find((role) => role.key === "manager") as RoleDefinition),
      grants: shippedRoles.find((role) => role.key === "privacy-officer")?.grants ?? [],
    };
    const preview = await asAdmin.get(accounts.previewRole, { params: { key: "manager" }, body: wider });
    expect(preview).toEqual({ staff: 1, customersBefore: 10, customersAfter: 2000, addsPersonal: true });
    expect(reaches.at(-1)).toMatchObject({ all: true });
    const narrower = { ...wider, grants: [] };
    expect(await asAdmin.get(accounts.previewRole, { params: { key: "manager" }, body: narrower })).toMatchObject({ customersAfter: 0, addsPersonal: false });
    expect(await version()).toBe(before);
  });
});

describe("the shipped policy", () => {
  test("is put in once, and what was changed since stays", async () => {
    await house.database.owner.query(`update roles set definition = jsonb_set(definition, '{labelJa}', '"変更"') where role_key = 'sales'`);
    const before = await version();
    await house.act("policy.installed", async ({ db, journal }) => {
      expect(await lacksShippedPolicy(db)).toBe(false);
      expect(await installShippedPolicy(db, journal)).toBe(false);
    });
    expect(await version()).toBe(before);
    const { rows } = await house.database.owner.query("select definition->>'labelJa' as label from roles where role_key = 'sales'");
    expect(rows[0].label).toBe("変更");
  });
});

describe("members of staff", () => {
  test("are listed with names to those who may read them; when they were last there is for who manages accounts", async () => {
    const { accounts: shown } = await asAdmin.get(accounts.listAccounts);
    expect(shown.find((each) => each.staffMail === "admin@yamada-denki.example")).toMatchObject({
      staffName: "山田 太郎",
      state: "active",
      hasSecondFactor: true,
    });
    expect(shown.some((each) => each.lastSeenAt !== null)).toBe(true);
    const seller = await house.signIn(await house.addStaff({ mail: "s2@yamada-denki.example", roles: ["sales"] }));
    expect((await seller.get(accounts.listAccounts)).accounts.every((each) => each.lastSeenAt === null)).toBe(true);
    expect((await seller.get(accounts.listStaff)).staff.every((each) => each.staffName === "山田 太郎")).toBe(true);
    const [listed] = await house.events(["staff.listed"]);
    expect(listed?.releases[0]?.fields).toEqual([[48, 2]]);
  });

  test("an administrator sees and ends the sessions of an account", async () => {
    const staff = await house.addStaff({ mail: "s3@yamada-denki.example", roles: ["executive"] });
    const caller = await house.signIn(staff);
    const params = { accountNo: staff.accountNo };
    expect((await caller.call(accounts.listAccountSessions, { params })).code).toBe("not-permitted");
    expect((await asAdmin.get(accounts.listAccountSessions, { params })).sessions).toHaveLength(1);
    expect(await asAdmin.get(accounts.revokeAccountSessions, { params })).toEqual({ revoked: 1 });
    expect((await caller.call(session.me)).code).toBe("not-signed-in");
  });
});
