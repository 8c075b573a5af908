import { setTimeout as wait } from "node:timers/promises";
import type { Arena } from "./arena.ts";
import { ask } from "./ask.ts";
import { merge, quantile } from "./histogram.ts";
import type { LoadRequest, LoadResult } from "./load.ts";
import { round } from "./measure.ts";
import { openList, pages } from "./measure-looks.ts";
import { cpuOfTree } from "./process-cpu.ts";
import type { Side } from "./start-side.ts";
import { writeBenchFile } from "./write-bench-file.ts";

interface Run {
  readonly rowsPerSecond: number;
  readonly cpuMsPerRow: number;
  readonly added: number;
  readonly duplicates: number;
  /** From the end of the import until its last row is found by a search. */
  readonly searchableAfterMs: number;
}

/** Uploads a file, starts the import with the guessed mapping and waits for its end, as the wizard does. */
async function importOnce(side: Side, headers: Side["headers"], postgresPid: number, file: ReturnType<typeof writeBenchFile>, rows: number): Promise<Run> {
  const asker = { port: side.port, headers };
  const cpu = (): number => cpuOfTree(side.serverPid, side.notServer) + cpuOfTree(postgresPid);
  const before = cpu();
  const start = performance.now();
  const upload = await fetch(`http://127.0.0.1:${side.port}/api/imports`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/octet-stream", "x-file-name": encodeURIComponent("顧客一覧.csv") },
    body: new Uint8Array(file.bytes),
  });
  if (upload.status !== 200) throw new Error(`the upload was answered with ${upload.status}`);
  const { importNo } = (await upload.json()) as { importNo: number };
  const path = `/api/imports/${importNo}`;
  const stateOf = async () => JSON.parse(await ask(asker, { method: "GET", path })) as { state: string; added: number; duplicates: number };
  while ((await stateOf()).state === "reading") await wait(50);
  // The twin has no wizard: it takes the guessed mapping by itself.
  const mapping = await ask(asker, { method: "GET", path: `${path}/preview` }).then(
    (text) => (JSON.parse(text) as { mapping: object }).mapping,
    () => ({}),
  );
  await ask(asker, { method: "POST", path: `${path}/start`, body: JSON.stringify({ ...mapping, ...("sheet" in mapping ? { duplicates: "skip" } : {}) }) });
  let state = await stateOf();
  while (state.state !== "done") {
    if (state.state === "failed") throw new Error("the import failed");
    await wait(50);
    state = await stateOf();
  }
  const end = performance.now();
  const cpuMs = cpu() - before;
  const search: LoadRequest = {
    method: "POST",
    path: "/api/customers/views",
    body: JSON.stringify({ search: file.lastNew.values.mail ?? file.lastNew.values.memberNumber, columns: ["fullName"], first: 1 }),
  };
  while ((JSON.parse(await ask(asker, search)) as { rows: unknown[] }).rows.length === 0) {
    if (performance.now() - end > 120_000) throw new Error("the last imported row is not found two minutes after the end");
    await wait(100);
  }
  return {
    rowsPerSecond: round(rows / ((end - start) / 1000), 0),
    cpuMsPerRow: round(cpuMs / rows),
    added: state.added,
    duplicates: state.duplicates,
    searchableAfterMs: round(performance.now() - end, 0),
  };
}

/** Reads pages with a few callers for as long as `during` takes. */
async function readMeanwhile(
  arena: Arena,
  side: Side,
  requests: readonly LoadRequest[],
  callers: number,
  during: Promise<unknown>,
): Promise<readonly LoadResult[]> {
  let isOver = false;
  void during.then(
    () => (isOver = true),
    () => (isOver = true),
  );
  const results: LoadResult[] = [];
  while (!isOver) results.push(await arena.load.run({ port: side.port, headers: side.headers, requests, callers, seconds: 0.5, from: results.length * 17 }));
  return results;
}

/**
 * An import into a store that holds the bench's customers, index and duplicates check in place: first alone (rows a second,
 * CPU a row), then with readers of pages beside it (p50 and p95 of the reads, rows a second meanwhile).
 */
export async function measureImport(arena: Arena): Promise<void> {
  const rows = arena.rows ?? Math.min(20_000, arena.customers);
  const callers = arena.callers?.[0] ?? 4;
  const sides = [
    { name: "ours", side: arena.ours as Side, headers: arena.ours.importerHeaders },
    { name: "twin", side: arena.twin as Side, headers: arena.twin.headers },
  ] as const;
  const results: Record<string, { alone: Run; beside: Run; reads: readonly LoadResult[] }> = {};
  const alone: Record<string, Run> = {};
  for (const { name, side, headers } of sides)
    alone[name] = await importOnce(side, headers, arena.ours.postgresPid, writeBenchFile(rows, arena.customers), rows);
  for (const { name, side, headers } of [...sides].reverse()) {
    const { viewId, total } = await openList(side);
    const importing = importOnce(side, headers, arena.ours.postgresPid, writeBenchFile(rows, arena.customers + rows), rows);
    importing.catch(() => undefined);
    const reads = await readMeanwhile(arena, side, pages(viewId, total), callers, importing);
    results[name] = { alone: alone[name]!, beside: await importing, reads };
  }
  const figures = ({ alone: one, beside, reads }: { alone: Run; beside: Run; reads: readonly LoadResult[] }) => {
    const latencies = merge(reads.map((read) => read.latencies));
    return {
      p50Ms: round(quantile(latencies, 0.5)),
      p95Ms: round(quantile(latencies, 0.95)),
      perSecond: one.rowsPerSecond,
      cpuMs: one.cpuMsPerRow,
      rowsPerSecondWithReaders: beside.rowsPerSecond,
      readsPerSecond: round(reads.reduce((sum, read) => sum + read.answers, 0) / reads.reduce((sum, read) => sum + read.seconds, 0), 1),
      added: one.added,
      duplicates: one.duplicates,
      searchableAfterMs: one.searchableAfterMs,
    };
  };
  const [ours, twin] = [figures(results["ours"]!), figures(results["twin"]!)];
  arena.print({
    case: "import",
    shape: `CSV of ${rows} rows, 1 in 50 known; p50 and p95 are of pages read meanwhile`,
    customers: arena.customers,
    callers,
    ours,
    twin,
    ratio: { p95: round(ours.p95Ms / twin.p95Ms, 2), perSecond: round(ours.perSecond / twin.perSecond, 2), cpu: round(ours.cpuMs / twin.cpuMs, 2) },
  });
}
