import type { Context as CoreContext } from "#server/core/context/context.ts";
import type { Door } from "./door.ts";

/** The context of a use case: who, when, the transaction, the journal, and the door. */
export interface Context extends CoreContext {
  readonly door: Door;
}
