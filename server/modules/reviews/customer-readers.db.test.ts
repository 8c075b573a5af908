import fc from "fast-check";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { actAs } from "#server/core/door/index.ts";
import { loadPolicy, type Field } from "#server/core/access/policy.ts";
import { rebuildScopes } from "#server/modules/accounts/index.ts";
import * as customers from "#shared/customers.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { fieldClasses, type RoleDefinition } from "#shared/rights.ts";
import type { customerReaders } from "#shared/reviews.ts";
import type { Shown } from "#shared/shown.ts";
import { anyRole } from "#tests/support/any-role.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";

type Readers = ReplyOf<typeof customerReaders>;

let house: SeededHouse;
let officer: Caller, auditor: Caller, manager: Caller, sales: Caller, colleague: Caller;
/** The caller's own, the colleague's, nobody's, another department's. */
let persons: number[];
let fields: readonly Field[];

beforeAll(async () => {
  house = await openSeededHouse([["privacy-officer"], ["auditor"], ["manager"], ["sales"], ["sales", "office"]], { hasOwnFar: true });
  [officer, auditor, manager, sales, colleague] = house.callers as [Caller, Caller, Caller, Caller, Caller];
  persons = [
    ...new Set([sales, colleague].flatMap((who) => house.customerNos.filter((no) => house.ownerOf.get(no) === who.accountNo))),
    ...house.customerNos.filter((no) => house.ownerOf.get(no) === null).slice(2, 4),
  ];
  fields = (await readPolicy()).fields.filter(({ kind }) => kind === "customer");
});
afterAll(() => house.close());

const readPolicy = () => actAs(house.open.storehouse, "system", "organisation.founded", randomUUID(), (context) => loadPolicy(context.db));
const get = (caller: Caller, url: string): Promise<Reply> => request(house, { method: "GET", url, cookie: caller.cookie });
async function readersOf(customerNo: number, caller = officer): Promise<Readers> {
  const reply = await get(caller, `/api/customers/${customerNo}/readers`);
  expect([reply.status, reply.body]).toMatchObject([200, {}]);
  return reply.body as unknown as Readers;
}

/** Of a class without any field nothing can be shown. */
const usedClasses = () => fieldClasses.filter((name) => fields.some((field) => field.class === name));

/** What the door did show, class by class: `none` where every value is hidden, `masked` where one that has a mask is. */
function sightIn(values: Readonly<Record<string, Shown>>): Record<string, string> {
  return Object.fromEntries(
    usedClasses().map((name) => {
      const shown = fields.filter((field) => field.class === name && Object.hasOwn(values, field.key)).map((field) => values[field.key]);
      const isHidden = shown.every((value) => typeof value === "object" && value !== null && "hidden" in value);
      const isMasked = shown.some((value) => typeof value === "object" && value !== null && "masked" in value);
      return [name, isHidden ? "none" : isMasked ? "masked" : "full"];
    }),
  );
}

/** Compares what is said of every account and person with a real read by that account. */
async function compareWithDoor(): Promise<{ seen: number; unseen: number }> {
  const tally = { seen: 0, unseen: 0 };
  for (const customerNo of persons) {
    const said = await readersOf(customerNo);
    for (const caller of house.callers) {
      const reply = await get(caller, `/api/customers/${customerNo}`);
      const reader = said.readers.find(({ accountNo }) => accountNo === caller.accountNo);
      expect([caller.name, customerNo, reply.status === 200]).toEqual([caller.name, customerNo, reader !== undefined]);
      if (reader === undefined) {
        tally.unseen += 1;
        continue;
      }
      tally.seen += 1;
      const { values } = reply.body as unknown as ReplyOf<typeof customers.showCustomer>;
      const expected = Object.fromEntries(usedClasses().map((name) => [name, reader.classes.find((one) => one.class === name)?.shows ?? "none"]));
      expect({ who: caller.name, customerNo, ...sightIn(values) }).toEqual({ who: caller.name, customerNo, ...expected });
      expect(reader.reasons.length).toBeGreaterThan(0);
    }
  }
  return tally;
}

/** Gives the callers, but for the officer who asks, these roles, as a change of policy does. */
async function setPolicy(rolesOf: ReadonlyMap<Caller, readonly RoleDefinition[]>): Promise<void> {
  await actAs(house.open.storehouse, "system", "organisation.founded", randomUUID(), async (context) => {
    for (const [caller, roles] of rolesOf) {
      await context.db.query("delete from account_roles where account_no = $1", [caller.accountNo]);
      for (const role of roles) {
        await context.db.query(
          "insert into roles (role_key, definition) values ($1, $2) on conflict (role_key) do update set definition = excluded.definition",
          [role.key, JSON.stringify(role)],
        );
        await context.db.query("insert into account_roles (account_no, role_key) values ($1, $2)", [caller.accountNo, role.key]);
      }
    }
    await context.db.query("update organisation set policy_version = policy_version + 1");
    await rebuildScopes(context.db, await loadPolicy(context.db));
  });
}

