import type { Cause } from "#server/core/door/index.ts";

/** A person whose data turned up somewhere: everything that touched them. */
export const causes: readonly Cause[] = [{ kind: "customer", ja: "顧客", en: "Customer", question: (customerNo, from, to) => ({ customerNo, from, to }) }];
