import { merge, quantile, type Histogram } from "./histogram.ts";
import type { LoadRequest, LoadResult } from "./load.ts";
import { cpuOfTree } from "./process-cpu.ts";
import type { LoadGenerator } from "./start-load.ts";
import type { Side } from "./start-side.ts";

export interface Figures {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly perSecond: number;
  /** CPU of server and PostgreSQL for one answer, in ms. */
  readonly cpuMs: number;
  readonly serverCpuMs: number;
  readonly postgresCpuMs: number;
  /** CPU of the load generator for one answer, in ms; part of no other figure. */
  readonly generatorCpuMs: number;
  readonly answers: number;
  readonly bytesPerAnswer: number;
}

interface Slice {
  readonly load: LoadResult;
  readonly serverMs: number;
  readonly postgresMs: number;
}

export const round = (value: number, digits = 3): number => Number(value.toFixed(digits));

export async function measureSlice(given: {
  load: LoadGenerator;
  side: Side;
  postgresPid: number;
  requests: readonly LoadRequest[];
  callers: number;
  seconds: number;
  from: number;
}): Promise<Slice> {
  const cpu = (): readonly [number, number] => [cpuOfTree(given.side.serverPid, given.side.notServer), cpuOfTree(given.postgresPid)];
  const before = cpu();
  const load = await given.load.run({
    port: given.side.port,
    callers: given.callers,
    seconds: given.seconds,
    headers: given.side.headers,
    requests: given.requests,
    from: given.from,
  });
  const after = cpu();
  if (Object.keys(load.refusals).length > 0 || load.answers === 0) throw new Error(`answers other than 200 while measuring: ${JSON.stringify(load.refusals)}`);
  return { load, serverMs: after[0] - before[0], postgresMs: after[1] - before[1] };
}

export function figuresOf(slices: readonly Slice[]): Figures {
  const sum = (of: (slice: Slice) => number): number => slices.reduce((total, slice) => total + of(slice), 0);
  const answers = sum((slice) => slice.load.answers);
  const latencies: Histogram = merge(slices.map((slice) => slice.load.latencies));
  const serverCpuMs = sum((slice) => slice.serverMs) / answers;
  const postgresCpuMs = sum((slice) => slice.postgresMs) / answers;
  return {
    p50Ms: round(quantile(latencies, 0.5)),
    p95Ms: round(quantile(latencies, 0.95)),
    perSecond: round(answers / sum((slice) => slice.load.seconds), 1),
    cpuMs: round(serverCpuMs + postgresCpuMs),
    serverCpuMs: round(serverCpuMs),
    postgresCpuMs: round(postgresCpuMs),
    generatorCpuMs: round(sum((slice) => slice.load.cpuMs) / answers),
    answers,
    bytesPerAnswer: Math.round(sum((slice) => slice.load.bytes) / answers),
  };
}

/**
 * Measures two sides in alternating slices (ours, twin, twin, ours, …) within one run, so that whatever else the machine
 * does falls on both. A slice before counts for nothing: it warms both up.
 */
export async function measureBoth(given: {
  load: LoadGenerator;
  postgresPid: number;
  ours: { side: Side; requests: readonly LoadRequest[] };
  twin: { side: Side; requests: readonly LoadRequest[] };
  callers: number;
  /** For each side in all. */
  seconds: number;
}): Promise<{ ours: Figures; twin: Figures }> {
  const { load, postgresPid, callers } = given;
  // Slices of about a second, and an even number of them for each side.
  const rounds = Math.max(2, Math.round(given.seconds / 2) * 2);
  const slices: { ours: Slice[]; twin: Slice[] } = { ours: [], twin: [] };
  const slice = (name: "ours" | "twin", seconds: number, from: number): Promise<Slice> =>
    measureSlice({ load, postgresPid, callers, seconds, from, side: given[name].side, requests: given[name].requests });
  for (const name of ["ours", "twin"] as const) await slice(name, Math.min(1, given.seconds / rounds), 0);
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? (["ours", "twin"] as const) : (["twin", "ours"] as const)) {
      slices[name].push(
        await slice(
          name,
          given.seconds / rounds,
          slices[name].reduce((sum, one) => sum + one.load.answers, 0),
        ),
      );
    }
  }
  return { ours: figuresOf(slices.ours), twin: figuresOf(slices.twin) };
}
