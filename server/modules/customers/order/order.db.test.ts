import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { actAs, actFor, type Context } from "#server/core/door/index.ts";
import { listEvents } from "#server/core/ledger/index.ts";
import { sentinelValues } from "#server/modules/sample/index.ts";
import { request } from "#tests/support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import { customerFor, insertCustomers, lockForMerge, setCustomerState, setCustomerSuspended, updateCustomer, writeMerged } from "../index.ts";
import { eraseCustomerRows } from "../erase-customer-rows.ts";
import { orderedNumbers } from "../kana-order.ts";
import { listVersions } from "./listed-customers.ts";
import { createOrderCache } from "./order-cache.ts";
import { orderListed } from "./order-listed.ts";
import { refreshOrders } from "./refresh-orders.ts";
import { readOrder } from "./stored-order.ts";

const [kana, companyName] = [2, 3];
const running = new AbortController().signal;
const bounds = { longList: 20, atOnce: 50 };
/** Readings that fold alike, begin alike, are none, or fold to nothing. */
const readings = ["ア", "アイ", "あい", "サトウ", "さとう", "ｻﾄｳ", "ヤマダ タロウ", "ヤマダタロウ", "やまだ", "ワ", "・", "Ａ", "a", null] as const;

let house: SeededHouse;
let manager: Caller, officer: Caller, sales: Caller;
const cache = createOrderCache({ longList: 20 });
const act = <Result>(what: (context: Context) => Promise<Result>): Promise<Result> =>
  actAs(house.open.storehouse, "system", "customer.changed", randomUUID(), what);
/** Brings the orders up to date, as if the last time were an hour ago. */
async function refresh(): Promise<void> {
  await house.database.owner.query("update order_pages set built_at = built_at - interval '1 hour'");
  await refreshOrders(house.open.storehouse, { signal: running }, bounds);
}

beforeAll(async () => {
  house = await openSeededHouse([["manager"], ["privacy-officer"], ["sales"]], { unowned: 6, far: 4 });
  [manager, officer, sales] = house.callers as [Caller, Caller, Caller];
  await add(Array.from({ length: 130 }, (_, index) => index));
});
afterAll(() => house.close());

const nameOf = (index: number): string | null => readings[(index * 5) % readings.length] ?? null;
function add(indexes: readonly number[]): Promise<unknown> {
  const cellNo = house.cells.get("near")?.cellNo as number;
  const rows = indexes.map((index) => ({
    ownerNo: null,
    cellNo,
    companyNo: null,
    values: { fullName: `甲${index}`, kana: nameOf(index), companyName: nameOf(index + 1) },
  }));
  return act((context) => insertCustomers(context, rows, { indexed: true }));
}

/** A list of everybody as an account opens it: by the stored order, and by opening all of it. */
async function bothWays(caller: Caller, key: string, descending: boolean, orders = cache): Promise<{ stored: number[]; opened: number[] }> {
  return actFor(house.open.storehouse, caller.accountNo, "customers.listed", randomUUID(), async (context) => {
    const listed = await listVersions(context, "state = 'active'", []);
    const opened = await orderedNumbers(context, key, [...listed.numbers], descending);
    return { stored: [...(await orderListed(context, key, listed, descending, orders))], opened };
  });
}
const examinedLast = async (): Promise<unknown> =>
  (await listEvents(house.database.app, { types: ["customers.listed"], limit: 1 })).events[0]?.facts["examined"];
const orderOfField = (fieldNo: number): ReturnType<typeof readOrder> => act((context) => readOrder(context, fieldNo));
const activeNumbers = async (state = "active"): Promise<number[]> =>
  (await house.database.owner.query<{ no: number }>("select customer_no as no from customers where state = $1 order by 1", [state])).rows.map((row) => row.no);

type Deed = readonly [what: "refresh" | "change" | "add" | "trash" | "restore" | "merge" | "part" | "suspend" | "erase" | "list", seed: number];

async function perform([what, seed]: Deed): Promise<void> {
  const active = await activeNumbers();
  const chosen = active[seed % active.length] as number;
  if (what === "refresh") await refresh();
  if (what === "add") await add([seed, seed + 1, seed + 2]);
  if (what === "change") {
    await act(async (context) =>
      updateCustomer(context, await customerFor(context, chosen, "change"), { values: { kana: nameOf(seed), companyName: nameOf(seed + 3) } }),
    );
  }
  if (what === "trash" || what === "suspend") {
    await act(async (context) => {
      const row = await customerFor(context, chosen, "change");
      await (what === "trash" ? setCustomerState(context, row, "trashed") : setCustomerSuspended(context, row, !row.isSuspended));
    });
  }
  const trashed = (await activeNumbers("trashed"))[0];
  if (what === "restore" && trashed !== undefined) {
    await act(async (context) => setCustomerState(context, await customerFor(context, trashed, "change"), "active"));
  }
  const merged = (await activeNumbers("merged"))[0];
  const changing = what === "merge" ? chosen : what === "part" ? merged : undefined;
  if (changing !== undefined) {
    await act(async (context) => {
      const rows = await lockForMerge(context, "customer", [changing]);
      const into = what === "merge" ? (active.find((no) => no !== changing) as number) : null;
      await writeMerged(
        context,
        "customer",
        rows.map((row) => ({ row, into, companyNo: row.companyNo, blobs: row.record.blobs, tokens: into === null ? [] : null })),
      );
    });
  }
  if (what === "erase") {
    await act((context) => eraseCustomerRows(context, chosen));
    await house.open.storehouse.door.vault.eraseKey({ kind: "customer", no: chosen });
  }
}

