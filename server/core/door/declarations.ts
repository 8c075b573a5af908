import type { ListEventsOptions } from "#server/core/ledger/index.ts";
import type { Context } from "./context.ts";

/**
 * What a module destroys of a person when the person is erased (消去, 個人情報保護法35条): rows, tokens, staged copies. Runs
 * in one transaction with all others; the key is destroyed after it. What the ledger says of the person stays, sealed under
 * the key that is gone.
 */
export type Erasure = (context: Context, customerNo: number) => Promise<void>;

/**
 * A kind of cause of an incident, and the question to the ledger that it comes to: which events may have let something out.
 * `no` is the number of the account, customer … that the cause names; times bound it.
 */
export interface Cause {
  readonly kind: string;
  readonly ja: string;
  readonly en: string;
  readonly question: (no: number, from: Date | undefined, to: Date | undefined) => Omit<ListEventsOptions, "limit" | "before">;
}
