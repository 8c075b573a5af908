import { randomBytes } from "node:crypto";
import { signingKey } from "#server/core/ledger/ed25519.ts";
import { countUnsequenced, openLedger, startSequencer, verifyLedger } from "#server/core/ledger/index.ts";
import { runClosedLoop, type LoopResult } from "./closed-loop.ts";
import { merge, quantile } from "./histogram.ts";
import { benchEvents, startLedgerHouse, viewingsOf, type LedgerHouse } from "./ledger-house.ts";
import { measureProcesses } from "./ledger-processes.ts";
import { round } from "./measure.ts";
import { cpuOfTree } from "./process-cpu.ts";
import { openRaw } from "./raw-appender.ts";

/** Shapes of events, by how many customers were shown. */
const shapes = { detail: 1, "page of 50": 50 };

type Slice = LoopResult & { readonly allCpuMs: number };

function figuresOf(slices: readonly Slice[]) {
  const sum = (of: (slice: Slice) => number): number => slices.reduce((total, slice) => total + of(slice), 0);
  const latencies = merge(slices.map((slice) => slice.latencies));
  const acts = sum((slice) => slice.acts);
  return {
    perSecond: Math.round(acts / sum((slice) => slice.seconds)),
    p50Ms: round(quantile(latencies, 0.5), 2),
    p95Ms: round(quantile(latencies, 0.95), 2),
    p99Ms: round(quantile(latencies, 0.99), 2),
    /** Of the database and of this process, callers included, an event. */
    cpuMicroseconds: Math.round((sum((slice) => slice.allCpuMs) / acts) * 1000),
    /** Of this process alone. */
    nodeMicroseconds: Math.round((sum((slice) => slice.cpuMs) / acts) * 1000),
  };
}

/**
 * What the ledger costs beside the bare database, on a server of its own with fsync: appends of an event about one customer
 * and of a page of 50, with the sequencer at work, and raw INSERTs of the same bytes, in alternating slices. One line for
 * each shape and number of callers; then the same callers on three processes; then the verification of all that was recorded.
 */
export async function measureLedger(given: { seconds: number; callers: readonly number[]; print: (line: object) => void }): Promise<void> {
  const { seconds, print } = given;
  const house = await startLedgerHouse();
  try {
    let recorded = await measureAppends(house, given.callers, seconds, print);
    recorded += await measureProcesses({ house, callers: 64, seconds, shapes, print });
    await measureVerification(house, recorded, print);
  } finally {
    await house.stop();
  }
}

/** Answers how many events were acknowledged. */
async function measureAppends(house: LedgerHouse, callers: readonly number[], seconds: number, print: (line: object) => void): Promise<number> {
  const nodeSeed = await house.addNode("bench");
  const { checkpointSeed } = house;
  const sequencer = startSequencer({ connection: { connectionString: house.ledgerUrl }, checkpointSeed, now: () => new Date() });
  const ledger = await openLedger({
    connection: { connectionString: house.appUrl },
    events: [benchEvents],
    nodeId: "bench",
    nodeSeed,
    now: () => new Date(),
    random: randomBytes,
    onRecorded: () => sequencer.nudge(),
  });
  let recorded = 0;
  for (const [shape, records] of Object.entries(shapes)) {
    const raw = await openRaw(house, records);
    const viewing = viewingsOf(records);
    const sides = {
      ours: (caller: number) => ledger.append(viewing(caller)),
      raw: (caller: number) => raw.append(caller),
    };
    for (const count of callers) {
      const slices: Record<keyof typeof sides, Slice[]> = { ours: [], raw: [] };
      const slice = async (name: keyof typeof sides, length: number): Promise<Slice> => {
        const cpu = cpuOfTree(house.postgresPid());
        const result = await runClosedLoop(count, length, sides[name]);
        if (name === "ours") recorded += result.acts;
        return { ...result, allCpuMs: cpuOfTree(house.postgresPid()) - cpu + result.cpuMs };
      };
      // A slice of each that counts for nothing: it warms both up.
      for (const name of ["ours", "raw"] as const) await slice(name, Math.min(1, seconds / 2));
      for (const name of ["ours", "raw", "raw", "ours", "ours", "raw", "raw", "ours"] as const) slices[name].push(await slice(name, seconds / 4));
      const [ours, bare] = [figuresOf(slices.ours), figuresOf(slices.raw)];
      print({
        case: "ledger-append",
        shape,
        callers: count,
        ours,
        raw: bare,
        ratio: { perSecond: round(ours.perSecond / bare.perSecond, 2), cpu: round(ours.cpuMicroseconds / bare.cpuMicroseconds, 2) },
      });
    }
    await raw.close();
  }
  await ledger.close();
  await sequencer.stop();
  return recorded;
}

async function measureVerification(house: LedgerHouse, acknowledged: number, print: (line: object) => void): Promise<void> {
  const unsequenced = await countUnsequenced(house.pools.app);
  const { rows } = await house.owner.query<{ events: number; bytes: number; index_bytes: number }>(
    "select count(*)::int as events, pg_table_size('ledger_events')::float8 as bytes, pg_indexes_size('ledger_events')::float8 as index_bytes from ledger_events",
  );
  const { events, bytes, index_bytes: indexBytes } = rows[0]!;
  const from = performance.now();
  const before = process.cpuUsage();
  const verification = await verifyLedger({ query: house.pools.app, publicKeys: [signingKey(house.checkpointSeed).publicKey], now: new Date() });
  const used = process.cpuUsage(before);
  print({
    case: "ledger-verify",
    shape: "all that was recorded",
    events,
    acknowledged,
    unsequenced,
    ok: verification.ok && events === acknowledged && unsequenced === 0,
    perSecond: Math.round((events / (performance.now() - from)) * 1000),
    perCpuSecond: Math.round((events / (used.user + used.system)) * 1e6),
    bytesPerEvent: Math.round(bytes / events),
    indexBytesPerEvent: Math.round(indexBytes / events),
  });
}