test("a list by the stored order is the list of opening everybody, whatever happened since", async () => {
  const deed = fc.tuple(
    fc.constantFrom<Deed[0]>("refresh", "change", "change", "change", "add", "trash", "restore", "merge", "part", "suspend", "erase", "list"),
    fc.nat({ max: 9_999 }),
  );
  await refresh();
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 6, maxLength: 14 }), fc.boolean(), async (deeds, descending) => {
      for (const one of deeds) await perform(one);
      for (const key of ["kana", "companyName"]) {
        const { stored, opened } = await bothWays(manager, key, descending);
        expect(stored).toEqual(opened);
      }
    }),
    { numRuns: 12 },
  );
}, 120_000);

test("of a list whose rows all stand as they were nobody is opened, also after a restart", async () => {
  await act(async (context) => {
    for (const no of await activeNumbers()) {
      const row = await customerFor(context, no, "change");
      if (row.isSuspended) await setCustomerSuspended(context, row, false);
    }
  });
  await refresh();
  const { stored, opened } = await bothWays(manager, "kana", false, createOrderCache({ longList: 20 }));
  expect(stored).toEqual(opened);
  expect(stored.length).toBeGreaterThan(100);
  expect(await examinedLast()).toBe(0);
  await perform(["change", 3]);
  await bothWays(manager, "kana", false);
  expect(await examinedLast()).toBeLessThan(70);
});

test("an order that was just made is not made anew for a few", async () => {
  /** Somebody gets a reading that nobody had. */
  const change = async (place: number, reading: string): Promise<unknown> => {
    const no = (await activeNumbers())[place] as number;
    return act(async (context) => updateCustomer(context, await customerFor(context, no, "change"), { values: { kana: reading } }));
  };
  await change(5, "コトリ");
  await refresh();
  const { version } = await orderOfField(kana);
  await change(4, "ツバメ");
  await refreshOrders(house.open.storehouse, { signal: running }, bounds);
  expect((await orderOfField(kana)).version).toBe(version);
  await refresh();
  expect((await orderOfField(kana)).version).toBe(version + 1);
});

test("in the pages stands no reading, and no number can be told from another", async () => {
  await refresh();
  const { rows } = await house.database.owner.query<{ page: string; sealed: Buffer }>("select order_pages::text as page, sealed from order_pages");
  expect(rows.length).toBe(2);
  const order = await orderOfField(kana);
  const pair = Buffer.alloc(8);
  pair.writeInt32LE(order.numbers[0] as number);
  pair.writeInt32LE(order.versions[0] as number, 4);
  for (const { page, sealed } of rows) {
    expect(sealed.includes(pair)).toBe(false);
    for (const text of [sentinelValues("customer", 0)["kana"] as string, "ヤマダ"]) {
      expect(page).not.toContain(text);
      expect(page).not.toContain(Buffer.from(text, "utf8").toString("hex"));
    }
  }
});

test("only the house makes pages, and a page of another place, or changed, is made anew and never believed", async () => {
  await expect(house.database.app.query("insert into order_pages select 9, page_no, version, built_at, sealed from order_pages")).rejects.toThrow(
    /row-level security/,
  );
  await house.database.owner.query(
    "update order_pages p set sealed = o.sealed from order_pages o where p.page_no = o.page_no and p.field_no = $1 and o.field_no = $2",
    [kana, companyName],
  );
  expect((await orderOfField(kana)).numbers).toHaveLength(0);
  const { stored, opened } = await bothWays(manager, "kana", false, createOrderCache({ longList: 20 }));
  expect(stored).toEqual(opened);
  await refresh();
  expect((await orderOfField(kana)).numbers).toHaveLength((await activeNumbers()).length);
});

test("a job that ends midway keeps the part that it wrote, and goes on behind it", async () => {
  await house.database.owner.query("delete from order_pages");
  let looks = 0;
  const dying = {
    throwIfAborted() {
      looks += 1;
      if (looks === 4) throw new Error("the node dies");
    },
  } as AbortSignal;
  await expect(refreshOrders(house.open.storehouse, { signal: dying }, bounds)).rejects.toThrow("the node dies");
  const half = await orderOfField(kana);
  expect(half.numbers).toHaveLength(bounds.atOnce);
  expect((await bothWays(manager, "kana", true)).stored).toEqual((await bothWays(manager, "kana", true)).opened);
  await refresh();
  const whole = await orderOfField(kana);
  const first = new Set(half.numbers);
  expect([...whole.numbers].filter((no) => first.has(no)).length).toBe(bounds.atOnce);
  expect([...whole.numbers].toSorted((a, b) => a - b)).toEqual(await activeNumbers());
});

