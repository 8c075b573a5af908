import { afterAll, beforeAll, expect, test } from "vitest";
import { modules } from "#server/app/modules.ts";
import { listEvents } from "#server/core/ledger/index.ts";
import { sentinelValues } from "#server/modules/sample/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as contract from "#shared/reviews.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import { gatherReview } from "./index.ts";

type Whole = ReplyOf<typeof contract.showReview>;

let house: SeededHouse;
/** `both` uses both roles, `one` only sells, `away` was not there for years. */
let officer: Caller, auditor: Caller, administrator: Caller, both: Caller, one: Caller, away: Caller;
beforeAll(async () => {
  house = await openSeededHouse([["privacy-officer"], ["auditor"], ["system-administrator"], ["sales", "auditor"], ["sales", "auditor"], ["office"]], {
    hasOwnFar: true,
  });
  [officer, auditor, administrator, both, one, away] = house.callers as [Caller, Caller, Caller, Caller, Caller, Caller];
  for (const who of [officer, auditor, administrator]) await ask(who, "GET", "/api/session");
  for (const who of [both, one]) expect((await ask(who, "POST", "/api/customers/views", {})).status).toBe(200);
  expect((await ask(both, "POST", "/api/ledger/events", {})).status).toBe(200);
  await house.database.owner.query("update accounts set last_seen_at = case when account_no = $1 then timestamptz '2020-01-01' else now() end", [
    away.accountNo,
  ]);
});
afterAll(() => house.close());

const ask = (who: Caller, method: string, url: string, body?: unknown): Promise<Reply> =>
  request(house, { method, url, cookie: who.cookie, ...(body === undefined ? {} : { body }) });
const show = async (who = officer): Promise<Whole> => (await ask(who, "GET", "/api/reviews/1")).body as unknown as Whole;
const decide = (body: object, who = officer): Promise<Reply> => ask(who, "POST", "/api/reviews/1/decide", body);
const foundOf = (whole: Whole, who: Caller) => whole.accounts.find(({ accountNo }) => accountNo === who.accountNo)!.found;
const gather = (): Promise<void> =>
  gatherReview(
    house.open.storehouse,
    { payload: { reviewNo: 1 }, attempt: 1, signal: new AbortController().signal, remember: async () => true },
    { routes: () => modules.flatMap((module) => module.routes()) },
  );

test("the privacy officer alone opens a review, one at a time, and gathering it twice is gathering it once", async () => {
  expect((await ask(auditor, "POST", "/api/reviews", {})).status).toBe(403);
  expect((await ask(officer, "POST", "/api/reviews", {})).body).toEqual({ reviewNo: 1 });
  expect((await ask(officer, "POST", "/api/reviews", {})).body).toMatchObject({ code: "conflict" });
  expect((await decide({ accountNos: [one.accountNo], decision: "keep" })).status).toBe(409);
  await gather();
  await gather();
  expect(await show()).toMatchObject({ review: { state: "open", accounts: house.callers.length, decided: 0 }, days: 90 });
});

test("what an account is said to reach is whom it is said to see, person by person", async () => {
  const whole = await show();
  const people = await Promise.all(
    house.customerNos.map(
      async (no) => (await ask(officer, "GET", `/api/customers/${no}/readers`)).body as unknown as ReplyOf<typeof contract.customerReaders>,
    ),
  );
  for (const caller of house.callers) {
    const classes = people.flatMap(
      ({ readers }) => readers.find(({ accountNo }) => accountNo === caller.accountNo)?.classes.filter((of) => of.class === "personal") ?? [],
    );
    const said = foundOf(whole, caller).reach.find((of) => of.class === "personal");
    expect([caller.name, said?.read, said?.full]).toEqual([caller.name, classes.length, classes.filter(({ shows }) => shows === "full").length]);
  }
  expect(foundOf(whole, officer).reach[2]?.read).toBe(house.customerNos.length);
});

test("a role is unused where nothing that it alone gives was used, and an account where nobody was there", async () => {
  const whole = await show();
  const proposed = (who: Caller) => foundOf(whole, who).proposes;
  expect(proposed(one)).toEqual({ roles: ["auditor"], account: false });
  expect(proposed(both)).toEqual({ roles: [], account: false });
  expect(proposed(away)).toEqual({ roles: [], account: true });
  expect(foundOf(whole, one).verbs).toContainEqual({ verb: "read-ledger", lastAt: null, isMeasured: true });
  expect(foundOf(whole, both).verbs.find(({ verb }) => verb === "read-ledger")?.lastAt).not.toBeNull();
  const seen = await house.database.owner.query("select 1 from ledger_events where account_no = $1", [one.accountNo]);
  expect(seen.rows.length).toBeGreaterThan(0);
  expect(foundOf(whole, one).seen).toBeGreaterThan(0);
});

test("what a role's end would cost is told in staff and distinct customers", async () => {
  const { roles } = await show();
  const role = (key: string) => roles.find((of) => of.role === key);
  // Both sell: everybody of the department, whom each sees, and the far one that each owns. Without the role all of it is gone.
  const near = house.customerNos.filter((no) => house.cellOf.get(no) === house.cells.get("near")?.cellNo).length;
  const sales = role("sales");
  expect([sales?.staff, sales?.losing, sales?.loses.find((of) => of.class === "personal")?.read]).toEqual([2, 2, near + 2]);
  expect(role("auditor")).toMatchObject({ staff: 3, losing: 0, usedBy: 1 });
});

