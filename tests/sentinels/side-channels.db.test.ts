import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shippedRoles } from "#server/core/access/shipped-roles.ts";
import { sentinelValues } from "#server/modules/sample/index.ts";
import type { Grant, RoleDefinition } from "#shared/rights.ts";
import { openHouse } from "../support/open-house.ts";
import { customerFields, oracleFor, searchableFields, type KnownCustomer, type Oracle } from "../support/read-oracle.ts";
import { request, type Reply } from "../support/request.ts";
import { seedStorehouse, type Caller } from "../support/seed-storehouse.ts";
import type { SeededHouse } from "../support/seeded-house.ts";

/**
 * Sorting, counting, grouping, filtering, the first and last of a page and hit reasons reveal nothing of what one may not
 * read, row by row, for accounts with one role, with two, and with roles that read some classes here and others there.
 */
const grantOf = (scope: Grant["scope"], levels: Partial<Grant["levels"]>, masked: Grant["masked"] = []): Grant => ({
  kind: "customer",
  scope,
  levels: { open: "none", internal: "none", personal: "none", sensitive: "none", ...levels },
  masked,
});
const roleOf = (key: string, ...grants: Grant[]): RoleDefinition => ({ key, labelJa: key, labelEn: key, grants, verbs: ["reveal"], purposes: ["inquiry"] });
const mixedRoles: readonly RoleDefinition[] = [
  roleOf("front", grantOf("all", { open: "read", internal: "read" }), grantOf("own", { personal: "read" })),
  roleOf("veiled", grantOf("all", { personal: "read" }, ["personal"])),
  roleOf("near-clear", grantOf("department", { personal: "read" }), grantOf("all", { personal: "read", internal: "read" }, ["personal"])),
  roleOf("own-only", grantOf("own", { internal: "read", personal: "read", sensitive: "read" })),
];
const roles = new Map([...shippedRoles, ...mixedRoles].map((role) => [role.key, role]));
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

async function openMixedHouse(...[sets, seeding]: [Parameters<typeof seedStorehouse>[1], Parameters<typeof seedStorehouse>[2]]): Promise<SeededHouse> {
  const bare = await openHouse();
  await bare.database.owner.query("insert into roles (role_key, definition) select r->>'key', r from jsonb_array_elements($1::jsonb) r", [
    JSON.stringify(mixedRoles),
  ]);
  await bare.database.owner.query("update organisation set policy_version = policy_version + 1");
  return { ...bare, ...(await seedStorehouse(bare.open.storehouse, sets, seeding)) };
}

const knownOf = (of: SeededHouse, valuesOf: (index: number) => Readonly<Record<string, string | null>>): KnownCustomer[] =>
  of.customerNos.map((no) => ({
    no,
    ownerNo: of.ownerOf.get(no) ?? null,
    cellNo: of.cellOf.get(no) as number,
    values: valuesOf(of.customerIndex.get(no) as number),
  }));

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

const digitsOf = (value: string): string => value.replaceAll(/\D/g, "");