test("whoever is erased stands in no page after the next building", async () => {
  await refresh();
  const [no] = await activeNumbers();
  await perform(["erase", 0]);
  await refresh();
  expect([...(await orderOfField(kana)).numbers]).not.toContain(no);
  expect([...(await orderOfField(kana)).numbers]).toEqual(expect.arrayContaining(await activeNumbers()));
});

test("a row that cannot be opened keeps nobody else from the order, and a list that holds it is refused as before", async () => {
  const [first, second] = (await activeNumbers()) as [number, number];
  const { rows } = await house.database.owner.query<{ sealed_personal: Buffer }>("select sealed_personal from customers where customer_no = $1", [first]);
  await house.database.owner.query(
    "update customers set version = version + 1, sealed_personal = (select sealed_personal from customers where customer_no = $2) where customer_no = $1",
    [first, second],
  );
  await refresh();
  const order = await orderOfField(kana);
  expect([...order.numbers].toSorted((a, b) => a - b)).toEqual(await activeNumbers());
  await expect(bothWays(manager, "kana", false)).rejects.toThrow("a sealed blob was rejected");
  await house.database.owner.query("update customers set version = version + 1, sealed_personal = $2 where customer_no = $1", [
    first,
    rows[0]?.sealed_personal,
  ]);
  const { stored, opened } = await bothWays(manager, "kana", false);
  expect(stored).toEqual(opened);
});

test("rows changed around the product in the midst of an order are found out, and all others are ordered anew", async () => {
  await refresh();
  const { rows } = await house.database.owner.query<{ no: number; blob: Buffer }>(
    "select customer_no as no, sealed_personal as blob from customers where state = 'active' and customer_no % 3 > 0 order by 1",
  );
  const swap = (blobs: readonly Buffer[], raise: number): Promise<unknown> =>
    house.database.owner.query(
      "update customers c set sealed_personal = n.blob, version = c.version + $3 from unnest($1::integer[], $2::bytea[]) as n (no, blob) where c.customer_no = n.no",
      [rows.map((row) => row.no), blobs, raise],
    );
  await swap(
    rows.map((_, index) => rows[(index + 1) % rows.length]?.blob as Buffer),
    0,
  );
  await add([1, 2, 3, 4]);
  await refresh();
  const order = await orderOfField(kana);
  expect([...order.numbers].toSorted((a, b) => a - b)).toEqual(await activeNumbers());
  expect(order.versions.filter((version) => version < 0)).toHaveLength(rows.length);
  await swap(
    rows.map((row) => row.blob),
    1,
  );
  const { stored, opened } = await bothWays(manager, "kana", false);
  expect(stored).toEqual(opened);
});

test("a list during which everybody is changed is made without the pages", async () => {
  await refresh();
  await actFor(house.open.storehouse, manager.accountNo, "customers.listed", randomUUID(), async (context) => {
    const listed = await listVersions(context, "state = 'active'", []);
    const seen = new Set(listed.numbers);
    await act(async (other) => {
      for (const no of await activeNumbers()) {
        const row = await customerFor(other, no, "change");
        if (seen.has(no)) await updateCustomer(other, row, { values: { kana: nameOf(no), fullName: `乙${no}` } });
      }
    });
    const fresh = { ...listed, versions: listed.versions.map((version, index) => (index % 9 === 0 ? version + 1 : version)) };
    const opened = await orderedNumbers(context, "kana", [...listed.numbers], true);
    expect([...(await orderListed(context, "kana", fresh, true, cache))]).toEqual(opened);
  });
});

test("a list that meets many changes asks for a new order once, for a while later", async () => {
  await add(Array.from({ length: 600 }, (_, index) => index));
  await house.database.owner.query("delete from jobs");
  const fresh = createOrderCache({ longList: 20 });
  const { stored, opened } = await bothWays(manager, "companyName", true, fresh);
  expect(stored).toEqual(opened);
  await bothWays(manager, "companyName", false, fresh);
  const { rows } = await house.database.owner.query("select task, revision, run_at > now() + interval '5 seconds' as waits from jobs");
  expect(rows).toEqual([{ task: "customers.order", revision: 0, waits: true }]);
});

test("a storehouse of few customers keeps no order", async () => {
  await refresh();
  expect((await orderOfField(kana)).numbers.length).toBeGreaterThan(600);
  await refreshOrders(house.open.storehouse, { signal: running });
  expect((await house.database.owner.query("select from order_pages")).rowCount).toBe(0);
});

test("who may not read the field any more learns nothing from its order", async () => {
  await refresh();
  expect((await bothWays(sales, "kana", false)).stored).not.toEqual(await activeNumbers());
  const reply = await request(house, { method: "PUT", url: "/api/fields/customer/kana/class", cookie: officer.cookie, body: { class: "sensitive" } });
  expect(reply.status).toBe(200);
  const { stored, opened } = await bothWays(sales, "kana", false);
  expect(stored).toEqual(opened);
  expect(stored.length).toBeGreaterThan(bounds.longList);
  expect(stored).toEqual(stored.toSorted((a, b) => a - b));
});
