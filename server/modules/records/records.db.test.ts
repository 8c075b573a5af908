import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { startJobs } from "#server/platform/jobs/index.ts";
import { sentinelValues } from "#server/modules/sample/index.ts";
import type { Endpoint, ReplyOf } from "#shared/endpoint.ts";
import * as customers from "#shared/customers.ts";
import * as contract from "#shared/ledger.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import { recordTasks, verifyStorehouse } from "./index.ts";

let house: SeededHouse;
let sales: Caller, officer: Caller, auditor: Caller, administrator: Caller;

beforeAll(async () => {
  house = await openSeededHouse([["sales"], ["privacy-officer"], ["auditor"], ["system-administrator"]]);
  [sales, officer, auditor, administrator] = house.callers as [Caller, Caller, Caller, Caller];
});
afterAll(() => house.close());

async function ask<E extends Endpoint>(caller: Caller, endpoint: E, body: object = {}, url: string = endpoint.path): Promise<ReplyOf<E>> {
  const reply = await send(caller, endpoint, body, url);
  expect([reply.status, reply.body]).toMatchObject([200, {}]);
  return reply.body as ReplyOf<E>;
}

function send(caller: Caller, endpoint: Endpoint, body: object = {}, url: string = endpoint.path): Promise<Reply> {
  return request(house, { method: endpoint.method, url, cookie: caller.cookie, ...(endpoint.method === "GET" ? {} : { body }) });
}

const nameOf = (index: number): string => sentinelValues("customer", index)["fullName"] as string;

describe("the ledger", () => {
  let name: string;
  beforeAll(async () => {
    name = nameOf(0);
    await ask(sales, customers.openView, { search: name });
  });

  it("shows what was searched for to its author, and to a reader of the ledger who reads personal values of all", async () => {
    const asked = { types: ["customers.listed"], limit: 1 };
    const own = await ask(sales, contract.listOwnEvents, { limit: 10 });
    expect(own.events.map((event) => event.query)).toContain(name);
    expect(own.events.every((event) => event.accountNo === sales.accountNo)).toBe(true);
    expect((await ask(officer, contract.listEvents, asked)).events).toMatchObject([{ accountNo: sales.accountNo, query: name }]);
    const seenByAuditor = await send(auditor, contract.listEvents, asked);
    expect(seenByAuditor.body).toMatchObject({ events: [{ accountNo: sales.accountNo, query: { hidden: true } }] });
    expect(seenByAuditor.bytes.includes(name)).toBe(false);
  });

  it("records that it was read, with what was asked for and no text that was typed freely", async () => {
    const customerNo = house.customerNos[0] as number;
    await ask(auditor, contract.listEvents, { types: ["customer.created", "takahashi.taro"], customerNo, from: "2020-01-01T00:00:00+09:00" });
    const { events } = await ask(auditor, contract.listEvents, { types: ["ledger.read"], accountNo: auditor.accountNo, limit: 1 });
    expect(events).toMatchObject([
      {
        facts: { types: '["customer.created"]', customerNo, from: "2019-12-31T15:00:00.000Z" },
        subjects: [{ kind: "customer", count: 1, first: [customerNo] }],
      },
    ]);
    expect(JSON.stringify(events)).not.toContain("takahashi");
  });

  it("records that somebody else's search was read, by the number of the query", async () => {
    await ask(officer, contract.listEvents, { types: ["customers.listed"], limit: 1 });
    const { events } = await ask(officer, contract.listEvents, { types: ["ledger.read"], accountNo: officer.accountNo, limit: 1 });
    expect(events[0]?.subjects).toMatchObject([{ kind: "query", count: 1 }]);
  });

  it("is closed to whoever may not read it, and one's own events to nobody", async () => {
    expect((await send(sales, contract.listEvents)).status).toBe(403);
    expect((await send(administrator, contract.listEvents)).status).toBe(403);
    expect((await send(administrator, contract.listOwnEvents)).status).toBe(200);
  });

  it("goes on from page to page without a gap", async () => {
    const all = await ask(auditor, contract.listEvents, { types: ["account.added"], limit: 100 });
    const first = await ask(auditor, contract.listEvents, { types: ["account.added"], limit: 3 });
    const rest = await ask(auditor, contract.listEvents, { types: ["account.added"], limit: 3, before: first.nextBefore ?? 0 });
    expect([...first.events, ...rest.events].map((event) => event.eventNo)).toEqual(all.events.map((event) => event.eventNo));
    expect([first.events.length, rest.nextBefore]).toEqual([3, null]);
  });
});

