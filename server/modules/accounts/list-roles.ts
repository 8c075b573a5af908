import type { Context, Draft } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as accounts from "#shared/accounts.ts";

export async function listRoles({ policy }: Context): Promise<Draft<ReplyOf<typeof accounts.listRoles>>> {
  return {
    policyVersion: policy.version,
    roles: [...policy.roles.values()].map((role) => ({ ...role, isShipped: policy.shippedRoles.has(role.key) })),
  };
}
