import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sentinelValues } from "#server/modules/sample/index.ts";
import type { RoleDefinition } from "#shared/rights.ts";
import { customerFields, oracleFor, searchableFields, type KnownCustomer, type Oracle } from "../support/read-oracle.ts";
import { request, type Reply } from "../support/request.ts";
import type { Caller } from "../support/seed-storehouse.ts";
import type { SeededHouse } from "../support/seeded-house.ts";
import { digitsOf, knownOf, openMixedHouse, roles, waysToAsk } from "./mixed-house.ts";

/**
 * Sorting, counting, grouping, filtering, the first and last of a page and hit reasons reveal nothing of what one may not
 * read, row by row, for accounts with one role, with two, and with roles that read some classes here and others there.
 */
const roleSets = [
  ["sales"],
  ["office"],
  ["privacy-officer"],
  ["sales", "privacy-officer"],
  ["sales", "office"],
  ["office", "privacy-officer"],
  ["sales", "system-administrator"],
  ["manager", "auditor"],
  ["executive"],
  ["system-administrator"],
  ["front"],
  ["veiled"],
  ["near-clear"],
  ["own-only", "veiled"],
  ["front", "sales"],
  [],
];

let house: SeededHouse;
let customers: KnownCustomer[];
const oracles = new Map<string, Oracle>();
beforeAll(async () => {
  house = await openMixedHouse(roleSets, { hasOwnFar: true });
  customers = knownOf(house, (index) => sentinelValues("customer", index));
  for (const caller of house.callers) {
    oracles.set(
      caller.name,
      oracleFor({
        roles: caller.roles.map((key) => roles.get(key) as RoleDefinition),
        accountNo: caller.accountNo,
        cells: [house.cells.get("near")?.cellNo as number],
        customers,
      }),
    );
  }
}, 120_000);
afterAll(() => house.close());

const callerOf = (name: string): Caller => house.callers.find((caller) => caller.name === name) as Caller;
const oracleOf = (name: string): Oracle => oracles.get(name) as Oracle;
const names = roleSets.map((set) => set.join("+") || "nothing");
const readers = names.filter((name) => !["executive", "system-administrator", "nothing"].includes(name));

interface Page {
  readonly total: number;
  readonly isComplete: boolean;
  readonly rows: readonly {
    readonly customerNo: number;
    readonly reasons: readonly { field: string; how: string }[];
    readonly values: Readonly<Record<string, unknown>>;
  }[];
}
async function list(caller: Caller, body: object, of = house): Promise<{ status: number; page: Page; reply: Reply }> {
  const reply = await request(of, { method: "POST", url: "/api/customers/views", cookie: caller.cookie, body: { first: 100, ...body } });
  return { status: reply.status, page: reply.body as unknown as Page, reply };
}
const numbersOf = (page: Page): number[] => page.rows.map((row) => row.customerNo);

/** Customers in each relation to the caller: own near and far, a colleague's near and far, nobody's near and far. */
function oneOfEach(caller: Caller): KnownCustomer[] {
  const near = house.cells.get("near")?.cellNo;
  const first = (fits: (customer: KnownCustomer) => boolean): KnownCustomer => customers.find(fits) as KnownCustomer;
  return [true, false].flatMap((isNear) => [
    first((one) => one.ownerNo === caller.accountNo && (one.cellNo === near) === isNear),
    first((one) => one.ownerNo !== null && one.ownerNo !== caller.accountNo && (one.cellNo === near) === isNear),
    first((one) => one.ownerNo === null && (one.cellNo === near) === isNear),
  ]);
}

