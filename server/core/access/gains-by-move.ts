import { fieldClasses, levels } from "#shared/rights.ts";
import type { Kind } from "#shared/rights.ts";
import { levelOf } from "./compile.ts";
import type { Relation, Rights } from "./compile.ts";

/**
 * Whether a row that comes to stand in relation `to` instead of `from` gives the account more than it had. Owner and cell
 * decide who reads a row, so whoever may write them could otherwise make any visible row their own: a use case that
 * changes them refuses when this is true for the actor.
 */
export function gainsByMove(rights: Rights, kind: Kind, from: Relation, to: Relation): boolean {
  return fieldClasses.some((fieldClass) => {
    const before = levelOf(rights, kind, from, fieldClass);
    const after = levelOf(rights, kind, to, fieldClass);
    return levels.indexOf(after.level) > levels.indexOf(before.level) || (before.masked && !after.masked);
  });
}