describe("a verification", () => {
  const rows = async (): Promise<Record<string, unknown>[]> => (await house.database.owner.query("select * from customers order by customer_no")).rows;
  let before: Record<string, unknown>[];
  const superuser = (text: string, values: unknown[] = []): Promise<unknown> => house.database.owner.query(text, values);
  const verify = async (): Promise<ReplyOf<typeof contract.verifyLedgerNow>> => {
    await house.open.sequencer.sequenceNow();
    return ask(administrator, contract.verifyLedgerNow);
  };
  /** Does something around the product, verifies, and puts it back. */
  const found = async (act: () => Promise<unknown>, undo: () => Promise<unknown>): Promise<string[]> => {
    await act();
    try {
      const result = await verify();
      expect(result.ok).toBe(result.findings.length === 0);
      return result.findings.map(({ what, subject }) => `${subject ?? "-"}: ${what}`);
    } finally {
      await undo();
    }
  };
  const putBack = async (no: number): Promise<void> => {
    const row = before.find((each) => each["customer_no"] === no) as Record<string, unknown>;
    await superuser("update customers set sealed_personal = $2, sealed_internal = $3, owner_no = $4, version = $5 where customer_no = $1", [
      no,
      row["sealed_personal"],
      row["sealed_internal"],
      row["owner_no"],
      row["version"],
    ]);
  };

  beforeEach(async () => {
    before = await rows();
  });

  it("finds nothing where nothing was done around the product, for somebody who reads no customer", async () => {
    const result = await verify();
    expect(result).toEqual({ ok: true, events: expect.any(Number) as number, rowsSwept: house.customerNos.length + house.companyIndex.size, findings: [] });
    expect(await ask(sales, contract.showCheckpoint)).toMatchObject({
      lastVerifiedOk: true,
      lastVerifiedAt: expect.any(String) as string,
      checkpoint: { epoch: 1 },
    });
    const { events } = await ask(auditor, contract.listEvents, { types: ["ledger.verified"], limit: 1 });
    expect(events).toMatchObject([{ accountNo: administrator.accountNo, facts: { ok: true, findings: 0, missingFromIndex: 0, leftInIndex: 0 } }]);
    expect((await send(sales, contract.verifyLedgerNow)).status).toBe(403);
  });

  it("finds a row whose blob, owner or version was changed", async () => {
    const [a, b, c] = house.customerNos as [number, number, number];
    expect(
      await found(
        () => superuser("update customers set sealed_personal = sealed_personal || '\\x00' where customer_no = $1", [a]),
        () => putBack(a),
      ),
    ).toEqual([`customer ${a}: row was changed around the product`]);
    expect(
      await found(
        () => superuser("update customers set owner_no = $2 where customer_no = $1", [b, sales.accountNo]),
        () => putBack(b),
      ),
    ).toEqual([`customer ${b}: row was changed around the product`]);
    expect(
      await found(
        () => superuser("update customers set version = version + 1 where customer_no = $1", [c]),
        () => putBack(c),
      ),
    ).toEqual([`customer ${c}: row was changed around the product`]);
  });

  it("finds two rows whose contents changed places", async () => {
    const [a, b] = house.customerNos as [number, number];
    const swap = (): Promise<unknown> =>
      superuser(
        `update customers c set sealed_open = o.sealed_open, sealed_internal = o.sealed_internal, sealed_personal = o.sealed_personal, sealed_sensitive = o.sealed_sensitive
           from customers o where (c.customer_no, o.customer_no) in (($1, $2), ($2, $1))`,
        [a, b],
      );
    expect(await found(swap, swap)).toEqual([a, b].map((no) => `customer ${no}: row holds what belongs to another row`));
  });

  it("finds a row that was added, one that was removed, and a company's", async () => {
    const last = house.customerNos.at(-1) as number;
    const added = last + 1_000;
    expect(
      await found(
        () =>
          superuser(
            "insert into customers (customer_no, cell_no, version, created_at, updated_at) overriding system value select $1, cell_no, 1, now(), now() from customers limit 1",
            [added],
          ),
        () => superuser("delete from customers where customer_no = $1", [added]),
      ),
    ).toEqual([`customer ${added}: row was added around the product`]);
    const companyNo = [...house.companyIndex.keys()][0] as number;
    expect(
      await found(
        () => superuser("update companies set state = 'trashed' where company_no = $1", [companyNo]),
        () => superuser("update companies set state = 'active' where company_no = $1", [companyNo]),
      ),
    ).toEqual([`company ${companyNo}: row was changed around the product`]);
    await superuser("create table kept as select * from customers where customer_no = $1", [last]);
    await superuser("create table kept_tokens as select * from customer_search where customer_no = $1", [last]);
    expect(
      await found(
        () =>
          superuser("delete from customer_search where customer_no = $1", [last]).then(() => superuser("delete from customers where customer_no = $1", [last])),
        () =>
          superuser("insert into customers overriding system value select * from kept").then(() =>
            superuser("insert into customer_search select * from kept_tokens"),
          ),
      ),
    ).toEqual([`customer ${last}: row was removed around the product`]);
  });

  it("finds an event of the ledger that was changed, and tells it by its number", async () => {
    const [event] = (await house.database.owner.query("select event_no, header from ledger_events where type = 'account.added' order by event_no limit 1"))
      .rows as { event_no: number; header: string }[];
    const { event_no: eventNo, header } = event as { event_no: number; header: string };
    const findings = await found(
      () => superuser("update ledger_events set header = replace(header, '\"ok\"', '\"failed\"') where event_no = $1", [eventNo]),
      () => superuser("update ledger_events set header = $2 where event_no = $1", [eventNo, header]),
    );
    expect(findings).toContain(`event ${eventNo}: header was changed`);
    const { events } = await ask(auditor, contract.listEvents, { types: ["ledger.verified"], limit: 1 });
    expect(events).toMatchObject([{ facts: { ok: false, alarm: true } }]);
    expect(await ask(sales, contract.showCheckpoint)).toMatchObject({ lastVerifiedOk: false });
    expect((await verify()).ok).toBe(true);
  });

  it("of the command line is the same, and two at a time there are not", async () => {
    expect(await verifyStorehouse(house.open.storehouse, "console")).toMatchObject({ ok: true, rowsSwept: house.customerNos.length + house.companyIndex.size });
    const outcomes = await Promise.allSettled([verifyStorehouse(house.open.storehouse, "console"), verifyStorehouse(house.open.storehouse, "console")]);
    expect(outcomes.map((outcome) => outcome.status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });

  it("comes round by itself", async () => {
    const count = async (): Promise<number> =>
      Number(
        (await house.database.owner.query("select count(*) from ledger_events where type = 'ledger.verified' and header like '%\"principal\":\"system\"%'"))
          .rows[0].count,
      );
    expect(await count()).toBe(0);
    const jobs = startJobs({ pool: house.open.pools.app, tasks: recordTasks(house.open.storehouse) });
    try {
      await vi.waitFor(async () => expect(await count()).toBe(1), { timeout: 10_000 });
    } finally {
      await jobs.stop();
    }
  });
});
