import pg from "pg";
import { Problem } from "#shared/problems.ts";
import { numberBatches } from "./batch.ts";
import type { SigningKey } from "./ed25519.ts";
import type { EncodedEvent } from "./encode.ts";
import { batchValues, insertBatchText, parseEventNos } from "./insert-batch.ts";

/**
 * Group commit: while one batch is in flight, what arrives gathers for the next, so that a batch costs one round trip and
 * one flush however many callers wait. An append is resolved only by the database's answer to the statement that held it;
 * everything else (a lost connection, a time that ran out, a warning about replication) refuses it, although its event may
 * have become durable all the same: the ledger may say more than happened, never less.
 */
export interface AppenderOptions {
  readonly connection: pg.ClientConfig;
  readonly nodeId: string;
  readonly key: SigningKey;
  readonly now: () => Date;
  readonly random: (bytes: number) => Buffer;
  readonly onRecorded: () => void;
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
}

export interface Appender {
  append(event: EncodedEvent): Promise<{ eventNo: number }>;
  isRecording(): boolean;
  /** Resolves after the first attempt to connect. */
  readonly tried: Promise<void>;
  close(): Promise<void>;
}

interface Waiting {
  readonly event: EncodedEvent;
  readonly since: number;
  resolve(recorded: { eventNo: number }): void;
  reject(problem: Problem): void;
}

interface Lane {
  readonly client: pg.Client;
  readonly nextBatchNo: () => Buffer;
  previous: Buffer | null;
  inFlight: Waiting[];
  sentAt: number;
  /** PostgreSQL warns, and answers as if all were well, when a wait for the standby was cancelled: that is no acknowledgement. */
  wasWarned: boolean;
}

const mostInBatch = 512;
/** So many are sent without waiting for the end of the turn: the database works while the next ones are being encoded. */
const fullEnough = 16;
const mostBytesInBatch = 8 * 1024 * 1024;
const retryMs = [50, 100, 200, 400, 800];

