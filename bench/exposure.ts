import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { openStorehouse, type OpenStorehouse } from "#server/app/open-storehouse.ts";
import { packSettled } from "#server/core/ledger/index.ts";
import { connectOwner } from "#server/platform/database/connect.ts";
import { appendInBulk } from "#tests/support/ledger-in-bulk.ts";
import { measureBytes, type Tally } from "./exposure-bytes.ts";
import { benchStart, drawEvents, eventsFor, monthMs } from "./exposure-events.ts";
import { deliverOverHttp } from "./exposure-http.ts";
import { firstPages, measureFirstPages, measureQuestions, type Cache } from "./exposure-questions.ts";
import { round } from "./measure.ts";
import { cpuOfTree } from "./process-cpu.ts";

/**
 * Exposure both ways at a hundred million deliveries: fills a ledger over 24 months, most of it through the encoding, the
 * statement of the appender, the sequencer and the packing, the rest over HTTP; then asks. With `folder` what is there is kept and
 * gone on with, so that a run that was ended does not begin anew, and a finished one is asked at once.
 */
export interface ExposureOptions {
  readonly customers: number;
  readonly deliveries: number;
  /** How many of them over HTTP. */
  readonly overHttp: number;
  readonly folder: string | undefined;
  readonly print: (line: object) => void;
  readonly say: (text: string) => void;
}

/** How far a run has come; stands beside the data. */
export interface Progress {
  readonly customers: number;
  readonly deliveries: number;
  readonly overHttp: number;
  /** Events of the bulk. */
  done: number;
  isHttpDone: boolean;
  tally: Tally;
  bulkSeconds: number;
  /** Whom the busiest account was shown in the month asked for later; null when the run was ended in between. */
  people: number | null;
}

/** A call into the generator costs more than the sixteen bytes that a salt takes. */
let pool = Buffer.alloc(0);
function drawPooled(bytes: number): Buffer {
  if (pool.length < bytes) pool = randomBytes(1 << 16);
  const drawn = pool.subarray(0, bytes);
  pool = pool.subarray(bytes);
  return drawn;
}

const eventsInSlice = 50_000;
const knownAccount = 1;
const knownMonth = 12;

