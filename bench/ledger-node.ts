import { randomBytes } from "node:crypto";
import { openLedger, startSequencer } from "#server/core/ledger/index.ts";
import { runClosedLoop, type LoopResult } from "./closed-loop.ts";
import { benchEvents, viewingsOf } from "./ledger-house.ts";

/** A process that records as a node of the product does, with a sequencer that leads or stands by. Its orders come by IPC. */
export interface NodeSettings {
  readonly nodeId: string;
  readonly appUrl: string;
  readonly ledgerUrl: string;
  /** Base64. */
  readonly nodeSeed: string;
  readonly checkpointSeed: string;
}

export type NodeOrder = { readonly callers: number; readonly seconds: number; readonly records: number } | "stop";
export type NodeAnswer = LoopResult | "ready";

async function serveOrders(settings: NodeSettings, say: (answer: NodeAnswer) => void): Promise<(order: NodeOrder) => Promise<void>> {
  const sequencer = startSequencer({
    connection: { connectionString: settings.ledgerUrl },
    checkpointSeed: Buffer.from(settings.checkpointSeed, "base64"),
    now: () => new Date(),
  });
  const ledger = await openLedger({
    connection: { connectionString: settings.appUrl },
    events: [benchEvents],
    nodeId: settings.nodeId,
    nodeSeed: Buffer.from(settings.nodeSeed, "base64"),
    now: () => new Date(),
    random: randomBytes,
    onRecorded: () => sequencer.nudge(),
  });
  say("ready");
  return async (order) => {
    if (order === "stop") {
      await ledger.close();
      await sequencer.stop();
      process.disconnect();
    } else {
      const viewing = viewingsOf(order.records);
      say(await runClosedLoop(order.callers, order.seconds, (caller) => ledger.append(viewing(caller))));
    }
  };
}

process.once("message", (settings: NodeSettings) => {
  void serveOrders(settings, (answer) => void process.send?.(answer)).then((carryOut) => {
    process.on("message", (order: NodeOrder) => void carryOut(order));
  });
});
