import { count, type Histogram } from "./histogram.ts";

export interface LoopResult {
  readonly acts: number;
  readonly seconds: number;
  /** Of one act, in ms. */
  readonly latencies: Histogram;
  /** CPU of this process, its callers included. */
  readonly cpuMs: number;
}

/** So many callers in this process, each of which acts again as soon as its last act is done. */
export async function runClosedLoop(callers: number, seconds: number, act: (caller: number) => Promise<unknown>): Promise<LoopResult> {
  const latencies: Histogram = {};
  let acts = 0;
  const before = process.cpuUsage();
  const start = performance.now();
  const until = start + seconds * 1000;
  const call = async (caller: number): Promise<void> => {
    while (performance.now() < until) {
      const from = performance.now();
      await act(caller);
      acts += 1;
      count(latencies, performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
  const { user, system } = process.cpuUsage(before);
  return { acts, seconds: (performance.now() - start) / 1000, latencies, cpuMs: (user + system) / 1000 };
}