/** Every way of asking for a value: whole, by its beginning, by its inside, by its last four. */
function waysToAsk(type: string, value: string): string[] {
  const core = value
    .replace("株式会社", "")
    .replace("東京都千代田区", "")
    .replace(/　.*/u, "")
    .replace(/町1-2-3$/, "")
    .replace(/@.*/, "");
  switch (type) {
    case "phone":
      return [value, digitsOf(value), digitsOf(value).slice(0, 6), digitsOf(value).slice(3, 9), digitsOf(value).slice(-4), digitsOf(value).slice(-5)];
    case "code":
      return [value, value.slice(0, 5), value.slice(2, 8)];
    default:
      return [value, core, core.slice(0, 2), core.slice(1, 5), core.slice(0, 1)].filter((term) => term.length > 1 || /\p{Script=Han}/u.test(term));
  }
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

/**
 * Two houses that differ in nothing that the caller may read: other values where it sees none (or no row at all), other
 * values of the same shape where it sees a mask. Asked the same, they must answer the same bytes.
 */
describe.each(["sales", "sales+privacy-officer", "office+privacy-officer", "own-only+veiled"])("two houses that look the same to %s", (name) => {
  const pair: SeededHouse[] = [];
  const set = name.split("+");
  const many = 70;
  beforeAll(async () => {
    // A look at one house tells where rows stand, before the values of the other are chosen.
    for (const isOther of [false, true]) {
      let oracle: Oracle | undefined;
      const values = (index: number, place: { ownerNo: number | null; isFar: boolean }): Record<string, string | null> => {
        oracle ??= oracleFor({ roles: set.map((key) => roles.get(key) as RoleDefinition), accountNo: 1, cells: [1], customers: [] });
        return valuesIn(isOther, oracle, index, { no: 0, ownerNo: place.ownerNo, cellNo: place.isFar ? 2 : 1, values: {} });
      };
      pair.push(await openMixedHouse([set, ["sales"]], { unowned: many, far: many, hasOwnFar: true, valuesOf: values }));
    }
  }, 120_000);
  afterAll(async () => {
    for (const each of pair.splice(0)) await each.close();
  });

  test("answer the same to every list, order, filter, search, page, detail and refused change", async () => {
    const [one, other] = pair as [SeededHouse, SeededHouse];
    for (const each of pair) {
      expect([each.callers[0]?.accountNo, each.cells.get("near")?.cellNo, each.cells.get("far")?.cellNo]).toEqual([1, 1, 2]);
    }
    const oracle = oracleFor({ roles: set.map((key) => roles.get(key) as RoleDefinition), accountNo: 1, cells: [1], customers: [] });
    const known = knownOf(one, (index) => valuesIn(false, oracle, index, placeOf(one, one.customerNos[index] as number)));
    const knownOther = knownOf(other, (index) => valuesIn(true, oracle, index, placeOf(other, other.customerNos[index] as number)));
    const samples = [...new Map(known.map((customer) => [`${customer.ownerNo} ${customer.cellNo}`, customer])).values()].slice(0, 5);
    const asked: { method: string; url: string; body?: object }[] = [];
    const ask = (body: object): void => void asked.push({ method: "POST", url: "/api/customers/views", body });
    for (const by of ["number", "kana", "companyName", "updatedAt"]) {
      for (const descending of [false, true]) ask({ sort: { by, descending }, first: 100, columns: customerFields.map((field) => field.key) });
    }
    for (const filters of [{ ownerNo: 1 }, { ownerNo: 2 }, { ownerNo: null }, { cellNo: 1 }, { cellNo: 2 }, { companyNo: 1 }, { state: "trashed" }])
      ask({ filters });
    for (const by of ["owner", "cell", "company", "import", "state", "updated"])
      asked.push({ method: "POST", url: "/api/customers/counts", body: { by, filters: {} } });
    for (const descending of [false, true]) ask({ sort: { by: "company", descending }, first: 100 });
    for (const { no } of samples) {
      const [first, second] = [known, knownOther].map((all) => all.find((customer) => customer.no === no) as KnownCustomer) as [KnownCustomer, KnownCustomer];
      for (const field of searchableFields) {
        const isMasked = oracle.sightOf(first, field) === "masked";
        for (const value of new Set([first, second].map((customer) => customer.values[field.key] as string))) {
          for (const term of waysToAsk(field.type, value)) {
            // A masked value may be confirmed by who knows the whole of it: there the houses differ, and may say so.
            if (isMasked && (term === value || term === digitsOf(value))) continue;
            ask({ search: term, first: 0 });
            ask({ search: `東京都 ${term}`, first: 1, sort: { by: "updatedAt", descending: true } });
          }
        }
      }
      asked.push({ method: "GET", url: `/api/customers/${no}` }, { method: "GET", url: `/api/customers/${no}/history` });
      const hidden = customerFields.filter((field) => oracle.sightOf(first, field) === "hidden").map((field) => field.key);
      if (hidden.length > 0) asked.push({ method: "POST", url: `/api/customers/${no}/reveal`, body: { fields: hidden, purpose: "inquiry" } });
      for (const field of customerFields.filter((each) => oracle.sightOf(first, each) !== "whole")) {
        for (const customer of [first, second])
          asked.push({ method: "PATCH", url: `/api/customers/${no}`, body: { version: 1, values: { [field.key]: customer.values[field.key] } } });
      }
    }
    // Words that a hundred rows hold in one house and none in the other.
    for (const term of ["zqcrowd", "crowd", "5555", "0901", "鼇鼇", "鼇鼇鼇"]) {
      for (const first of [0, 1, 50, 100]) ask({ search: term, first });
    }
    const differences: string[] = [];
    let answers = 0;
    for (const each of asked) {
      const replies = await Promise.all(pair.map((where) => request(where, { ...each, cookie: where.callers[0]?.cookie })));
      const [a, b] = replies.map(({ bytes }) => withoutChance(bytes.toString("utf8"))) as [string, string];
      if (a !== b) differences.push(`${each.method} ${each.url} ${JSON.stringify(each.body)}\n  ${a.slice(-300)}\n  ${b.slice(-300)}`);
      answers += replies[0]?.status === 200 ? 1 : 0;
    }
    expect(differences.slice(0, 5)).toEqual([]);
    expect(answers).toBeGreaterThan(100);
    // The houses do differ, in what this caller does not see.
    expect(known.filter((customer, at) => JSON.stringify(customer.values) !== JSON.stringify(knownOther[at]?.values)).length).toBeGreaterThan(many);
  }, 120_000);
});

function placeOf(of: SeededHouse, no: number): KnownCustomer {
  return { no, ownerNo: of.ownerOf.get(no) ?? null, cellNo: of.cellOf.get(no) as number, values: {} };
}

/** Random identifiers and the hour are left out, nothing else. */
function withoutChance(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<id>")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>")
    .replaceAll(/"(?:date|x-ratelimit-[a-z]+)":(?:"[^"]*"|\d+)/g, "");
}

/** The values of a customer in one of two houses: they differ where the caller sees nothing, or a mask. */
function valuesIn(isOther: boolean, oracle: Oracle, index: number, place: KnownCustomer): Record<string, string | null> {
  const first: Record<string, string | null> = { ...sentinelValues("customer", index) };
  // In one house many rows share a word; whoever sees such a value in full sees it in both.
  first["mail"] = `zqcrowd${index}x@sentinel.example`;
  first["mobile"] = `090-1${String(index).padStart(3, "0")}-5555`;
  first["address"] = `東京都千代田区鼇鼇鼇${first["address"]?.slice(7)}`;
  if (!isOther) return first;
  const values = { ...first };
  for (const field of customerFields) {
    const sight = oracle.sightOf(place, field);
    const value = first[field.key];
    if (sight === "whole" || value === null || value === undefined) continue;
    if (sight === "masked") values[field.key] = sameShape(field.type, value, index);
    else values[field.key] = index % 7 === 0 && !field.searchable ? null : (sentinelValues("customer", index + 1000)[field.key] as string);
  }
  return values;
}

/** Another value that looks the same when masked. */
function sameShape(type: string, value: string, index: number): string {
  switch (type) {
    case "mail":
      return `zother${index}y@sentinel.example`;
    case "phone":
      return value.replace(/-(\d{4})-/, (_, digits: string) => `-${String((Number(digits) + 3_333) % 10_000).padStart(4, "0")}-`);
    case "address":
      return `東京都千代田区${sentinelValues("customer", index + 2000)["section"]}町1-2-3`;
    default:
      return sentinelValues("customer", index + 2000)[
        type === "text" ? "bankAccount" : type === "notes" ? "considerations" : type === "date" ? "birthDate" : type === "postal" ? "postalCode" : "gender"
      ] as string;
  }
}