describe.each(readers)("%s", (name) => {
  test("finds by a value exactly the rows whose right on it allows that way of asking, counts no other, and is told no other reason", async () => {
    const [caller, oracle] = [callerOf(name), oracleOf(name)];
    const wrong: string[] = [];
    let hits = 0;
    for (const customer of oneOfEach(caller)) {
      for (const field of searchableFields) {
        for (const term of waysToAsk(field.type, customer.values[field.key] as string)) {
          const expected = oracle.find(term);
          const { page } = await list(caller, { search: term });
          if (numbersOf(page).join() !== expected.join() || page.total !== expected.length || !page.isComplete) {
            wrong.push(`${field.key} ${term} of ${customer.no}: ${numbersOf(page).join()} (${page.total}) instead of ${expected.join()}`);
          }
          hits += expected.length;
          for (const row of page.rows) {
            const found = customers.find(({ no }) => no === row.customerNo) as KnownCustomer;
            for (const { field: key, how } of row.reasons) {
              const sight = oracle.sightOf(found, customerFields.find((each) => each.key === key) as (typeof customerFields)[number]);
              if (sight !== "whole" && !(sight === "masked" && (how === "exact" || how === "last-four")))
                wrong.push(`${row.customerNo} by ${key} ${how}, which is ${sight}`);
            }
          }
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(hits).toBeGreaterThan(0);
  }, 60_000);

  test("finds by several words at once exactly the rows that answer to each of them", async () => {
    const [caller, oracle] = [callerOf(name), oracleOf(name)];
    const wrong: string[] = [];
    for (const customer of oneOfEach(caller)) {
      const of = (key: string): string => customer.values[key] as string;
      const [surname] = of("fullName").split("　") as [string];
      const searches = [
        `${surname} ${digitsOf(of("mobile")).slice(-4)}`,
        `${surname} 090`,
        `${surname} ${of("mail").slice(1, 7)}`,
        `${of("companyName")} ${of("mail")}`,
        `東京都千代田区 ${surname}`,
        `${of("kana")} ${digitsOf(of("phone")).slice(3, 9)}`,
      ];
      for (const search of searches) {
        const { page } = await list(caller, { search });
        const expected = oracle.find(search);
        if (numbersOf(page).join() !== expected.join() || page.total !== expected.length)
          wrong.push(`${search}: ${numbersOf(page).join()} instead of ${expected.join()}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 60_000);

  test("counts, filters and groups only the rows that it sees", async () => {
    const [caller, oracle] = [callerOf(name), oracleOf(name)];
    const owners = [...new Set(customers.map(({ ownerNo }) => ownerNo))];
    const groups: [object, (customer: KnownCustomer) => boolean][] = [
      [{}, () => true],
      ...owners.map((ownerNo): [object, (customer: KnownCustomer) => boolean] => [{ ownerNo }, (one) => one.ownerNo === ownerNo]),
      ...[...house.cells.values()].map(({ cellNo }): [object, (customer: KnownCustomer) => boolean] => [{ cellNo }, (one) => one.cellNo === cellNo]),
      [{ state: "trashed" }, () => false],
      [{ importNo: 1 }, () => false],
    ];
    for (const [filters, fits] of groups) {
      const { page } = await list(caller, { filters });
      expect([filters, page.total, numbersOf(page)]).toEqual([filters, oracle.visible(fits).length, oracle.visible(fits)]);
    }
    const perCompany = new Map<number, number>();
    for (const companyNo of house.companyIndex.keys()) {
      const { page } = await list(caller, { filters: { companyNo } });
      perCompany.set(companyNo, page.total);
    }
    expect([...perCompany.values()].reduce((sum, count) => sum + count, 0)).toBe(oracle.visible().length);
    const companies = await request(house, { method: "POST", url: "/api/companies/views", cookie: caller.cookie, body: {} });
    for (const { companyNo, customers: count } of (companies.body["rows"] ?? []) as { companyNo: number; customers: number }[]) {
      expect(count).toBe(perCompany.get(companyNo));
    }
  });

  test("counts under each choice of a filter exactly the rows that it sees, and names no choice that only others have", async () => {
    const [caller, oracle] = [callerOf(name), oracleOf(name)];
    const counted = async (by: string, filters: object): Promise<Record<string, number>> => {
      const reply = await request(house, { method: "POST", url: "/api/customers/counts", cookie: caller.cookie, body: { by, filters } });
      return Object.fromEntries((reply.body["choices"] as { choice: string; customers: number }[]).map(({ choice, customers: count }) => [choice, count]));
    };
    const expected = (rows: readonly number[], of: (customer: KnownCustomer) => number | null): Record<string, number> => {
      const counts: Record<string, number> = {};
      for (const no of rows) {
        const choice = String(of(customers.find((customer) => customer.no === no) as KnownCustomer) ?? "none");
        counts[choice] = (counts[choice] ?? 0) + 1;
      }
      return counts;
    };
    const near = house.cells.get("near")?.cellNo as number;
    expect(await counted("owner", {})).toEqual(expected(oracle.visible(), (one) => one.ownerNo));
    expect(await counted("cell", {})).toEqual(expected(oracle.visible(), (one) => one.cellNo));
    expect(await counted("owner", { cellNo: near, ownerNo: 999_999 })).toEqual(
      expected(
        oracle.visible((one) => one.cellNo === near),
        (one) => one.ownerNo,
      ),
    );
    expect(await counted("cell", { ownerNo: null })).toEqual(
      expected(
        oracle.visible((one) => one.ownerNo === null),
        (one) => one.cellNo,
      ),
    );
    expect(Object.values(await counted("company", {})).reduce((sum, count) => sum + count, 0)).toBe(oracle.visible().length);
    expect((await counted("updated", {}))["365"]).toBe(oracle.visible().length);
  });

  test("is given the customers of companies together, and of companies that it may not read an order that says nothing", async () => {
    const [caller, oracle] = [callerOf(name), oracleOf(name)];
    const { page, reply } = await list(caller, { sort: { by: "company", descending: false } });
    expect(numbersOf(page).toSorted((a, b) => a - b)).toEqual(
      oracle
        .visible()
        .toSorted((a, b) => a - b)
        .slice(0, 100),
    );
    const url = `/api/customers/views/${String(reply.body["viewId"])}/groups`;
    const { groups } = (await request(house, { method: "GET", url, cookie: caller.cookie })).body as { groups: { companyNo: number; customers: number }[] };
    expect(groups.reduce((sum, group) => sum + group.customers, 0)).toBe(oracle.visible().length);
    const companies = await request(house, { method: "POST", url: "/api/companies/views", cookie: caller.cookie, body: {} });
    if (companies.status === 403) expect(groups.map((group) => group.companyNo)).toEqual(groups.map((group) => group.companyNo).toSorted((a, b) => a - b));
  });

  test.each(["kana", "companyName"])("is given by %s an order that follows from what is shown to it, from the first row to the last, or none", async (by) => {
    const [caller, oracle] = [callerOf(name), oracleOf(name)];
    for (const descending of [false, true]) {
      for (const search of ["", "東京都千代田区", "090-"]) {
        const { status, page, reply } = await list(caller, { sort: { by, descending }, search });
        const expected = oracle.order(by, descending, search === "" ? oracle.visible() : oracle.find(search));
        if (expected === undefined) {
          expect([status, reply.body["code"], reply.body["facts"]]).toEqual([422, "not-searchable", { field: by }]);
          continue;
        }
        expect(numbersOf(page)).toEqual(expected);
        const last = await request(house, {
          method: "GET",
          url: `/api/customers/views/${String(reply.body["viewId"])}/rows?offset=${Math.max(0, expected.length - 1)}&limit=1`,
          cookie: caller.cookie,
        });
        expect(((last.body["rows"] ?? []) as { customerNo: number }[]).map((row) => row.customerNo)).toEqual(expected.slice(-1));
      }
    }
  });

  test("is shown of each value exactly what its right on that row allows, in lists and in detail", async () => {
    const [caller, oracle] = [callerOf(name), oracleOf(name)];
    const { page } = await list(caller, { columns: customerFields.map((field) => field.key) });
    for (const row of page.rows) {
      const customer = customers.find(({ no }) => no === row.customerNo) as KnownCustomer;
      const detail = await request(house, { method: "GET", url: `/api/customers/${row.customerNo}`, cookie: caller.cookie });
      for (const field of customerFields) {
        const shown = row.values[field.key];
        expect((detail.body["values"] as Record<string, unknown>)[field.key]).toEqual(shown);
        const sight = typeof shown === "string" ? "whole" : (shown as { hidden?: boolean }).hidden === true ? "hidden" : "masked";
        expect(`${row.customerNo} ${field.key} ${sight}`).toBe(`${row.customerNo} ${field.key} ${oracle.sightOf(customer, field)}`);
      }
    }
  });
});

test("the oracle is no rubber stamp: over all accounts values are whole, masked, hidden and unseen, and sorting is granted and refused", () => {
  const sights = new Set(names.flatMap((name) => customers.flatMap((customer) => searchableFields.map((field) => oracleOf(name).sightOf(customer, field)))));
  expect([...sights].toSorted()).toEqual(["hidden", "masked", "unseen", "whole"]);
  expect(new Set(readers.map((name) => oracleOf(name).order("kana", false, []) === undefined)).size).toBe(2);
});

test.each(["executive", "system-administrator", "nothing"])("%s learns not even how many there are", async (name) => {
  for (const body of [{}, { search: customers[0]?.values["mail"] }, { sort: { by: "kana", descending: false } }, { filters: { ownerNo: null } }]) {
    const { reply } = await list(callerOf(name), body);
    expect([reply.status, reply.body["code"]]).toEqual([403, "not-permitted"]);
  }
  for (const by of ["owner", "cell", "company"]) {
    const counts = await request(house, { method: "POST", url: "/api/customers/counts", cookie: callerOf(name).cookie, body: { by, filters: {} } });
    expect([counts.status, counts.body["choices"]]).toEqual([403, undefined]);
  }
});
