import { fork } from "node:child_process";
import { once } from "node:events";
import type { LoopResult } from "./closed-loop.ts";
import { merge, quantile } from "./histogram.ts";
import type { LedgerHouse } from "./ledger-house.ts";
import type { NodeAnswer, NodeOrder, NodeSettings } from "./ledger-node.ts";
import { round } from "./measure.ts";
import { cpuOfTree } from "./process-cpu.ts";

interface NodeProcess {
  run(order: Exclude<NodeOrder, "stop">): Promise<LoopResult>;
  stop(): Promise<void>;
}

async function startNode(house: LedgerHouse, nodeId: string): Promise<NodeProcess> {
  const nodeSeed = await house.addNode(nodeId);
  const child = fork(new URL("./ledger-node.ts", import.meta.url).pathname);
  const settings: NodeSettings = {
    nodeId,
    appUrl: house.appUrl,
    ledgerUrl: house.ledgerUrl,
    nodeSeed: nodeSeed.toString("base64"),
    checkpointSeed: house.checkpointSeed.toString("base64"),
  };
  const ask = async (message: NodeSettings | NodeOrder): Promise<NodeAnswer> => {
    const answered = once(child, "message");
    child.send(message);
    return ((await answered) as [NodeAnswer])[0];
  };
  await ask(settings);
  return {
    run: async (order) => (await ask(order)) as LoopResult,
    stop: async () => {
      const gone = once(child, "exit");
      child.send("stop" satisfies NodeOrder);
      await gone;
    },
  };
}

/**
 * The same callers on one process and spread over three, each with a ledger and a sequencer of its own, on one PostgreSQL
 * server, in alternating slices. Answers how many events were acknowledged in all; they are verified with everything else.
 */
export async function measureProcesses(given: {
  house: LedgerHouse;
  callers: number;
  seconds: number;
  shapes: Readonly<Record<string, number>>;
  print: (line: object) => void;
}): Promise<number> {
  const { house, callers, seconds } = given;
  const nodes = await Promise.all(["one", "two", "three"].map((name) => startNode(house, `bench-${name}`)));
  let acknowledged = 0;
  const slice = async (count: number, length: number, records: number) => {
    const share = (index: number): number => Math.floor((callers + index) / count);
    const cpu = cpuOfTree(house.postgresPid());
    const results = await Promise.all(nodes.slice(0, count).map((node, index) => node.run({ callers: share(index), seconds: length, records })));
    const acts = results.reduce((sum, result) => sum + result.acts, 0);
    acknowledged += acts;
    const cpuMs = cpuOfTree(house.postgresPid()) - cpu + results.reduce((sum, result) => sum + result.cpuMs, 0);
    return { acts, cpuMs, seconds: Math.max(...results.map((result) => result.seconds)), latencies: merge(results.map((result) => result.latencies)) };
  };
  type Slice = Awaited<ReturnType<typeof slice>>;
  const figures = (slices: readonly Slice[]) => {
    const sum = (of: (one: Slice) => number): number => slices.reduce((total, one) => total + of(one), 0);
    const latencies = merge(slices.map((one) => one.latencies));
    return {
      perSecond: Math.round(sum((one) => one.acts) / sum((one) => one.seconds)),
      p50Ms: round(quantile(latencies, 0.5), 2),
      p95Ms: round(quantile(latencies, 0.95), 2),
      cpuMicroseconds: Math.round((sum((one) => one.cpuMs) / sum((one) => one.acts)) * 1000),
    };
  };
  for (const [shape, records] of Object.entries(given.shapes)) {
    for (const count of [3, 1]) await slice(count, 1, records);
    const slices: Record<1 | 3, Slice[]> = { 1: [], 3: [] };
    for (const count of [1, 3, 3, 1, 1, 3, 3, 1] as const) slices[count].push(await slice(count, seconds / 4, records));
    const [one, three] = [figures(slices[1]), figures(slices[3])];
    given.print({
      case: "ledger-append",
      shape,
      callers,
      processes: 3,
      ours: three,
      oneProcess: one,
      ratio: { perSecond: round(three.perSecond / one.perSecond, 2) },
    });
  }
  for (const node of nodes) await node.stop();
  return acknowledged;
}
