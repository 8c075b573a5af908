import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { randomUUID } from "node:crypto";
import { actAs } from "#server/core/door/index.ts";
import { listEvents } from "#server/core/ledger/index.ts";
import { loadPolicy } from "#server/core/access/policy.ts";
import { verifyStorehouse } from "#server/modules/records/index.ts";
import { sentinelValues } from "#server/modules/sample/index.ts";
import { startJobs, type Jobs } from "#server/platform/jobs/index.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import { customerTasks } from "./index.ts";

let house: SeededHouse;
let sales: Caller, office: Caller, officer: Caller;
let own: number, other: number;
let jobs: Jobs | undefined;

beforeAll(async () => {
  house = await openSeededHouse([["sales"], ["office"], ["privacy-officer"]], { unowned: 30 });
  [sales, office, officer] = house.callers as [Caller, Caller, Caller];
  own = house.customerNos[0] as number;
  other = house.customerNos[1] as number;
});
afterEach(() => stopJobs());
afterAll(() => house.close());

function runJobs(): void {
  jobs = startJobs({ pool: house.open.pools.app, tasks: customerTasks(house.open.storehouse), pollMs: 50 });
}
async function stopJobs(): Promise<void> {
  await jobs?.stop();
  jobs = undefined;
}

const reclass = (caller: Caller, key: string, fieldClass: string, kind = "customer"): Promise<Reply> =>
  request(house, { method: "PUT", url: `/api/fields/${kind}/${key}/class`, cookie: caller.cookie, body: { class: fieldClass } });
const show = async (caller: Caller, no: number): Promise<Record<string, unknown>> =>
  (await request(house, { method: "GET", url: `/api/customers/${no}`, cookie: caller.cookie })).body;
const valueFor = async (caller: Caller, no: number, key: string): Promise<unknown> => ((await show(caller, no))["values"] as Record<string, unknown>)[key];
const hits = async (caller: Caller, search: string): Promise<unknown> =>
  (await request(house, { method: "POST", url: "/api/customers/views", cookie: caller.cookie, body: { search } })).body["total"];
const mailOf = (no: number): string => sentinelValues("customer", house.customerIndex.get(no) as number)["mail"] as string;
const stored = async (key: string): Promise<unknown> =>
  (await house.database.owner.query("select class, target_class, stored_classes from fields where kind = 'customer' and key = $1", [key])).rows[0];
const settled = (key: string, fieldClass: number): Promise<void> =>
  vi.waitFor(async () => expect(await stored(key)).toEqual({ class: fieldClass, target_class: null, stored_classes: [fieldClass] }), { timeout: 15_000 });
const resealedRows = async (): Promise<number> =>
  (await listEvents(house.database.app, { types: ["customer.resealed"], limit: 100 })).events.reduce((sum, event) => sum + event.writes.length, 0);

/** While the row of `no` is held by somebody, every other one was sealed anew. */
async function halfDone(no: number, act: () => Promise<void>): Promise<void> {
  const holder = await house.database.owner.connect();
  try {
    await holder.query("begin");
    await holder.query("select from customers where customer_no = $1 for update", [no]);
    const before = await resealedRows();
    runJobs();
    await vi.waitFor(async () => expect((await resealedRows()) - before).toBe(house.customerNos.length - 1), { timeout: 15_000 });
    await act();
  } finally {
    await holder.query("rollback");
    holder.release();
  }
}

describe("a stricter class", () => {
  it("holds at once: before, amid and after the resealing nobody without it reads or finds the field", async () => {
    expect([await valueFor(sales, own, "mail"), await hits(sales, mailOf(own))]).toEqual([mailOf(own), 1]);
    const { version } = await show(sales, own);

    expect((await reclass(officer, "mail", "sensitive")).body).toEqual({ kind: "resealing" });
    const isClosed = async (): Promise<void> => {
      for (const no of [own, other]) {
        expect(await valueFor(sales, no, "mail")).toEqual({ hidden: true });
        expect(await hits(sales, mailOf(no))).toBe(0);
        // The office reads the class, masked, and finds a masked value by its exact form.
        expect(await valueFor(office, no, "mail")).toEqual({ masked: expect.any(String) as string });
        expect(await hits(office, mailOf(no))).toBe(1);
        expect(await hits(office, mailOf(no).slice(0, 5))).toBe(0);
      }
    };
    await isClosed();
    await halfDone(own, isClosed);
    await settled("mail", 3);
    await isClosed();

    // For whoever had the record open nothing changed.
    expect((await show(sales, own))["version"]).toBe(version);
    expect(await verifyStorehouse(house.open.storehouse, "system")).toMatchObject({ ok: true });
  });

  it("stands in the ledger with the full new state of the field, at its beginning and at its end", async () => {
    const { events } = await listEvents(house.database.app, { types: ["field.reclassed", "field.settled"], limit: 2 });
    const { version } = await loadPolicy({ query: async (text, values) => (await house.database.app.query(text, values as unknown[])).rows });
    expect(events).toMatchObject([
      {
        type: "field.settled",
        principal: "system",
        facts: { field: { no: 6, key: "mail", class: "sensitive", targetClass: null, storedClasses: [3] }, newPolicyVersion: version },
      },
      {
        type: "field.reclassed",
        accountNo: officer.accountNo,
        facts: { formerClass: "personal", field: { class: "sensitive", storedClasses: [2, 3] }, newPolicyVersion: version - 1 },
      },
    ]);
  });
});

