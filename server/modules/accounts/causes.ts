import type { Cause } from "#server/core/door/index.ts";

/** A stolen or lent account: everything that it did. */
export const causes: readonly Cause[] = [{ kind: "account", ja: "利用者", en: "Account", question: (accountNo, from, to) => ({ accountNo, from, to }) }];
