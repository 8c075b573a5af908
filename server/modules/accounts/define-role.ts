import type { Context, Draft, Input } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as accounts from "#shared/accounts.ts";
import { makeOrRequest } from "./make-change.ts";
import { holdPolicy } from "./policy-change.ts";

export async function defineRole(context: Context, input: Input<typeof accounts.defineRole>): Promise<Draft<ReplyOf<typeof accounts.defineRole>>> {
  if (input.params.key !== input.body.key) throw new Problem("invalid-input", { field: "key" });
  const held = await holdPolicy(context, "manage-roles");
  return makeOrRequest(context, held, { what: "role-definition", definition: input.body });
}
