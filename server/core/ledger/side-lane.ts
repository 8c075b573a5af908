import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from "node:worker_threads";
import type { ClientConfig } from "pg";
import { Problem } from "#shared/problems.ts";
import type { LedgerEvent } from "./event.ts";
import type { SideLaneAnswer, SideLaneOrder, SideLaneStart } from "./side-lane-thread.ts";

export interface SideLaneOptions {
  readonly connection: ClientConfig;
  readonly nodeId: string;
  readonly nodeSeed: Buffer;
  readonly now: () => Date;
  readonly random: (bytes: number) => Buffer;
  readonly maxWaitMs: number;
  readonly onRecorded: () => void;
}

/**
 * A lane in a thread of its own, for events of very many records: they are encoded, hashed, signed and sent there while the
 * node writes out the reply, which leaves only when the event is durable. A run of its own, like any connection (batch.ts).
 */
export interface SideLane {
  /** Whether it takes an event now. It starts when it is asked for the first time, and others record meanwhile. */
  isReady(): boolean;
  /** @throws Problem `ledger-unavailable`; Error when the event is out of its bounds */
  append(event: LedgerEvent): Promise<{ eventNo: number }>;
  /**
   * Takes in what was answered so far without going through the event loop, where the work of others may stand before it. Waits
   * for the event appended last, for at most so many ms; nothing else happens meanwhile, so it ends as soon as somebody else's event is
   * answered.
   */
  hear(mostMs: number): void;
  /** The same without waiting; whether anything was answered. */
  hasHeard(): boolean;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

interface Waiting {
  readonly since: number;
  resolve(recorded: { eventNo: number }): void;
  reject(error: Error): void;
}

interface Thread {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly answered: Int32Array;
  readonly ended: Promise<void>;
}

export function createSideLane(options: SideLaneOptions): SideLane {
  const { now, random, maxWaitMs, onRecorded } = options;
  const connection = asPlain(options.connection);
  const waiting = new Map<number, Waiting>();
  let thread: Thread | undefined;
  let isReady = false;
  let isClosed = false;
  let lastId = 0;
  let watchTimer: NodeJS.Timeout | undefined;

  const settle = (id: number, act: (one: Waiting) => void): void => {
    const one = waiting.get(id);
    // Given up: an answer that comes later is no acknowledgement any more.
    if (one === undefined) return;
    waiting.delete(id);
    if (waiting.size === 0) {
      clearInterval(watchTimer);
      watchTimer = undefined;
    }
    act(one);
  };

  const refuse = (id: number): void => {
    isReady = false;
    settle(id, (one) => one.reject(new Problem("ledger-unavailable")));
  };

  const take = (answer: SideLaneAnswer): void => {
    if (answer === "ready") {
      isReady = true;
      return;
    }
    const { id, eventNo, fault } = answer;
    if (eventNo !== undefined) {
      isReady = true;
      settle(id, (one) => one.resolve({ eventNo }));
      onRecorded();
    } else if (fault !== undefined) settle(id, (one) => one.reject(new Error(fault)));
    else refuse(id);
  };

  /** Whether there was an answer for anybody. */
  const takeAll = (port: MessagePort): boolean => {
    const before = waiting.size;
    for (let heard = receiveMessageOnPort(port); heard !== undefined; heard = receiveMessageOnPort(port)) take(heard.message as SideLaneAnswer);
    return waiting.size < before;
  };

  const start = (plain: ClientConfig): Thread => {
    const { port1: port, port2 } = new MessageChannel();
    const answered = new Int32Array(new SharedArrayBuffer(4));
    const nodeSeed = Uint8Array.from(options.nodeSeed);
    const workerData = { port: port2, answered, connection: plain, nodeId: options.nodeId, nodeSeed, maxWaitMs, now: now() } satisfies SideLaneStart;
    const worker = new Worker(new URL("./side-lane-thread.ts", import.meta.url), { workerData, transferList: [port2] });
    port.on("message", take);
    // Whoever waits keeps the process up; a thread without work does not.
    port.unref();
    worker.unref();
    worker.on("error", () => undefined);
    const ended = new Promise<void>((resolve) => {
      worker.once("exit", () => {
        port.close();
        thread = undefined;
        for (const id of waiting.keys()) refuse(id);
        resolve();
      });
    });
    return { worker, port, answered, ended };
  };

  const watch = (): void => {
    const at = performance.now();
    for (const [id, { since }] of waiting) if (at - since > maxWaitMs) refuse(id);
  };

  return {
    isReady() {
      if (connection === undefined || isClosed) return false;
      thread ??= start(connection);
      return isReady;
    },
    append(event) {
      return new Promise((resolve, reject) => {
        const id = (lastId += 1);
        waiting.set(id, { since: performance.now(), resolve, reject });
        watchTimer ??= setInterval(watch, Math.max(20, maxWaitMs / 10));
        if (thread === undefined || isClosed) refuse(id);
        else thread.port.postMessage({ id, event, seed: random(16), now: now() } satisfies SideLaneOrder);
      });
    },
    hear(mostMs) {
      const until = performance.now() + mostMs;
      while (waiting.has(lastId) && thread !== undefined) {
        const { port, answered } = thread;
        const seen = Atomics.load(answered, 0);
        const left = until - performance.now();
        if (takeAll(port) || left <= 0) return;
        Atomics.wait(answered, 0, seen, left);
      }
    },
    hasHeard: () => waiting.size > 0 && thread !== undefined && takeAll(thread.port),
    async close() {
      isClosed = true;
      if (thread === undefined) return;
      const { worker, port, ended } = thread;
      port.postMessage("close" satisfies SideLaneOrder);
      const impatience = setTimeout(() => void worker.terminate(), maxWaitMs * 2);
      await ended;
      clearTimeout(impatience);
    },
  };
}

/** How to reach the database, in a form that a thread can be given; undefined where something in it is more than data. How values are read is of no account there. */
function asPlain({ types: _types, ...connection }: ClientConfig): ClientConfig | undefined {
  const plain = Object.fromEntries(Object.entries(connection).filter(([, value]) => value !== undefined && typeof value !== "function"));
  return Object.values(plain).every((value) => ["string", "number", "boolean"].includes(typeof value)) ? (plain as ClientConfig) : undefined;
}
