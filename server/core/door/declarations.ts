import type { Policy } from "#server/core/access/policy.ts";
import type { EventFilter, Query } from "#server/core/ledger/index.ts";
import type { CauseValues, KeyPlace, ScopeProof, ScopeWay } from "#shared/incident-scope.ts";
import type { Context } from "./context.ts";

/**
 * What a module destroys of a person when the person is erased (消去, 個人情報保護法35条): rows, tokens, staged copies. Runs
 * in one transaction with all others; the key is destroyed after it. What the ledger says of the person stays, sealed under
 * the key that is gone.
 */
export type Erasure = (context: Context, customerNo: number) => Promise<void>;

/** What may be kept whatever its term: a person, a list that was taken out, an import with its file and former values. */
export type HeldKind = "customer" | "list" | "import";

/**
 * Which of these must be kept for now, whatever their term and whoever asks (an incident, a lawsuit). Modules declare holds; whatever
 * destroys asks them without knowing them (holds.ts).
 */
export type Hold = (context: Pick<Context, "db">, kind: HeldKind, nos: readonly number[]) => Promise<ReadonlySet<number>>;

/** Events of the ledger: those of the filter; where `fact` is given, only those of which this fact is one of the numbers. */
export interface EventQuestion {
  readonly filter: EventFilter;
  readonly fact?: { readonly key: string; readonly values: readonly number[] } | undefined;
}

/** What is asked of a cause, and of what it may read. Nothing after `asOf` (the number of an event, and its time) is looked at. */
export interface CauseAsked {
  readonly query: Query;
  readonly policy: Policy;
  readonly values: readonly (number | string)[];
  readonly keys: KeyPlace;
  readonly from: Date | undefined;
  readonly to: Date | undefined;
  readonly asOf: { readonly eventNo: number; readonly at: Date };
}

/** What a cause comes to: what it asks of the ledger, and what it reaches beyond it. */
export interface CauseAnswer {
  /** Of whom these released a value in full is confirmed; of whom they showed shapes alone is possible. */
  readonly released: readonly EventQuestion[];
  /** Whom these released, touched or wrote is possible, by the way that is named; with `isReleasing` only whom they released. */
  readonly reached?: readonly { readonly way: ScopeWay; readonly question: EventQuestion; readonly isReleasing?: boolean }[];
  /** Whoever became or was changed by a row of an import of which these events showed rows is possible (`import-file`). */
  readonly throughImports?: readonly EventQuestion[];
  /** Everybody who existed at this time is possible. */
  readonly everybody?: { readonly way: ScopeWay; readonly at: Date } | undefined;
  /** Numbers of customers whom a list from outside names: confirmed. */
  readonly named?: readonly number[];
  /** Types of the events out of which this was worked out: they are held against what was proved (scope). */
  readonly restsOn?: readonly string[];
  /** Nobody by this cause, and why. */
  readonly shut?: ScopeProof;
}

/** A kind of cause of an incident: what of the storehouse was in whose hands, declared by the module that knows. */
export interface Cause {
  readonly kind: string;
  readonly ja: string;
  readonly en: string;
  readonly takes: CauseValues;
  /** Whether it matters where the keys were. */
  readonly asksForKeys?: boolean;
  /** @throws Problem invalid-input {field: "values"} for values that are none of its kind */
  readonly resolve: (asked: CauseAsked) => Promise<CauseAnswer> | CauseAnswer;
}