describe("a looser class", () => {
  it("holds only when every value was sealed anew", async () => {
    expect((await reclass(officer, "mail", "personal")).body).toEqual({ kind: "resealing" });
    const isClosed = async (): Promise<void> => {
      for (const no of [own, other]) {
        expect(await valueFor(sales, no, "mail")).toEqual({ hidden: true });
        expect(await hits(sales, mailOf(no))).toBe(0);
      }
    };
    await isClosed();
    await halfDone(other, isClosed);
    await settled("mail", 2);
    expect([await valueFor(sales, own, "mail"), await hits(sales, mailOf(own))]).toEqual([mailOf(own), 1]);
    for (const no of house.customerNos.filter((each) => house.cellOf.get(each) === house.cells.get("near")?.cellNo)) {
      expect(await valueFor(office, no, "mail")).toBe(mailOf(no));
    }
    expect((await reclass(officer, "mail", "personal")).body).toEqual({ kind: "settled" });
  });
});

describe("resealing", () => {
  it("goes on after its node stopped amid it, and follows a class that was changed again meanwhile", async () => {
    await reclass(officer, "address", "sensitive");
    await halfDone(own, async () => {
      await Promise.all([stopJobs(), reclass(officer, "address", "internal")]);
      expect(await stored("address")).toMatchObject({ class: 3, target_class: 1 });
    });
    runJobs();
    await settled("address", 1);
    for (const no of house.customerNos.filter((each) => house.cellOf.get(each) === house.cells.get("near")?.cellNo)) {
      expect(await valueFor(office, no, "address")).toBe(sentinelValues("customer", house.customerIndex.get(no) as number)["address"]);
    }
    await reclass(officer, "address", "personal");
    await settled("address", 2);
    expect(await verifyStorehouse(house.open.storehouse, "system")).toMatchObject({ ok: true });
  });

  it("keeps what is edited amid it", async () => {
    await reclass(officer, "notes", "sensitive");
    await reclass(officer, "notes", "internal");
    await halfDone(own, async () => {
      const { version } = await show(office, other);
      const reply = await request(house, {
        method: "PATCH",
        url: `/api/customers/${other}`,
        cookie: office.cookie,
        body: { version, values: { jobTitle: "課長" } },
      });
      expect(reply.status).toBe(200);
    });
    await settled("notes", 1);
    expect(await valueFor(office, other, "jobTitle")).toBe("課長");
    expect(await valueFor(office, other, "notes")).toBe(sentinelValues("customer", house.customerIndex.get(other) as number)["notes"]);
  });

  it("waits for transactions that began under the former class", async () => {
    await actAs(house.open.storehouse, "system", "customer.viewed", randomUUID(), async () => {
      await reclass(officer, "section", "personal");
      runJobs();
      // It has looked around and may not pass anyone yet.
      await vi.waitFor(
        async () => expect((await house.database.owner.query("select starts from jobs where key like 'field.reseal%'")).rows).toEqual([{ starts: 1 }]),
        { timeout: 10_000 },
      );
      const before = await resealedRows();
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(await resealedRows()).toBe(before);
    });
    await settled("section", 2);
  });

  it("of companies goes the same way", async () => {
    const companyNo = [...house.companyIndex.keys()][0] as number;
    const phone = async (caller: Caller): Promise<unknown> =>
      ((await request(house, { method: "GET", url: `/api/companies/${companyNo}`, cookie: caller.cookie })).body["values"] as Record<string, unknown>)["phone"];
    expect(await phone(sales)).toBe(sentinelValues("company", house.companyIndex.get(companyNo) as number)["phone"]);
    await reclass(officer, "phone", "personal", "company");
    expect(await phone(sales)).toEqual({ hidden: true });
    runJobs();
    await vi.waitFor(
      async () =>
        expect((await house.database.owner.query("select class, stored_classes from fields where kind = 'company' and key = 'phone'")).rows).toEqual([
          { class: 2, stored_classes: [2] },
        ]),
      { timeout: 15_000 },
    );
    expect(await phone(sales)).toEqual({ hidden: true });
    expect(await verifyStorehouse(house.open.storehouse, "system")).toMatchObject({ ok: true });
  });
});

it("only who manages the fields classes one, and only one that exists", async () => {
  expect((await reclass(sales, "mail", "open")).status).toBe(403);
  expect((await reclass(officer, "nothing", "open")).status).toBe(404);
  expect(await stored("mail")).toMatchObject({ class: 2 });
});
