import { hasVerb } from "#server/core/access/compile.ts";
import { heldAmong, type Context } from "#server/core/door/index.ts";

/**
 * Who of these is kept for now, for those whose acts a hold stops: whoever answers persons, deletes or keeps evidence. Nobody else
 * is told, because a hold may say of whom something is being looked into.
 */
export async function heldInSight(context: Context, customerNos: readonly number[]): Promise<ReadonlySet<number>> {
  const { rights } = context.actor;
  const isStopped = hasVerb(rights, "answer-person") || hasVerb(rights, "delete") || hasVerb(rights, "keep-evidence");
  return isStopped ? heldAmong(context, "customer", customerNos) : new Set();
}
