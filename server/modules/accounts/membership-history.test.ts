import { expect, test } from "vitest";
import { isWithin, spansOf, type Era } from "./membership-history.ts";

const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 0, minute));
const era = (from: number, to: number | undefined, holders: readonly number[]): Era => ({
  from: at(from),
  to: to === undefined ? undefined : at(to),
  accounts: new Map([1, 2].map((no) => [no, { departmentNo: no, roles: holders.includes(no) ? ["sales"] : [] }])),
  parents: new Map([
    [1, null],
    [2, 1],
    [3, 2],
  ]),
});
const eras = [era(0, 10, [1]), era(10, 20, [1]), era(20, 30, [1, 2]), era(30, undefined, [2])];
const holds = ({ roles }: { readonly roles: readonly string[] }): boolean => roles.includes("sales");

test("whoever held a role is asked about for as long as it was held, from one change to the next", () => {
  expect(spansOf(eras, holds, { from: undefined, to: undefined })).toEqual([
    { accountNos: [1], from: at(0), to: at(20) },
    { accountNos: [1, 2], from: at(20), to: at(30) },
    { accountNos: [2], from: at(30), to: undefined },
  ]);
  expect(spansOf(eras, holds, { from: at(25), to: at(40) })).toEqual([
    { accountNos: [1, 2], from: at(25), to: at(30) },
    { accountNos: [2], from: at(30), to: at(40) },
  ]);
  expect(spansOf(eras, () => false, { from: undefined, to: undefined })).toEqual([]);
});

test("a department holds whoever is below it in the tree of the time", () => {
  const { parents } = eras[0]!;
  expect([1, 2, 3, null, 9].map((no) => isWithin(parents, no, new Set([2])))).toEqual([false, true, true, false, false]);
});
