import type { Query, ServedCheckpoint } from "#server/core/ledger/index.ts";
import type { OutletProblem, OutletSettings } from "#shared/proofs.ts";
import type { OutletRow } from "./outlet-records.ts";
import type { TimeStamp } from "./time-stamp.ts";

/** What came of sending a checkpoint to a place. `seen`: the size of the tree that a witness who refuses knows. */
export type Sent =
  | { readonly state: "ok"; readonly checkpoint: ServedCheckpoint; readonly stamp?: TimeStamp }
  | { readonly state: "failing"; readonly problem: OutletProblem }
  | { readonly state: "refused"; readonly problem: OutletProblem; readonly seen: number | null };

export interface Sending<Kind extends OutletSettings["kind"]> {
  readonly row: OutletRow;
  readonly settings: Extract<OutletSettings, { kind: Kind }>;
  /** The newest one. */
  readonly checkpoint: ServedCheckpoint;
  readonly query: Query;
  readonly signal: AbortSignal;
  readonly now: () => Date;
}
