import { Problem } from "#shared/problems.ts";
import type { EncodedEvent } from "./encode.ts";
import { createLane, type Lane, type LaneOptions } from "./lane.ts";

/**
 * Group commit: while a batch is in flight, what arrives gathers for the next, so that a batch costs one round trip and
 * one flush however many callers wait. Where many wait, a second batch goes out on a second connection: the next ones are
 * encoded and signed while the database works. An append is resolved only by the database's answer to the statement that
 * held it; everything else (a lost connection, a time that ran out, a warning about replication) refuses it, although its
 * event may have become durable all the same: the ledger may say more than happened, never less.
 */
export interface AppenderOptions extends Omit<LaneOptions, "onFree"> {
  readonly onRecorded: () => void;
  readonly maxWaiting: number;
}

export interface Appender {
  append(event: EncodedEvent): Promise<{ eventNo: number }>;
  /** Connected, and what was sent last became durable. */
  isRecording(): boolean;
  /** Connected: an append is worth trying. */
  isConnected(): boolean;
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

const mostInBatch = 512;
/** So many are sent without waiting for the end of the turn, and are worth a second lane. */
const fullEnough = 32;
/** An event of so many bytes goes out at once: whoever made it has a long reply to write meanwhile. */
const largeEnough = 1024;
const mostBytesInBatch = 8 * 1024 * 1024;

export function createAppender(options: AppenderOptions): Appender {
  const { maxWaiting, maxWaitMs } = options;
  let queue: Waiting[] = [];
  let isClosed = false;
  let isPumpDue = false;
  let watchTimer: NodeJS.Timeout | undefined;
  let onDrained: (() => void) | undefined;
  let isInVain = false;

  const refuse = (waiting: readonly Waiting[]): void => {
    if (waiting.length > 0) isInVain = true;
    for (const each of waiting) each.reject(new Problem("ledger-unavailable"));
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
    while (queue.length > 0) {
      if (queue.length < fullEnough && lanes.some((lane) => lane.isBusy())) return;
      const at = lanes.findIndex((lane) => lane.isFree());
      if (at < 0) {
        if (queue.length >= fullEnough) for (const lane of lanes) void lane.open();
        return;
      }
      // In turn: what a lane sent last is vouched for by what it sends next, and should not wait long for that.
      const [lane] = lanes.splice(at, 1) as [Lane];
      lanes.push(lane);
      void send(lane, takeBatch());
    }
  };

  const takeBatch = (): Waiting[] => {
    let count = 0;
    let bytes = 0;
    while (count < queue.length && count < mostInBatch && (count === 0 || bytes < mostBytesInBatch)) bytes += sizeOf(queue[count++]!.event);
    const batch = queue.slice(0, count);
    queue = queue.slice(count);
    return batch;
  };

  const send = async (lane: Lane, batch: Waiting[]): Promise<void> => {
    try {
      const eventNos = await lane.send(batch.map((each) => each.event));
      isInVain = false;
      batch.forEach((each, index) => each.resolve({ eventNo: eventNos[index]! }));
      options.onRecorded();
    } catch {
      refuse(batch);
    }
    if (isIdle()) onDrained?.();
  };

  const isIdle = (): boolean => queue.length === 0 && !lanes.some((lane) => lane.isBusy());

  const isConnected = (): boolean => !isClosed && lanes.some((lane) => lane.isOpen());

  const watch = (): void => {
    const now = performance.now();
    for (const lane of lanes) lane.watch(now);
    const firstInTime = queue.findIndex((each) => now - each.since <= maxWaitMs);
    refuse(queue.splice(0, firstInTime < 0 ? queue.length : firstInTime));
    if (isIdle()) {
      clearInterval(watchTimer);
      watchTimer = undefined;
      onDrained?.();
    }
  };

  const laneOptions: LaneOptions = { ...options, onFree: pumpSoon };
  const first = createLane(laneOptions);
  const lanes = [first, createLane(laneOptions)];
  const tried = first.open();

  return {
    tried,
    append(event) {
      return new Promise((resolve, reject) => {
        // With the database known to be away nobody is kept waiting.
        if (isClosed || queue.length >= maxWaiting || (first.isLost() && !lanes.some((lane) => lane.isOpen()))) {
          reject(new Problem("ledger-unavailable"));
          return;
        }
        queue.push({ event, since: performance.now(), resolve, reject });
        watchTimer ??= setInterval(watch, Math.max(20, maxWaitMs / 10));
        if (queue.length >= fullEnough || sizeOf(event) >= largeEnough) pump();
        else pumpSoon();
      });
    },
    isRecording: () => isConnected() && !isInVain,
    isConnected,
    async close() {
      isClosed = true;
      if (!isIdle()) await new Promise<void>((resolve) => (onDrained = resolve));
      clearInterval(watchTimer);
      await Promise.all(lanes.map((lane) => lane.close()));
    },
  };
}

function sizeOf(event: EncodedEvent): number {
  return event.header.length + (event.entries?.length ?? 0) + (event.writes?.length ?? 0) + (event.sealed?.length ?? 0);
}