export function createAppender(options: AppenderOptions): Appender {
  const { maxWaiting, maxWaitMs } = options;
  let queue: Waiting[] = [];
  let lane: Lane | undefined;
  let isClosed = false;
  let failures = 0;
  let isPumpDue = false;
  let retryTimer: NodeJS.Timeout | undefined;
  let watchTimer: NodeJS.Timeout | undefined;
  let onDrained: (() => void) | undefined;

  const refuse = (waiting: readonly Waiting[]): void => {
    for (const each of waiting) each.reject(new Problem("ledger-unavailable"));
  };

  const drop = (broken: Lane): void => {
    if (lane !== broken) return;
    lane = undefined;
    const lost = broken.inFlight;
    broken.inFlight = [];
    // Not `end`, which would wait politely for a server that does not answer.
    cut(broken.client);
    refuse(lost);
    reconnect();
  };

  const reconnect = (): void => {
    if (isClosed || retryTimer !== undefined) return;
    const delay = retryMs[Math.min(failures, retryMs.length - 1)]!;
    retryTimer = setTimeout(() => {
      retryTimer = undefined;
      void connect();
    }, delay);
  };

  const connect = async (): Promise<void> => {
    const client = new pg.Client({ application_name: "kuraban ledger", keepAlive: true, ...options.connection, connectionTimeoutMillis: maxWaitMs });
    const opened: Lane = {
      client,
      nextBatchNo: numberBatches(options.now(), options.random(4)),
      previous: null,
      inFlight: [],
      sentAt: 0,
      wasWarned: false,
    };
    client.on("error", () => drop(opened));
    client.on("end", () => drop(opened));
    client.on("notice", (notice) => {
      if (notice.code?.startsWith("01")) opened.wasWarned = true;
    });
    try {
      await client.connect();
      const { rows } = await client.query<{ is_replica: boolean }>(
        `select pg_is_in_recovery() as is_replica,
           set_config('synchronous_commit', case when s in ('on', 'remote_apply') then s else 'on' end, false),
           set_config('idle_in_transaction_session_timeout', '5s', false)
         from current_setting('synchronous_commit') s`,
      );
      if (rows[0]?.is_replica !== false) throw new Error("a replica records nothing");
      if (isClosed) throw new Error("closed");
      lane = opened;
      failures = 0;
      pumpSoon();
    } catch {
      failures += 1;
      client.end().catch(() => undefined);
      reconnect();
    }
  };

  const pumpSoon = (): void => {
    if (isPumpDue) return;
    isPumpDue = true;
    // Whoever was woken by the last batch appends again in this turn and still comes into the next.
    setImmediate(() => {
      isPumpDue = false;
      pump();
    });
  };

  const pump = (): void => {
    if (lane === undefined || lane.inFlight.length > 0 || queue.length === 0) return;
    let count = 0;
    let bytes = 0;
    while (count < queue.length && count < mostInBatch && (count === 0 || bytes < mostBytesInBatch)) bytes += sizeOf(queue[count++]!.event);
    const batch = queue.slice(0, count);
    queue = queue.slice(count);
    void send(lane, batch);
  };

  const send = async (sender: Lane, batch: Waiting[]): Promise<void> => {
    sender.inFlight = batch;
    sender.sentAt = performance.now();
    sender.wasWarned = false;
    const batchNo = sender.nextBatchNo();
    const { nodeId, key } = options;
    try {
      const values = batchValues({ batchNo, previous: sender.previous, nodeId, at: options.now(), events: batch.map((each) => each.event) }, key);
      const { rows } = await sender.client.query({ name: "insert-batch", text: insertBatchText, values });
      const eventNos = parseEventNos(rows[0] as Record<string, unknown> | undefined, batch.length);
      if (sender.wasWarned) throw new Error("the database warned");
      if (sender.inFlight !== batch) return;
      sender.inFlight = [];
      sender.previous = batchNo;
      batch.forEach((each, index) => each.resolve({ eventNo: eventNos[index]! }));
      options.onRecorded();
      if (queue.length > 0) pumpSoon();
      else onDrained?.();
    } catch {
      drop(sender);
    }
  };

  const watch = (): void => {
    const now = performance.now();
    if (lane !== undefined && lane.inFlight.length > 0 && now - lane.sentAt > maxWaitMs) drop(lane);
    const firstInTime = queue.findIndex((each) => now - each.since <= maxWaitMs);
    refuse(queue.splice(0, firstInTime < 0 ? queue.length : firstInTime));
    if (queue.length === 0 && (lane === undefined || lane.inFlight.length === 0)) {
      clearInterval(watchTimer);
      watchTimer = undefined;
      onDrained?.();
    }
  };

  const tried = connect();

  return {
    tried,
    append(event) {
      return new Promise((resolve, reject) => {
        // With the database known to be away nobody is kept waiting.
        if (isClosed || queue.length >= maxWaiting || (lane === undefined && failures > 2)) {
          reject(new Problem("ledger-unavailable"));
          return;
        }
        queue.push({ event, since: performance.now(), resolve, reject });
        watchTimer ??= setInterval(watch, Math.max(20, maxWaitMs / 10));
        if (queue.length >= fullEnough) pump();
        else pumpSoon();
      });
    },
    isRecording: () => !isClosed && lane !== undefined,
    async close() {
      isClosed = true;
      if (queue.length > 0 || (lane !== undefined && lane.inFlight.length > 0)) await new Promise<void>((resolve) => (onDrained = resolve));
      clearTimeout(retryTimer);
      clearInterval(watchTimer);
      const last = lane;
      lane = undefined;
      await tried;
      if (last === undefined) return;
      const impatience = setTimeout(() => cut(last.client), maxWaitMs);
      await last.client.end().catch(() => undefined);
      clearTimeout(impatience);
    },
  };
}

function sizeOf(event: EncodedEvent): number {
  return event.header.length + (event.entries?.length ?? 0) + (event.writes?.length ?? 0) + (event.sealed?.length ?? 0);
}

function cut(client: pg.Client): void {
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}
