import type { ClientConfig } from "pg";
import { createAppender } from "./appender.ts";
import { numberBatches } from "./batch.ts";
import { signingKey } from "./ed25519.ts";
import { encodeEvent, type EncodedEvent } from "./encode.ts";
import { joinEvents, type EventDeclarations, type LedgerEvent } from "./event.ts";
import { batchValues, insertBatchText, parseEventNos } from "./insert-batch.ts";
import { poolRandom } from "./pool-random.ts";
import type { Query } from "./query.ts";
import { createSideLane } from "./side-lane.ts";
import { Problem } from "#shared/problems.ts";

export interface LedgerOptions {
  /** How to reach the database as kuraban_app; the ledger keeps a connection of its own. */
  readonly connection: ClientConfig;
  /** The event types of all modules, as declared by `declareEvents`. */
  readonly events: readonly EventDeclarations[];
  readonly nodeId: string;
  /** Seed (32 bytes) of the node's Ed25519 key; its public key must be registered by `registerNode`. */
  readonly nodeSeed: Buffer;
  readonly now: () => Date;
  readonly random: (bytes: number) => Buffer;
  /** Called after events became durable: wakes the sequencer of the same process. */
  readonly onRecorded?: () => void;
  /** Most events that may wait (10,000 unless told); further ones are refused. */
  readonly maxWaiting?: number;
  /** Most milliseconds that an append may wait for the database before it is refused (3,000 unless told). */
  readonly maxWaitMs?: number;
}

export interface Ledger {
  /**
   * Records an event by itself; resolves when it is durable and signed by the node.
   * @throws Problem `ledger-unavailable` when it cannot be recorded within bounds: then nothing may be released.
   */
  append(event: LedgerEvent): Promise<{ eventNo: number }>;
  /**
   * To be called in the same turn as `append`, when the reply is written out: where the event is of many records and became durable
   * meanwhile, its append is resolved at once. Does nothing for other events.
   */
  hearAtOnce(): void;
  /** Resolves the appends of events of many records that became durable meanwhile, without waiting; whether there were any. */
  hasHeard(): boolean;
  /**
   * Records an event inside the caller's transaction, after the rows it speaks of were written (the order of events on one
   * row must be the order of its writes). It stands or falls with the transaction.
   * @throws Problem `ledger-unavailable` when the database refuses it
   */
  recordIn(query: Query, event: LedgerEvent): Promise<{ eventNo: number }>;
  /** Whether appends are being accepted and made durable right now. */
  isRecording(): boolean;
  /** Whether an append is worth trying: after one in vain, the next that becomes durable is what says that it records again. */
  isConnected(): boolean;
  /** Waits for what is waiting, then closes the connection. */
  close(): Promise<void>;
}

/** Encoding so many records takes longer than handing the event to another thread. */
const recordsAside = 200;
/** So long everything else waits for a large event that is nearly recorded. */
const mostHearingMs = 4;

function countRecords(event: LedgerEvent): number {
  return event.releases.reduce((sum, { numbers }) => sum + numbers.length, 0);
}

/** Opens the ledger for recording; resolves after the first attempt to connect, successful or not (it recovers by itself). */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { nodeId, now } = options;
  const random = poolRandom(options.random);
  const declared = joinEvents(options.events);
  const key = signingKey(options.nodeSeed);
  const onRecorded = options.onRecorded ?? (() => undefined);
  const appender = createAppender({
    connection: options.connection,
    nodeId,
    key,
    now,
    random,
    onRecorded,
    maxWaiting: options.maxWaiting ?? 10_000,
    maxWaitMs: options.maxWaitMs ?? 3_000,
  });

  const sideLane = createSideLane({ ...options, random, onRecorded, maxWaitMs: options.maxWaitMs ?? 3_000 });

  let isLastAside = false;

  const demandDeclared = (event: LedgerEvent): void => {
    if (!declared.has(event.type)) throw new Error(`event type ${event.type} is not declared`);
  };

  const encode = (event: LedgerEvent): EncodedEvent => {
    demandDeclared(event);
    return encodeEvent(event, random);
  };

  await appender.tried;
  return {
    async append(event) {
      isLastAside = countRecords(event) >= recordsAside && sideLane.isReady();
      if (!isLastAside) return appender.append(encode(event));
      demandDeclared(event);
      return sideLane.append(event);
    },
    hearAtOnce() {
      if (isLastAside) sideLane.hear(mostHearingMs);
    },
    hasHeard: () => sideLane.hasHeard(),
    async recordIn(query, event) {
      const at = now();
      const batchNo = numberBatches(at, random(4))();
      const values = batchValues({ batchNo, previous: null, nodeId, at, events: [encode(event)] }, key);
      const { rows } = await query.query(insertBatchText, values).catch((error: unknown) => {
        throw isRefusal(error) ? new Problem("ledger-unavailable") : error;
      });
      return { eventNo: parseEventNos(rows[0], 1)[0]! };
    },
    isRecording: () => appender.isRecording(),
    isConnected: () => appender.isConnected(),
    async close() {
      await Promise.all([appender.close(), sideLane.close()]);
    },
  };
}

/** The database answered, and did not take the event: no right, no space, a lock held too long. A lost connection is not its answer. */
function isRefusal(error: unknown): boolean {
  const code = String((error as { code?: unknown }).code ?? "");
  return ["42", "53", "54", "55", "58"].includes(code.slice(0, 2)) && code.length === 5;
}
