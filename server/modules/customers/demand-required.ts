import { levelOf, relationOf } from "#server/core/access/compile.ts";
import { recordFieldsOf } from "#server/core/access/policy.ts";
import type { Context } from "#server/core/door/index.ts";
import type { Kind } from "#shared/rights.ts";
import { Problem } from "#shared/problems.ts";

/**
 * Refuses values that leave a required field empty which the caller may fill in. Of a new record every one is asked for; of
 * one that exists only those that are being changed: what was missing before keeps nobody from mending something else.
 * @throws Problem invalid-input
 */
export function demandRequired(
  context: Context,
  kind: Kind,
  row: { readonly ownerNo: number | null; readonly cellNo: number | null },
  values: Readonly<Record<string, string | null>>,
  isNew: boolean,
): void {
  const { rights } = context.actor;
  for (const field of recordFieldsOf(context.policy, kind)) {
    if (!field.isRequired || (!isNew && !(field.key in values)) || (values[field.key] ?? "").trim() !== "") {
      continue;
    }
    if (levelOf(rights, kind, relationOf(rights, row), field.class).level === "write") {
      throw new Problem("invalid-input", { field: field.key, reason: "required" });
    }
  }
}
