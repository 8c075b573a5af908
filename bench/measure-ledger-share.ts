import { spawn } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { chmodSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { actSpans, type ActSpans } from "#server/app/act-spans.ts";
import type { Route } from "#server/core/door/index.ts";
import { viewRows } from "#shared/customers.ts";
import { ask } from "./ask.ts";
import { benchColumns } from "./bench-customers.ts";
import { quantile } from "./histogram.ts";
import { round } from "./measure.ts";
import { startLoad } from "./start-load.ts";
import { startProduct } from "./start-product.ts";
import { nodeFlags } from "./start-side.ts";

const customers = 10_000;
const rows = 1000;
const path = "/api/bench/views/:viewId/rows";

/** The page of the product with a higher bound on its rows: its own ends at 100. */
function longPage(routes: readonly Route[]): readonly Route[] {
  const page = routes.find((route) => route.endpoint === viewRows);
  if (page === undefined) throw new Error("the product has no pages");
  const query = viewRows.query.extend({ limit: z.coerce.number().int().min(1).max(rows) });
  return [{ ...page, endpoint: { ...page.endpoint, path, query } as unknown as Route["endpoint"] }];
}

/** {@link measureInThisProcess} in a process of its own, started as ./kuraban starts its server: the nursery of its heap decides when the collector stops it. */
export async function measureLedgerShare(given: { seconds: number; print: (line: object) => void }): Promise<void> {
  const child = spawn(process.execPath, [...nodeFlags, new URL("./ledger-share-main.ts", import.meta.url).pathname, String(given.seconds)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close") as Promise<[number | null]>;
  createInterface({ input: child.stdout }).on("line", (line) => given.print(JSON.parse(line) as object));
  const [code] = await ended;
  if (code !== 0) throw new Error("the ledger's share was not measured to the end");
}

/**
 * The ledger's share of a list of 1,000 rows, from spans of the same requests: making the event, encoding and hashing its
 * 1,000 entries, and what is left of waiting for the database once the reply is ready, against the whole act in the server. One line for each number of callers.
 */
export async function measureInThisProcess(given: { seconds: number; print: (line: object) => void }): Promise<void> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "kuraban-bench-"));
  // PostgreSQL runs as another user when this is root, and has to pass through.
  chmodSync(folder, 0o711);
  const { ready, stop } = await startProduct({ folder, customers, hasWeb: false, addRoutes: longPage });
  const load = startLoad();
  let spans: ActSpans[] = [];
  subscribe(actSpans.name, (message) => {
    if ((message as ActSpans).path === path) spans.push(message as ActSpans);
  });
  try {
    const headers = { cookie: ready.sellerCookie, "x-kuraban": "1" };
    const side = { port: ready.port, headers };
    const opened = await ask(side, { method: "POST", path: "/api/customers/views", body: JSON.stringify({ search: "", columns: benchColumns, first: 0 }) });
    const { viewId, total } = JSON.parse(opened) as { viewId: string; total: number };
    const requests = [0, Math.floor((total - rows) / 2), total - rows].map((offset) => ({
      method: "GET" as const,
      path: `${path.replace(":viewId", viewId)}?offset=${offset}&limit=${rows}`,
    }));
    for (const callers of [1, 4]) {
      const order = { port: ready.port, callers, headers, requests, from: 0 };
      await load.run({ ...order, seconds: 2 });
      spans = [];
      const result = await load.run({ ...order, seconds: Math.max(4, given.seconds) });
      if (Object.keys(result.refusals).length > 0) throw new Error(`answers other than 200 while measuring: ${JSON.stringify(result.refusals)}`);
      const quantileOf = (of: (span: ActSpans) => number, share: number): number => {
        const sorted = spans.map(of).sort((a, b) => a - b);
        return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
      };
      const times = (of: (span: ActSpans) => number) => ({ p50Ms: round(quantileOf(of, 0.5), 2), p95Ms: round(quantileOf(of, 0.95), 2) });
      const whole = times((span) => span.whole);
      const ledger = times((span) => span.making + span.waiting);
      given.print({
        case: "ledger-share",
        shape: `list of ${rows}`,
        rows,
        callers,
        requests: spans.length,
        whole,
        ledger,
        making: times((span) => span.making),
        writing: times((span) => span.writing),
        waiting: times((span) => span.waiting),
        clientP95Ms: round(quantile(result.latencies, 0.95), 2),
        share: { ofP50: round(ledger.p50Ms / whole.p50Ms), ofP95: round(ledger.p95Ms / whole.p95Ms) },
      });
    }
  } finally {
    await load.stop();
    await stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
