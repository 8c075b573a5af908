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
  /** The filter of the mark `alike`, as numbers. */
  readonly alike?: readonly number[];
}

/** Numbers of the customers that the caller may be told to be in a pair of likely duplicates. */
export type AlikeNumbers = (context: Context) => Promise<readonly number[]>;

const dayMs = 86_400_000;

export async function resolveFilters(context: Context, filters: AskedFilters, alikeNumbers: AlikeNumbers): Promise<RowFilters> {
  return {
    ...filters,
    ...(filters.updatedWithin === undefined ? {} : { changedSince: new Date(context.now.getTime() - filters.updatedWithin * dayMs) }),
    ...(filters.atHand === "recent" ? { among: await recentCustomers(context) } : {}),
    ...(filters.mark === "alike" ? { alike: await alikeNumbers(context) } : {}),
  };
}
