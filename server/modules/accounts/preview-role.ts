import { visibleScope } from "#server/core/access/compile.ts";
import { rightsOf, type Policy } from "#server/core/access/policy.ts";
import type { Context, Draft, Input } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as accounts from "#shared/accounts.ts";
import { policyAfter } from "./change.ts";
import { weigh } from "./consent-rules.ts";

/** Customers that a group of accounts reaches together: all, or those in these cells and of these owners. */
export interface Reach {
  readonly all: boolean;
  readonly cells: readonly number[];
  readonly owners: readonly number[];
}

/** How many customers a reach holds. Declared by the module that keeps them; it shows nobody anything but the number. */
export type CountReach = (context: Context, reach: Reach) => Promise<number>;

/** The effect of a role as it would be defined, for all who hold it, in people (product.md A4). */
export function previewRole(countReach: CountReach) {
  return async (context: Context, input: Input<typeof accounts.previewRole>): Promise<Draft<ReplyOf<typeof accounts.previewRole>>> => {
    if (input.params.key !== input.body.key) throw new Problem("invalid-input", { field: "key" });
    const { policy, journal } = context;
    const asked = { what: "role-definition", definition: input.body } as const;
    const holders = [...policy.rolesOf].filter(([, roles]) => roles.includes(input.body.key)).map(([accountNo]) => accountNo);
    journal.fact("roleKey", input.body.key);
    return {
      staff: holders.length,
      customersBefore: await countReach(context, reachOf(policy, holders)),
      customersAfter: await countReach(context, reachOf(policyAfter(policy, asked), holders)),
      addsPersonal: weigh(policy, asked).needsConsent,
    };
  };
}

export function reachOf(policy: Policy, accountNos: readonly number[]): Reach {
  const cells = new Set<number>();
  const owners = new Set<number>();
  let all = false;
  for (const accountNo of accountNos) {
    const rights = rightsOf(policy, accountNo);
    const scope = visibleScope(rights, "customer");
    all ||= scope.all;
    if (scope.cells) for (const cell of rights.cells) cells.add(cell);
    if (scope.own) owners.add(accountNo);
  }
  return { all, cells: [...cells], owners: [...owners] };
}
