import { afterAll, beforeAll, expect, test } from "vitest";
import { canRead, levelOf, relationOf } from "#server/core/access/compile.ts";
import { loadPolicy, rightsOf } from "#server/core/access/policy.ts";
import { dayInJapan } from "#shared/day-in-japan.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { fieldClasses } from "#shared/rights.ts";
import type * as contract from "#shared/reach.ts";
import { testEvent } from "#tests/support/ledger.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import { countReach } from "./count-reach.ts";

type Shown = ReplyOf<typeof contract.showReach>;

let house: SeededHouse;
let officer: Caller, administrator: Caller, sales: Caller, manager: Caller, both: Caller;
beforeAll(async () => {
  house = await openSeededHouse([["privacy-officer"], ["system-administrator"], ["sales"], ["manager"], ["sales", "office"]], { hasOwnFar: true });
  [officer, administrator, sales, manager, both] = house.callers as [Caller, Caller, Caller, Caller, Caller];
});
afterAll(() => house.close());

const device = "abcdefgh1234";
const ask = (who: Caller, method: string, url: string, body?: unknown): Promise<Reply> =>
  request(house, { method, url, cookie: who.cookie, ...(body === undefined ? {} : { body }) });
const show = async (kind: string): Promise<Shown> => (await ask(officer, "GET", `/api/reach/${kind}`)).body as unknown as Shown;
const count = (): Promise<void> => countReach(house.open.storehouse, { signal: new AbortController().signal });
const accountIn = (shown: Shown, who: Caller) => shown.figures.find(({ key }) => key === String(who.accountNo))!;

/** Of each account the customers whom the tables let it read, one by one: never the product's own way of counting. */
async function readable(accountNos: readonly number[], roles?: readonly string[]) {
  const policy = await loadPolicy({ query: async <Row extends object>(text: string) => (await house.database.owner.query(text)).rows as Row[] });
  const of =
    roles === undefined
      ? policy
      : { ...policy, rightsCache: new Map(), rolesOf: new Map([...policy.rolesOf].map(([no, held]) => [no, held.filter((role) => roles.includes(role))])) };
  const { rows } = await house.database.owner.query("select customer_no, owner_no, cell_no from customers where state = 'active'");
  const people = new Set<number>();
  const classes = fieldClasses.map((name) => ({ class: name, read: new Set<number>(), full: new Set<number>() }));
  for (const no of accountNos) {
    const rights = rightsOf(of, no);
    for (const row of rows) {
      for (const one of classes) {
        const right = levelOf(rights, "customer", relationOf(rights, { ownerNo: row.owner_no, cellNo: row.cell_no }), one.class);
        if (!canRead(right)) continue;
        people.add(row.customer_no);
        one.read.add(row.customer_no);
        if (!right.masked) one.full.add(row.customer_no);
      }
    }
  }
  return { people: people.size, classes: classes.map((one) => ({ class: one.class, read: one.read.size, full: one.full.size })) };
}

test("a figure is whom the account could read now, counted one by one, class by class and unmasked", async () => {
  const shown = await show("account");
  for (const who of house.callers) expect([who.name, accountIn(shown, who)]).toMatchObject([who.name, await readable([who.accountNo])]);
  expect(shown.figures.map(({ people }) => people)).toEqual(shown.figures.map(({ people }) => people).toSorted((a, b) => b - a));
  expect(accountIn(shown, administrator).people).toBe(0);
  expect(accountIn(shown, officer).people).toBe(shown.customers);
  expect(new Set(shown.figures.map(({ people }) => people)).size).toBeGreaterThan(2);
});

test("a role is weighed by what it alone gives to all of its holders, each person once", async () => {
  const { figures } = await show("role");
  for (const key of ["sales", "office", "manager", "privacy-officer"]) {
    const figure = figures.find((one) => one.key === key)!;
    expect([key, figure]).toMatchObject([key, await readable(figure.accountNos, [key])]);
  }
  expect(figures.find(({ key }) => key === "sales")!.accountNos).toEqual([sales.accountNo, both.accountNo].toSorted((a, b) => a - b));
  expect(figures.find(({ key }) => key === "contractor")).toMatchObject({ people: 0, accountNos: [] });
});

