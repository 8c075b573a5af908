import { expect, test } from "vitest";
import type { Policy } from "#server/core/access/policy.ts";
import { membersUnder, spansOf } from "./members-of-then.ts";
import { replayPolicies } from "./policy-of-then.ts";

const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 0, minute));
const policy = (since: number | null, until: number | null, holders: readonly number[]) => ({
  since: since === null ? null : at(since),
  until: until === null ? null : at(until),
  rolesOf: new Map([1, 2].map((no) => [no, holders.includes(no) ? ["sales"] : []])),
  departmentOf: new Map<number, number | null>([
    [1, 1],
    [2, 2],
    [3, 3],
    [4, null],
    [9, 9],
  ]),
  departments: new Map(
    (
      [
        [1, null],
        [2, 1],
        [3, 2],
      ] as const
    ).map(([departmentNo, parentNo]) => [departmentNo, { departmentNo, parentNo, cells: [] }]),
  ),
});
const policies = [policy(null, 0, []), policy(0, 10, [1]), policy(10, 20, [1]), policy(20, 30, [1, 2]), policy(30, null, [2])];
const sales = { roles: ["sales"] };

test("whoever held a role is asked about for as long as it was held, from one change to the next", () => {
  expect(spansOf(policies, sales, { from: undefined, to: undefined })).toEqual([
    { accountNos: [1], from: at(0), to: at(20) },
    { accountNos: [1, 2], from: at(20), to: at(30) },
    { accountNos: [2], from: at(30), to: undefined },
  ]);
  expect(spansOf(policies, sales, { from: at(25), to: at(40) })).toEqual([
    { accountNos: [1, 2], from: at(25), to: at(30) },
    { accountNos: [2], from: at(30), to: at(40) },
  ]);
  expect(spansOf(policies, { roles: ["office"] }, { from: undefined, to: undefined })).toEqual([]);
  // Of whom the ledger never spoke: as far back as anybody knows.
  expect(spansOf([policy(null, null, [2])], sales, { from: undefined, to: at(5) })).toEqual([{ accountNos: [2], from: undefined, to: at(5) }]);
});

test("a department holds whoever is below it in the tree of the time", () => {
  expect(membersUnder(policies[0]!, { departmentNos: [2] })).toEqual([2, 3]);
  expect(membersUnder(policies[0]!, { departmentNos: [1] })).toEqual([1, 2, 3]);
});

test("where a clock was set back, whoever was a member on either side of it is asked about over both", () => {
  const account = (roles: readonly string[]) => ({ account: { accountNo: 1, state: "active", departmentNo: null, roles } });
  const change = (version: number, minute: number, roles: readonly string[]) => ({ at: at(minute), policy_version: version, facts: account(roles) });
  const now = { version: 3, roles: new Map(), rolesOf: new Map(), departmentOf: new Map(), departments: new Map() } as unknown as Policy;
  // Held from minute 40 on; the clock went back to 10, and there it was taken away.
  const { policies } = replayPolicies([change(1, 0, []), change(2, 40, ["sales"]), change(3, 10, [])], now, new Date(0), at(60));
  expect(spansOf(policies, sales, { from: undefined, to: undefined })).toEqual([{ accountNos: [1], from: at(10), to: at(40) }]);
  expect(replayPolicies([change(1, 40, ["sales"]), change(2, 10, ["sales"])], now, at(12), at(12)).policies.map(({ version }) => version)).toEqual([2]);
});
