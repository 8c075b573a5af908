import type { Policy } from "#server/core/access/policy.ts";
import type { Fact } from "#server/core/context/journal.ts";
import type { Context } from "#server/core/door/index.ts";
import type { HeldPolicy } from "./policy-change.ts";

/** The full state of an account's place in the policy, for the event of each change of it. */
export function noteAccountState({ journal }: Context, held: HeldPolicy, accountNo: number): void {
  journal.touched("account", accountNo);
  journal.fact("account", stateOf(held, accountNo));
}

/** As {@link noteAccountState}, for accounts that the change does not speak of and touched all the same. */
export function noteAccountStates({ journal }: Context, held: HeldPolicy, accountNos: readonly number[]): void {
  for (const accountNo of accountNos) journal.touched("account", accountNo);
  journal.fact(
    "accounts",
    accountNos.map((accountNo) => stateOf(held, accountNo)),
  );
}

function stateOf({ policy, states }: HeldPolicy, accountNo: number): Fact {
  return {
    accountNo,
    state: states.get(accountNo) ?? "disabled",
    departmentNo: policy.departmentOf.get(accountNo) ?? null,
    roles: policy.rolesOf.get(accountNo) ?? [],
  };
}

/** The whole tree with its cells, for the event of each change of it. Names are left out: they decide nothing. */
export function noteDepartments({ journal }: Context, policy: Policy): void {
  journal.fact(
    "departments",
    [...policy.departments.values()].map(({ departmentNo, parentNo, cells }) => ({ departmentNo, parentNo, cells })),
  );
}