test("nothing is taken away that the account does not hold, and nothing signed that is undecided", async () => {
  expect((await decide({ accountNos: [one.accountNo], decision: "take-away", takes: { roles: ["manager"], account: false } })).status).toBe(400);
  expect((await decide({ accountNos: [one.accountNo], decision: "take-away" })).status).toBe(400);
  expect((await decide({ accountNos: [999_999], decision: "keep" })).status).toBe(400);
  expect((await decide({ accountNos: [one.accountNo], decision: "keep" }, auditor)).status).toBe(403);
  expect(
    (await decide({ accountNos: [one.accountNo], decision: "take-away", takes: { roles: ["auditor"], account: false }, reason: "営業に専念" })).status,
  ).toBe(200);
  const early = await ask(officer, "POST", "/api/reviews/1/sign", { nextDueOn: "2099-01-01" });
  expect(early.body).toMatchObject({ code: "conflict", facts: { reason: "review-undecided", accounts: house.callers.length - 1 } });
  expect((await show(auditor)).accounts.find(({ accountNo }) => accountNo === one.accountNo)).toMatchObject({ reason: "営業に専念", isCarriedOut: false });
});

test("who manages accounts finds what is to be taken away, takes it away at once, and it is off the list", async () => {
  const takings = async () => (await ask(administrator, "GET", "/api/reviews/takings")).body;
  expect((await ask(officer, "GET", "/api/reviews/takings")).status).toBe(403);
  expect(await takings()).toEqual({
    takings: [{ reviewNo: 1, accountNo: one.accountNo, takes: { roles: ["auditor"], account: false }, roles: ["auditor", "sales"] }],
    officer: expect.objectContaining({ reviewNo: 1, accountNo: officer.accountNo, decision: null }),
  });
  expect((await ask(administrator, "PUT", `/api/accounts/${one.accountNo}/roles`, { roles: ["sales"] })).body).toMatchObject({ kind: "done" });
  expect(await takings()).toMatchObject({ takings: [] });
  expect((await show()).accounts.find(({ accountNo }) => accountNo === one.accountNo)?.isCarriedOut).toBe(true);
});

test("nobody decides about themselves: another officer does, or whoever manages accounts where there is none", async () => {
  const own = (who = officer): Promise<Reply> => decide({ accountNos: [one.accountNo, who.accountNo], decision: "keep" }, who);
  const asAdministrator = (who: Caller): Promise<Reply> => ask(who, "POST", "/api/reviews/1/decide-officer", { decision: "keep" });
  const refused = { code: "not-permitted", facts: { reason: "own-account" } };
  expect((await own()).body).toMatchObject(refused);
  expect((await asAdministrator(officer)).status).toBe(403);
  expect((await asAdministrator(auditor)).status).toBe(403);
  expect((await show()).accounts.find(({ accountNo }) => accountNo === one.accountNo)?.decision).toBe("take-away");
  expect((await asAdministrator(administrator)).body).toEqual({ decided: 1 });
  expect((await show()).accounts.find(({ accountNo }) => accountNo === officer.accountNo)).toMatchObject({
    decision: "keep",
    decidedBy: administrator.accountNo,
  });
  const [event] = (await listEvents(house.database.ledger, { types: ["review.decided"], limit: 1 })).events;
  expect(event?.facts).toMatchObject({ accounts: 1, byAdministrator: true });

  // With a second officer it is that one's to decide, and the administrator's no more.
  const becomes = async (role: string): Promise<void> => {
    const { owner } = house.database;
    await owner.query("update account_roles set role_key = $2 where account_no = $1", [away.accountNo, role]);
    await owner.query("update organisation set policy_version = policy_version + 1");
  };
  await becomes("privacy-officer");
  expect((await asAdministrator(administrator)).status).toBe(404);
  expect((await ask(administrator, "GET", "/api/reviews/takings")).body).toMatchObject({ officer: null });
  expect((await decide({ accountNos: [officer.accountNo], decision: "keep" }, away)).status).toBe(200);
  await becomes("office");
});

test("signed off, it stands in the ledger by its hash, does not change any more, and a change around the product is told", async () => {
  const rest = house.callers.filter((caller) => caller !== one && caller !== officer).map(({ accountNo }) => accountNo);
  expect((await decide({ accountNos: rest, decision: "keep" })).body).toEqual({ decided: rest.length });
  expect((await ask(officer, "POST", "/api/reviews/1/sign", { nextDueOn: "2020-01-01" })).status).toBe(400);
  const { hash } = (await ask(officer, "POST", "/api/reviews/1/sign", { nextDueOn: "2099-01-01" })).body;
  const { events } = await listEvents(house.database.ledger, { types: ["review.signed"], limit: 1 });
  expect(events[0]?.facts).toMatchObject({ reviewNo: 1, hash, takenAway: 1, notCarriedOut: 0 });
  expect((await decide({ accountNos: rest, decision: "ask" })).status).toBe(409);
  expect((await show(auditor)).seal).toEqual({ hash, eventNo: events[0]?.eventNo, isIntact: true });
  const swap = (decision: string) =>
    house.database.owner.query("update access_review_accounts set decision = $2 where account_no = $1", [officer.accountNo, decision]);
  await swap("ask");
  expect((await show()).seal?.isIntact).toBe(false);
  await swap("keep");
  expect((await show()).seal?.isIntact).toBe(true);
});

test("it is printed with names, decisions and the seal for whoever reads the ledger", async () => {
  const reply = await ask(auditor, "POST", "/api/reviews/1/pdf", {});
  expect(reply.status).toBe(200);
  const text = reply.bytes.toString("utf8").replaceAll(/\s/g, "");
  expect(text).toContain("アクセス権の棚卸し第1回".replaceAll(/\s/g, ""));
  expect(text).toContain("営業に専念");
  expect(text).toContain(String(sentinelValues("account", one.index)["staffName"]).replaceAll(/\s/g, ""));
  expect((await ask(one, "POST", "/api/reviews/1/pdf", {})).status).toBe(403);
});
