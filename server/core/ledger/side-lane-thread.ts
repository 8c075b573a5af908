import { randomBytes } from "node:crypto";
import { workerData, type MessagePort } from "node:worker_threads";
import type { ClientConfig } from "pg";
import { signingKey } from "./ed25519.ts";
import { encodeEvent, type EncodedEvent } from "./encode.ts";
import type { LedgerEvent } from "./event.ts";
import { createLane } from "./lane.ts";

/** What the thread of a side lane (side-lane.ts) is started with. */
export interface SideLaneStart {
  readonly port: MessagePort;
  /** One counter: how often the thread answered. */
  readonly answered: Int32Array;
  readonly connection: ClientConfig;
  readonly nodeId: string;
  /** Seed (32 bytes) of the node's Ed25519 key. */
  readonly nodeSeed: Uint8Array;
  readonly maxWaitMs: number;
  readonly now: Date;
}

/** `seed`: of the salts, 16 bytes. `now`: of the node's clock. */
export type SideLaneOrder = { readonly id: number; readonly event: LedgerEvent; readonly seed: Uint8Array; readonly now: Date } | "close";
/** `ready`: connected. `fault`: the event cannot be encoded, by the caller's own fault. Neither a number nor a fault: refused. */
export type SideLaneAnswer = { readonly id: number; readonly eventNo?: number; readonly fault?: string } | "ready";

interface Waiting {
  readonly id: number;
  readonly event: EncodedEvent;
  readonly since: number;
}

const { port, answered, connection, nodeId, nodeSeed, maxWaitMs, now: startedAt } = workerData as SideLaneStart;
let now = startedAt;
let queue: Waiting[] = [];
let isReady = false;
let isClosing = false;

const say = (answer: SideLaneAnswer): void => {
  port.postMessage(answer);
  Atomics.add(answered, 0, 1);
  Atomics.notify(answered, 0);
};

const refuse = (waiting: readonly Waiting[]): void => {
  if (waiting.length > 0) isReady = false;
  for (const { id } of waiting) say({ id });
};

const lane = createLane({
  connection,
  nodeId,
  key: signingKey(Buffer.from(nodeSeed)),
  now: () => now,
  random: randomBytes,
  maxWaitMs,
  onFree: () => {
    if (!isReady) say("ready");
    isReady = true;
    pump();
  },
});

function pump(): void {
  if (queue.length > 0 && lane.isFree()) {
    const batch = queue;
    queue = [];
    lane.send(batch.map(({ event }) => event)).then(
      (eventNos) => batch.forEach(({ id }, index) => say({ id, eventNo: eventNos[index]! })),
      () => refuse(batch),
    );
  }
  if (isClosing && queue.length === 0 && !lane.isBusy()) void end();
}

async function end(): Promise<void> {
  clearInterval(watch);
  await lane.close();
  port.close();
}

const watch = setInterval(
  () => {
    const at = performance.now();
    lane.watch(at);
    const late = queue.filter(({ since }) => at - since > maxWaitMs || lane.isLost());
    queue = queue.filter((each) => !late.includes(each));
    refuse(late);
    pump();
  },
  Math.max(20, maxWaitMs / 10),
);

port.on("message", (order: SideLaneOrder) => {
  if (order === "close") {
    isClosing = true;
    pump();
    return;
  }
  now = order.now;
  try {
    queue.push({ id: order.id, event: encodeEvent(order.event, () => Buffer.from(order.seed)), since: performance.now() });
  } catch (error) {
    say({ id: order.id, fault: error instanceof Error ? error.message : "an event could not be encoded" });
  }
  pump();
});

void lane.open();
