import { levelOf, type Relation, type Rights } from "#server/core/access/compile.ts";
import { fieldOf } from "#server/core/access/policy.ts";
import type { Context } from "#server/core/door/index.ts";
import { fieldClasses } from "#shared/rights.ts";

/** Whether something of a customer who stands in this relation may be written: what moving or trashing asks for. */
export function mayWriteSome(rights: Rights, relation: Relation): boolean {
  return fieldClasses.some((name) => levelOf(rights, "customer", relation, name).level === "write");
}

/** Whether each of the fields of a customer who stands in this relation may be written. */
export function mayWriteFields({ policy, actor }: Pick<Context, "policy" | "actor">, relation: Relation, keys: readonly string[]): boolean {
  return keys.every((key) => {
    const field = fieldOf(policy, "customer", key);
    return field !== undefined && levelOf(actor.rights, "customer", relation, field.class).level === "write";
  });
}