describe("who can see a customer", () => {
  it("is who is shown them at the door, and each class as it is shown there, for the shipped roles", async () => {
    const { seen, unseen } = await compareWithDoor();
    expect([seen > 10, unseen > 5]).toEqual([true, true]);
  });

  it("names the role, the relation and the department by which it is so", async () => {
    const own = persons.find((no) => house.ownerOf.get(no) === sales.accountNo && house.cellOf.get(no) === house.cells.get("near")?.cellNo) as number;
    const { readers, ownerNo, departmentNo, accounts } = await readersOf(own);
    expect([ownerNo, departmentNo, accounts]).toEqual([sales.accountNo, house.cells.get("near")?.departmentNo, house.callers.length]);
    const grants = (caller: Caller) => readers.find(({ accountNo }) => accountNo === caller.accountNo)?.reasons.map(({ role, scope }) => `${role} ${scope}`);
    expect(grants(sales)).toEqual(["sales own", "sales department"]);
    expect(grants(colleague)).toEqual(["office department", "sales department"]);
    expect(grants(officer)).toEqual(["privacy-officer all"]);
    expect(grants(auditor)).toBeUndefined();
  });

  it("tells when each last did, and of nobody who never did", async () => {
    const [no] = persons as [number];
    await get(sales, `/api/customers/${no}`);
    const { readers, lookedBackTo } = await readersOf(no);
    const of = (caller: Caller) => readers.find(({ accountNo }) => accountNo === caller.accountNo)?.lastLook;
    const shown = (await get(officer, `/api/customers/${no}/exposures`)).body as unknown as ReplyOf<typeof customers.customerExposures>;
    for (const caller of [sales, colleague, manager, officer]) {
      const newest = shown.exposures.find(({ accountNo }) => accountNo === caller.accountNo);
      expect([caller.name, of(caller)?.eventNo]).toEqual([caller.name, newest?.eventNo]);
    }
    expect(of(sales)?.eventNo).toBeGreaterThan(0);
    expect(lookedBackTo).toBeNull();
  });

  it("is told to the auditor of anybody, to the manager of the own department alone, and to nobody without the right", async () => {
    const far = persons.find((no) => house.cellOf.get(no) !== house.cells.get("near")?.cellNo) as number;
    const near = persons.find((no) => house.cellOf.get(no) === house.cells.get("near")?.cellNo) as number;
    const status = async (caller: Caller, no: number) => (await get(caller, `/api/customers/${no}/readers`)).status;
    expect([await status(auditor, far), await status(auditor, near)]).toEqual([200, 200]);
    expect([await status(manager, near), await status(manager, far)]).toEqual([200, 404]);
    expect(await status(sales, near)).toBe(403);
    expect(await status(officer, 999_999)).toBe(404);
  });

  it("keeps to the door when a person's use is suspended, when the person is in the trash and when an account is disabled", async () => {
    const [first, second] = persons as [number, number];
    await house.database.owner.query("update customers set use_suspended_at = now() where customer_no = $1", [first]);
    await house.database.owner.query("update customers set state = 'trashed' where customer_no = $1", [second]);
    await compareWithDoor();
    expect([(await readersOf(first)).isSuspended, (await readersOf(second)).state]).toEqual([true, "trashed"]);
    await house.database.owner.query("update accounts set state = 'disabled' where account_no = $1", [colleague.accountNo]);
    try {
      expect((await get(colleague, `/api/customers/${first}`)).status).toBe(401);
      expect((await readersOf(first)).readers.find(({ accountNo }) => accountNo === colleague.accountNo)?.state).toBe("disabled");
    } finally {
      await house.database.owner.query("update accounts set state = 'active' where account_no = $1", [colleague.accountNo]);
    }
  });

  it("is who is shown them at the door under any policy", async () => {
    const rest = house.callers.filter((caller) => caller !== officer);
    const sets = fc.sample(fc.array(anyRole, { minLength: 1, maxLength: 2 }), { numRuns: 6 * rest.length, seed: 20_261_122 });
    const tally = { seen: 0, unseen: 0 };
    for (let round = 0; round < 6; round += 1) {
      await setPolicy(
        new Map(
          rest.map((caller, at) => {
            const roles = sets[round * rest.length + at] as RoleDefinition[];
            // A random name may be that of a shipped role.
            return [caller, roles.map((role, index) => ({ ...role, key: `any-${round}-${at}-${index}` }))];
          }),
        ),
      );
      const { seen, unseen } = await compareWithDoor();
      tally.seen += seen;
      tally.unseen += unseen;
    }
    expect([tally.seen > 40, tally.unseen > 20]).toEqual([true, true]);
  });
});
