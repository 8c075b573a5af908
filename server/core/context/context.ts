import type { Rights } from "#server/core/access/compile.ts";
import type { Policy } from "#server/core/access/policy.ts";
import type { Journal } from "./journal.ts";
import type { Db } from "./db.ts";

/** Who acts. `anyone` is a caller before sign-in; `system` the product's own background work; `console` the command line. */
export type Actor =
  | { readonly principal: "account"; readonly accountNo: number; readonly sessionId: string; readonly rights: Rights; readonly cells: readonly number[] }
  | {
      readonly principal: "system" | "console" | "anyone";
      readonly accountNo: null;
      readonly sessionId: null;
      readonly rights: Rights;
      readonly cells: readonly number[];
    };

/**
 * The first parameter of every use case. `db` is already inside the transaction of the request, with the settings that
 * row-level security reads. `journal` collects what the act's one event will say.
 */
export interface Context {
  readonly actor: Actor;
  readonly policy: Policy;
  /** What is in force over the whole storehouse (door/in-force.ts). */
  readonly inForce: number;
  readonly db: Db;
  readonly journal: Journal;
  readonly now: Date;
  readonly requestId: string;
  readonly address: string;
  readonly device: string;
}