export async function measureExposure(options: ExposureOptions): Promise<void> {
  const { customers, deliveries, overHttp, say } = options;
  const folder = options.folder === undefined ? mkdtempSync(join(realpathSync(tmpdir()), "kuraban-bench-")) : resolve(options.folder);
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o711);
  const file = join(folder, "exposure.json");
  const none = { deliveries: 0, events: 0 };
  const progress: Progress = existsSync(file)
    ? (JSON.parse(readFileSync(file, "utf8")) as Progress)
    : {
        customers,
        deliveries,
        overHttp,
        done: 0,
        isHttpDone: overHttp === 0,
        bulkSeconds: 0,
        people: null,
        tally: { "page of 50": { ...none }, "search of 10": { ...none }, detail: { ...none } },
      };
  if (progress.customers !== customers || progress.deliveries !== deliveries || progress.overHttp !== overHttp) {
    throw new Error(`${folder} holds another run: ${progress.customers} customers, ${progress.deliveries} deliveries, ${progress.overHttp} over HTTP`);
  }
  const keep = (): void => writeFileSync(file, JSON.stringify(progress));
  const print = (line: object): void => options.print({ case: "exposure", ...line, customers, deliveries });
  try {
    const count = eventsFor(deliveries - overHttp);
    if (progress.done < count) await inStorehouse(folder, (open) => fill(open, { ...options, count, progress, keep }));
    if (!progress.isHttpDone) {
      const from = performance.now();
      await deliverOverHttp(folder, overHttp, say);
      say(`http: ${overHttp} deliveries in ${Math.round((performance.now() - from) / 1000)} s`);
      progress.isHttpDone = true;
      keep();
    }
    await inStorehouse(folder, async (open) => {
      await open.sequencer.sequenceNow();
      const from = performance.now();
      const steps = await packSettled(open.pools.ledger);
      say(`packing what was left: ${steps} steps in ${Math.round((performance.now() - from) / 1000)} s`);
      const owner = await connectOwner(open.ownerUrl);
      try {
        say("settling");
        await owner.query("vacuum (analyze) ledger_exposure_chunks, ledger_exposure_postings, ledger_exposure_looks, ledger_exposure_fresh_looks");
        await owner.query("analyze ledger_events");
        await owner.query("checkpoint");
        print({
          shape: "filling",
          eventsPerSecond: Math.round(progress.done / progress.bulkSeconds),
          deliveriesPerSecond: Math.round((deliveries - overHttp) / progress.bulkSeconds),
          overHttp,
        });
      } finally {
        await owner.end();
      }
    });
    for (const shape of firstPages) {
      const caches: readonly Cache[] = dropCaches() ? ["cold", "warm"] : ["as it was"];
      await inStorehouse(folder, (open) => measureFirstPages(shape, caches, { pool: open.pools.app, postgresPid: open.server!.pid(), customers, print }));
    }
    await inStorehouse(folder, async (open) => {
      const owner = await connectOwner(open.ownerUrl);
      try {
        const known = progress.people === null ? undefined : { accountNo: knownAccount, month: knownMonth, people: progress.people };
        await measureQuestions({ pool: open.pools.app, postgresPid: open.server!.pid(), customers, print, known });
        await measureBytes(owner, await withHttp(owner, progress), print);
      } finally {
        await owner.end();
      }
    });
  } finally {
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** Drops what the system keeps of files in memory, whose database is shut down; false where that is not allowed. */
function dropCaches(): boolean {
  try {
    execFileSync("sync");
    writeFileSync("/proc/sys/vm/drop_caches", "3");
    return true;
  } catch {
    return false;
  }
}

export async function inStorehouse(folder: string, act: (open: OpenStorehouse) => Promise<void>, clock?: () => Date): Promise<void> {
  const open = await openStorehouse({
    place: { dataFolder: join(folder, "data"), keysFolder: join(folder, "data.keys"), databaseUrl: undefined },
    ...(clock !== undefined && { clock }),
    onTrouble: (what) => process.stderr.write(`${what}\n`),
  });
  try {
    await act(open);
  } finally {
    await open.close();
  }
}

export async function fill(
  open: OpenStorehouse,
  given: Pick<ExposureOptions, "customers" | "say"> & { count: number; progress: Progress; keep: () => void },
): Promise<void> {
  const { customers, count, progress, keep, say } = given;
  const seen = new Set<number>();
  const isWhole = progress.done === 0;
  const [monthFrom, monthTo] = [benchStart + knownMonth * monthMs, benchStart + (knownMonth + 1) * monthMs];
  const client = await open.pools.app.connect();
  try {
    while (progress.done < count) {
      const from = performance.now();
      const cpu = cpuNow(open);
      const { done } = progress;
      const to = Math.min(count, progress.done + eventsInSlice);
      const tally = structuredClone(progress.tally);
      const events = function* () {
        for (const { event, shape, accountNo, at, numbers } of drawEvents({ customers, count, from: done, to, random: drawPooled })) {
          if (shape !== "list") {
            tally[shape].events += 1;
            tally[shape].deliveries += numbers.length;
          }
          if (accountNo === knownAccount && at >= monthFrom && at < monthTo) for (const no of numbers) seen.add(no);
          yield event;
        }
      };
      await appendInBulk(client, events(), { id: open.signing.nodeId, seed: open.signing.nodeSeed });
      await open.sequencer.sequenceNow();
      const appended = performance.now();
      await packSettled(open.pools.ledger);
      const ended = performance.now();
      progress.done = to;
      progress.tally = tally;
      progress.bulkSeconds += (ended - from) / 1000;
      progress.people = isWhole && to === count ? seen.size : null;
      keep();
      const cpuMicros = cpuNow(open).map((ms, index) => Math.round(((ms - cpu[index]!) * 1000) / (to - done)));
      const rate = progress.done / progress.bulkSeconds;
      say(
        `filling: ${to} of ${count} events, ${Math.round(rate)}/s (packing ${round((ended - appended) / 1000, 1)} s of ${round((ended - from) / 1000, 1)}, CPU an event ${cpuMicros.join(" + ")} µs), ${Math.ceil((count - to) / rate / 60)} min left`,
      );
    }
    // Whatever else the storehouse does by itself comes to its end.
    await setTimeout(100);
  } finally {
    client.release();
  }
}

/** CPU of this process and of PostgreSQL, in ms. */
const cpuNow = (open: OpenStorehouse): readonly number[] => [cpuOfTree(process.pid, [open.server!.pid()]), cpuOfTree(open.server!.pid())];

/** The tally with what came over HTTP, as the ledger has it. */
async function withHttp(owner: Awaited<ReturnType<typeof connectOwner>>, progress: Progress): Promise<Tally> {
  const tally = structuredClone(progress.tally);
  const { rows } = await owner.query<{ type: string; records: number; events: number }>(
    `select type, (header::jsonb->'entries'->>'count')::int4 as records, count(*)::int4 as events from ledger_events
     where event_no > $1 and account_no is not null and type in ('customers.listed', 'customer.viewed') and entries is not null group by 1, 2`,
    [progress.done],
  );
  for (const { type, records, events } of rows) {
    const shape = type === "customer.viewed" ? "detail" : records > 30 ? "page of 50" : "search of 10";
    tally[shape].events += events;
    tally[shape].deliveries += type === "customer.viewed" ? events : events * Math.min(records, shape === "page of 50" ? 50 : 10);
  }
  return tally;
}
