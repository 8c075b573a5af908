import type { Context } from "#server/core/door/index.ts";
import type { viewFilters } from "#shared/customers.ts";
import type { z } from "zod";
import { recentCustomers } from "./recent-customers.ts";

export type AskedFilters = z.output<typeof viewFilters>;

/** Filters with what depends on the hour and on the caller put in. */
export interface RowFilters extends AskedFilters {
  readonly changedSince?: Date;
  /** Only these, the first one first where a list is in the order of numbers. */
  readonly among?: readonly number[];
}

const dayMs = 86_400_000;

export async function resolveFilters(context: Context, filters: AskedFilters): Promise<RowFilters> {
  return {
    ...filters,
    ...(filters.updatedWithin === undefined ? {} : { changedSince: new Date(context.now.getTime() - filters.updatedWithin * dayMs) }),
    ...(filters.atHand === "recent" ? { among: await recentCustomers(context) } : {}),
  };
}
