import type { Context } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import type { AlikeNumbers } from "./list/resolve-filters.ts";
import { createViewCache } from "./view-cache.ts";
import { viewFor } from "./view-rows.ts";

/**
 * Whom an opened list of the caller's finds at this moment, for a module that acts on all of it; in no order.
 * @throws Problem not-found; invalid-input {most} when there are more
 */
export async function numbersOfView(context: Context, viewId: string, given: { most: number; alikeNumbers: AlikeNumbers }): Promise<readonly number[]> {
  const { numbers } = await viewFor(context, viewId, createViewCache(undefined, given.alikeNumbers), given.most + 1);
  if (numbers.length > given.most) {
    throw new Problem("invalid-input", { field: "viewId", most: given.most });
  }
  return [...numbers];
}
