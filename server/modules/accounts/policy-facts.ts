import type { Policy } from "#server/core/access/policy.ts";
import type { Context } from "#server/core/door/index.ts";
import type { HeldPolicy } from "./policy-change.ts";

/** The full state of an account's place in the policy, for the event of each change of it. */
export function noteAccountState({ journal }: Context, { policy, states }: HeldPolicy, accountNo: number): void {
  journal.touched("account", accountNo);
  journal.fact("account", {
    accountNo,
    state: states.get(accountNo) ?? "disabled",
    departmentNo: policy.departmentOf.get(accountNo) ?? null,
    roles: policy.rolesOf.get(accountNo) ?? [],
  });
}

/** The whole tree with its cells, for the event of each change of it. Names are left out: they decide nothing. */
export function noteDepartments({ journal }: Context, policy: Policy): void {
  journal.fact(
    "departments",
    [...policy.departments.values()].map(({ departmentNo, parentNo, cells }) => ({ departmentNo, parentNo, cells })),
  );
}
