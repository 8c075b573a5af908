import pg from "pg";
import { numberBatches } from "./batch.ts";
import type { SigningKey } from "./ed25519.ts";
import type { EncodedEvent } from "./encode.ts";
import { batchValues, insertBatchText, parseEventNos } from "./insert-batch.ts";

export interface LaneOptions {
  readonly connection: pg.ClientConfig;
  readonly nodeId: string;
  readonly key: SigningKey;
  readonly now: () => Date;
  readonly random: (bytes: number) => Buffer;
  readonly maxWaitMs: number;
  /** Called whenever the lane becomes free: connected, or its batch answered. */
  readonly onFree: () => void;
}

/**
 * A connection on which batches become durable one after the other: each connection is a run of its own (batch.ts), so
 * however many lanes there are, a batch names the last of its run that was durable when it was sent.
 */
export interface Lane {
  /** Connects unless it did already, then again and again by itself; resolves after the first attempt. */
  open(): Promise<void>;
  isOpen(): boolean;
  /** Open, and nothing in flight. */
  isFree(): boolean;
  isBusy(): boolean;
  /** Whether it was tried several times in vain. */
  isLost(): boolean;
  /** Only when free. Resolves with the numbers of the events by the database's own answer; rejects for everything else. */
  send(events: readonly EncodedEvent[]): Promise<number[]>;
  /** Gives up a batch that waits for too long. `now`: of performance.now(). */
  watch(now: number): void;
  close(): Promise<void>;
}

interface Connected {
  readonly client: pg.Client;
  readonly nextBatchNo: () => Buffer;
  previous: Buffer | null;
  /** Rejects what is in flight. */
  fail: (() => void) | undefined;
  sentAt: number;
  /** PostgreSQL warns, and answers as if all were well, when a wait for the standby was cancelled: that is no acknowledgement. */
  wasWarned: boolean;
}

const retryMs = [50, 100, 200, 400, 800];

export function createLane(options: LaneOptions): Lane {
  const { maxWaitMs, nodeId, key, now, random, onFree } = options;
  let connected: Connected | undefined;
  let isClosed = false;
  let failures = 0;
  let retryTimer: NodeJS.Timeout | undefined;
  let tried: Promise<void> | undefined;

  const drop = (broken: Connected): void => {
    if (connected === broken) {
      connected = undefined;
      // Not `end`, which would wait politely for a server that does not answer.
      cut(broken.client);
      reconnect();
    }
    broken.fail?.();
    broken.fail = undefined;
  };

  const reconnect = (): void => {
    if (isClosed || retryTimer !== undefined) return;
    retryTimer = setTimeout(
      () => {
        retryTimer = undefined;
        void connect();
      },
      retryMs[Math.min(failures, retryMs.length - 1)],
    );
  };

  const connect = async (): Promise<void> => {
    const client = new pg.Client({ application_name: "kuraban ledger", keepAlive: true, ...options.connection, connectionTimeoutMillis: maxWaitMs });
    const opened: Connected = { client, nextBatchNo: numberBatches(now(), random(4)), previous: null, fail: undefined, sentAt: 0, wasWarned: false };
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
      connected = opened;
      failures = 0;
      onFree();
    } catch {
      failures += 1;
      client.end().catch(() => undefined);
      reconnect();
    }
  };

  const insert = async (sender: Connected, events: readonly EncodedEvent[]): Promise<number[]> => {
    sender.sentAt = performance.now();
    sender.wasWarned = false;
    const batchNo = sender.nextBatchNo();
    const values = batchValues({ batchNo, previous: sender.previous, nodeId, at: now(), events }, key);
    const { rows } = await sender.client.query({ name: "insert-batch", text: insertBatchText, values });
    const eventNos = parseEventNos(rows[0] as Record<string, unknown> | undefined, events.length);
    if (sender.wasWarned) throw new Error("the database warned");
    sender.previous = batchNo;
    return eventNos;
  };

  return {
    open: () => (tried ??= connect()),
    isOpen: () => connected !== undefined,
    isFree: () => connected !== undefined && connected.fail === undefined,
    isBusy: () => connected?.fail !== undefined,
    isLost: () => connected === undefined && failures > 2,
    send(events) {
      return new Promise((resolve, reject) => {
        const sender = connected;
        if (sender === undefined || sender.fail !== undefined) throw new Error("the lane is not free");
        const fail = (): void => reject(new Error("the batch was not acknowledged"));
        sender.fail = fail;
        insert(sender, events).then(
          (eventNos) => {
            // An answer that comes after the batch was given up is no acknowledgement any more.
            if (sender.fail !== fail) return;
            sender.fail = undefined;
            resolve(eventNos);
            onFree();
          },
          () => drop(sender),
        );
      });
    },
    watch(at) {
      if (connected?.fail !== undefined && at - connected.sentAt > maxWaitMs) drop(connected);
    },
    async close() {
      isClosed = true;
      clearTimeout(retryTimer);
      const last = connected;
      connected = undefined;
      await tried;
      if (last === undefined) return;
      const impatience = setTimeout(() => cut(last.client), maxWaitMs);
      await last.client.end().catch(() => undefined);
      clearTimeout(impatience);
    },
  };
}

function cut(client: pg.Client): void {
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}
