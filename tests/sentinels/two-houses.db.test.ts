import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSearchKey } from "#server/core/vault/search-key.ts";
import { sentinelValues } from "#server/modules/sample/index.ts";
import type { RoleDefinition } from "#shared/rights.ts";
import { customerFields, oracleFor, searchableFields, type KnownCustomer, type Oracle } from "../support/read-oracle.ts";
import { request } from "../support/request.ts";
import type { SeededHouse } from "../support/seeded-house.ts";
import { digitsOf, knownOf, openMixedHouse, roles, waysToAsk } from "./mixed-house.ts";

/**
 * Two houses that differ in nothing that the caller may read: other values where it sees none (or no row at all), other
 * values of the same shape where it sees a mask. Asked the same, they must answer the same bytes. Both have one search key:
 * tokens of 12 bits are shared by chance, under two keys each house by its own, and the total of an unfinished search tells.
 */
describe.each(["sales", "sales+privacy-officer", "office+privacy-officer", "own-only+veiled"])("two houses that look the same to %s", (name) => {
  const pair: SeededHouse[] = [];
  const set = name.split("+");
  const many = 70;
  const searchKey = openSearchKey(1, randomBytes(32));
  beforeAll(async () => {
    // A look at one house tells where rows stand, before the values of the other are chosen.
    for (const isOther of [false, true]) {
      let oracle: Oracle | undefined;
      const values = (index: number, place: { ownerNo: number | null; isFar: boolean }): Record<string, string | null> => {
        oracle ??= oracleFor({ roles: set.map((key) => roles.get(key) as RoleDefinition), accountNo: 1, cells: [1], customers: [] });
        return valuesIn(isOther, oracle, index, { no: 0, ownerNo: place.ownerNo, cellNo: place.isFar ? 2 : 1, values: {} });
      };
      pair.push(await openMixedHouse([set, ["sales"]], { unowned: many, far: many, hasOwnFar: true, valuesOf: values }, searchKey));
    }
  }, 120_000);
  afterAll(async () => {
    for (const each of pair.splice(0)) await each.close();
    searchKey.close();
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
  }, 240_000);
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
