import type { Vault } from "#server/core/vault/index.ts";
import type { LedgerEvent, Query } from "#server/core/ledger/index.ts";
import type { Db } from "#server/core/context/db.ts";
import type { Hold } from "./declarations.ts";
import type { ReleasedRecord } from "./field-marks.ts";
import type { Actor } from "#server/core/context/context.ts";

/**
 * A synchronous check before a reply leaves: budgets, holds, step-up. It gets what the reply is about to release and
 * refuses by throwing a Problem. Modules declare their guards; the door calls them without knowing them.
 */
export type Guard = (given: { actor: Actor; now: Date; type: string; purpose: string | undefined; released: readonly ReleasedRecord[] }) => void;

/** The one way by which a personal value leaves, and the one way by which something is recorded. */
export interface Door {
  readonly vault: Vault;
  readonly guards: readonly Guard[];
  /** Durable when it resolves; throws `ledger-unavailable`. */
  readonly append: (event: LedgerEvent) => Promise<void>;
  /** Called when a reply is written out: takes in that its event is durable without waiting for a turn of the event loop. */
  readonly hearAtOnce?: () => void;
  /** Takes in what became durable without waiting for anything; whether anybody's event did. */
  readonly hasHeard?: () => boolean;
  /** Told of each act that was refused because it could not be recorded; they are counted for the event `ledger.gap`. */
  readonly unrecorded?: () => void;
  /** Whether events are being made durable right now: false from a refusal until something has been recorded again. */
  readonly isRecording: () => boolean;
  /** Inserts the event in the transaction of `db`. */
  readonly recordIn: (db: Db, event: LedgerEvent) => Promise<void>;
  /** Looks at the whole storehouse at one moment, for verifying it (with-snapshot.ts). No value of a person is read so. */
  readonly snapshot: <Result>(look: (query: Query) => Promise<Result>) => Promise<Result>;
  /** Folder of this node for files that wait, sealed, to be worked on (staged-file.ts). */
  readonly filesFolder: string;
  /** What modules keep from being destroyed (holds.ts). */
  readonly holds?: () => readonly Hold[];
  /** Counts the ledger by hours, as the login that may write those counts. Absent where nothing is counted. */
  readonly countHours?: (signal?: AbortSignal) => Promise<void>;
  /** Where old months of the ledger go: the folder of this node, and how their rows are taken away once a file is bound. */
  readonly ledgerFiles?: { readonly folder: string; readonly clear: (archiveNo: number) => Promise<number> };
  /** Ed25519 public keys (32 bytes) of the ledger's epochs, from the keys folder: what a verification trusts. */
  readonly checkpointKeys: readonly Buffer[];
  /** Signs a statement (Ed25519) by the key of the current epoch: bytes that begin with a heading of their own. */
  readonly signStatement: (message: Buffer) => Buffer;
}
