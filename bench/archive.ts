import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";
import type { OpenStorehouse } from "#server/app/open-storehouse.ts";
import { listEvents, verifyLedger } from "#server/core/ledger/index.ts";
import { archiveLedger } from "#server/modules/archives/index.ts";
import { countHours } from "#server/modules/records/index.ts";
import { connectOwner } from "#server/platform/database/connect.ts";
import { makeTemporaryFolder } from "#tests/support/throwaway-server.ts";
import { benchStart, eventsFor, monthMs } from "./exposure-events.ts";
import { fill, inStorehouse, type Progress } from "./exposure.ts";
import { round } from "./measure.ts";

/**
 * What old months cost in the table and in files: fills 24 months as `bench exposure` does, moves all but the last six, and asks the
 * same questions before and after.
 */
export async function measureArchive(options: {
  readonly customers: number;
  readonly deliveries: number;
  readonly print: (line: object) => void;
  readonly say: (text: string) => void;
}): Promise<void> {
  const { customers, deliveries, say } = options;
  const { folder, remove } = makeTemporaryFolder();
  const print = (line: object): void => options.print({ case: "archive", ...line, customers, deliveries });
  try {
    const fillAndAsk = async (open: OpenStorehouse): Promise<void> => {
      const none = { deliveries: 0, events: 0 };
      const tally = { "page of 50": { ...none }, "search of 10": { ...none }, detail: { ...none } };
      const progress: Progress = { customers, deliveries, overHttp: 0, done: 0, isHttpDone: true, bulkSeconds: 0, people: null, tally };
      await fill(open, { customers, say, count: eventsFor(deliveries), progress, keep: () => undefined });
      await countHours(open.pools.ledger);
      const owner = await connectOwner(open.ownerUrl);
      try {
        const before = await bytesOf(owner);
        print({ shape: "bytes per event, in the table", ...perEvent(before.bytes, before.events), events: before.events });
        await askAll(open, "in the table", print);
        const oldFrom = new Date(benchStart + 18 * monthMs);
        const started = performance.now();
        const { files } = await archiveLedger(open.storehouse, { before: oldFrom, principal: "console" });
        const seconds = (performance.now() - started) / 1000;
        const moved = files.reduce((sum, file) => sum + file.events, 0);
        const inFiles = readdirSync(join(folder, "data", "ledger")).reduce((sum, name) => sum + statSync(join(folder, "data", "ledger", name)).size, 0);
        print({ shape: "moving", seconds: round(seconds, 1), eventsPerSecond: Math.round(moved / seconds), events: moved, files: files.length });
        // Rows that are gone leave room for later ones; written anew, the tables show what is left.
        await owner.query("vacuum full ledger_events, ledger_batches");
        const after = await bytesOf(owner);
        print({
          shape: "bytes per event, in files",
          file: round(inFiles / moved, 1),
          rounds: round(before.bytes["rounds"]! / before.events, 1),
          all: round(inFiles / moved + before.bytes["rounds"]! / before.events, 1),
          tablesBefore: before.bytes,
          tablesAfter: after.bytes,
        });
        await askAll(open, "in files", print);
      } finally {
        await owner.end();
      }
    };
    // What the storehouse records of itself is as old as the first events, or nothing could go before it.
    await inStorehouse(folder, fillAndAsk, () => new Date(benchStart));
  } finally {
    remove();
  }
}

interface Bytes {
  readonly events: number;
  readonly bytes: Record<string, number>;
}

async function bytesOf(owner: pg.Client): Promise<Bytes> {
  const { rows } = await owner.query<Record<string, string>>(
    `select (select count(*) from ledger_events)::text as events, pg_table_size('ledger_events')::text as table, pg_indexes_size('ledger_events')::text as indexes,
       pg_total_relation_size('ledger_batches')::text as batches, pg_total_relation_size('ledger_rounds')::text as rounds`,
  );
  const { events, ...bytes } = rows[0]!;
  return { events: Number(events), bytes: Object.fromEntries(Object.entries(bytes).map(([name, size]) => [name, Number(size)])) };
}

function perEvent(bytes: Record<string, number>, events: number): Record<string, number> {
  const all = Object.values(bytes).reduce((sum, size) => sum + size, 0);
  return { ...Object.fromEntries(Object.entries(bytes).map(([name, size]) => [name, round(size / events, 1)])), all: round(all / events, 1) };
}

const asks = 60;

/** Questions about months that are old, and the verification of the whole. */
async function askAll(open: OpenStorehouse, where: string, print: (line: object) => void): Promise<void> {
  const pool = open.pools.app;
  const day = (turn: number): { from: Date; to: Date } => {
    const from = benchStart + 2 * monthMs + turn * 3 * 86_400_000;
    return { from: new Date(from), to: new Date(from + 86_400_000) };
  };
  const questions: Record<string, (turn: number) => Promise<unknown>> = {
    "who saw a customer in an old month, 50 events": (turn) => listEvents(pool, { customerNo: 1 + turn, before: 5_000 + turn * 1_000, limit: 50 }),
    "what an account did on an old day, 50 events": (turn) => listEvents(pool, { accountNo: 1 + (turn % 20), ...day(turn), limit: 50 }),
    "one old event": (turn) => listEvents(pool, { eventNos: [1_000 + turn * 37], limit: 1 }),
  };
  for (const [shape, ask] of Object.entries(questions)) {
    const took: number[] = [];
    for (let turn = 0; turn < asks; turn++) {
      const from = performance.now();
      await ask(turn);
      took.push(performance.now() - from);
    }
    took.sort((a, b) => a - b);
    print({ shape: `${shape}, ${where}`, p50Ms: round(took[asks >> 1]!, 1), p95Ms: round(took[Math.floor(asks * 0.95)]!, 1), maxMs: round(took.at(-1)!, 1) });
  }
  const from = performance.now();
  const { ok, events } = await open.storehouse.door.snapshot((query) => verifyLedger({ query, publicKeys: open.signing.checkpointKeys, now: new Date() }));
  const seconds = (performance.now() - from) / 1000;
  print({ shape: `verification, ${where}`, ok, events, seconds: round(seconds, 1), eventsPerSecond: Math.round(events / seconds) });
}