test("a device reaches what is signed in on it, and what it was shown in 90 days stands beside it", async () => {
  const { rows } = await house.database.owner.query("select session_id from sessions where account_no = $1 and revoked_at is null", [sales.accountNo]);
  // The seeded sessions were begun without a browser: this one says that it began on the device.
  await house.open.ledger.append(
    testEvent({ type: "session.started", at: house.open.storehouse.clock(), accountNo: sales.accountNo, sessionId: rows[0].session_id, deviceId: device }),
  );
  const looked = await request(house, { method: "POST", url: "/api/customers/views", cookie: `${sales.cookie}; kuraban-device=${device}`, body: {} });
  expect(looked.status).toBe(200);
  const reachable = await readable([sales.accountNo]);
  expect((await show("device")).figures).toMatchObject([{ key: device, accountNos: [sales.accountNo], sessions: 1, ...reachable, device: { released: null } }]);
  await count();
  const [counted] = (await show("device")).figures;
  expect(counted!.device!.released).toBe(Math.min((looked.body["rows"] as unknown[]).length, reachable.people));
  await house.database.owner.query("update sessions set revoked_at = now() where account_no = $1", [sales.accountNo]);
  const shut = (await show("device")).figures[0]!;
  expect(shut).toMatchObject({ people: 0, sessions: 0 });
  expect(shut.device!.released).toBe(counted!.device!.released);
});

test("each day keeps what changed, and a day counted twice keeps the later count", async () => {
  const days = async () =>
    (
      await house.database.owner.query("select day::text as day, people from reach_figures where kind = 'account' and key = $1 order by day", [
        String(manager.accountNo),
      ])
    ).rows;
  const largest = async () => (await ask(officer, "GET", "/api/largest-reach")).body as unknown as ReplyOf<typeof contract.largestReach>;
  await count();
  expect((await largest()).figures.map(({ people }) => people)).toEqual((await show("account")).figures.slice(0, 3).map(({ people }) => people));
  expect((await largest()).figures.map(({ accountNo }) => String(accountNo))).toEqual((await show("account")).figures.slice(0, 3).map(({ key }) => key));
  const today = dayInJapan(house.open.storehouse.clock());
  const before = accountIn(await show("account"), manager).people;
  expect(await days()).toEqual([{ day: today, people: before }]);
  // What was counted today stands as if it had been yesterday.
  await house.database.owner.query("update reach_figures set day = day - 1; update reach_counts set day = day - 1");
  await count();
  expect(await days()).toHaveLength(1);
  const moved = [...house.cellOf].find(([no, cell]) => cell !== house.cells.get("near")?.cellNo && house.ownerOf.get(no) === null)![0];
  await house.database.owner.query("update customers set cell_no = $2 where customer_no = $1", [moved, house.cells.get("near")?.cellNo]);
  await count();
  expect((await days())[1]).toEqual({ day: today, people: before + 1 });
  expect(accountIn(await show("account"), manager)).toMatchObject({ people: before + 1, trend: [{ people: before }, { day: today, people: before + 1 }] });
  await house.database.owner.query("update accounts set state = 'disabled' where account_no = $1", [manager.accountNo]);
  await count();
  expect((await days())[1]).toEqual({ day: today, people: 0 });
  expect(accountIn(await show("account"), manager)).toBeUndefined();
});

test("numbers alone, for whoever may stop an account", async () => {
  for (const who of [sales]) expect((await ask(who, "GET", "/api/reach/account")).status).toBe(401);
  expect((await ask(both, "GET", "/api/reach/account")).status).toBe(403);
  expect((await ask(both, "GET", "/api/largest-reach")).status).toBe(403);
  expect((await ask(both, "POST", "/api/reach/count", {})).status).toBe(403);
  expect((await ask(administrator, "GET", "/api/reach/account")).status).toBe(200);
  expect((await ask(administrator, "POST", "/api/reach/count", {})).status).toBe(200);
  expect((await house.database.owner.query("select task from jobs where task = 'reach.count'")).rows).toHaveLength(1);
});
