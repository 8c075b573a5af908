import { cpus } from "node:os";
import { parseArgs } from "node:util";
import type { Arena } from "./arena.ts";
import { benchAccount } from "./bench-customers.ts";
import type { Figures } from "./measure.ts";
import { measureImport } from "./measure-import.ts";
import { measureDetail, measurePage, measureSearch } from "./measure-looks.ts";
import { measureScreen } from "./measure-screen.ts";
import { startOurs } from "./ours.ts";
import { startLoad } from "./start-load.ts";
import { startTwin } from "./start-side.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    customers: { type: "string" },
    seconds: { type: "string" },
    callers: { type: "string" },
    json: { type: "boolean", default: false },
    rows: { type: "string" },
    deliveries: { type: "string" },
    http: { type: "string" },
    data: { type: "string" },
  },
});
const customers = Number(values.customers ?? 10_000);
const deliveries = Number(values.deliveries ?? 1_000_000);
const callers = values.callers?.split(",").map(Number);
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const print = (line: object): void => void process.stdout.write(`${values.json ? JSON.stringify(line) : plainLine(line as Record<string, unknown>)}\n`);

/** Cases in which the product is compared with the twin. */
const compared: Record<string, (arena: Arena) => Promise<void>> = {
  page: measurePage,
  detail: measureDetail,
  search: measureSearch,
  import: measureImport,
};

/** Cases without a twin, each in a process of its own. */
const alone: Record<string, () => Promise<void>> = {
  ledger: async () => {
    const { measureLedger } = await import("./measure-ledger.ts");
    const { measureLedgerShare } = await import("./measure-ledger-share.ts");
    const seconds = Number(values.seconds ?? 4);
    await measureLedger({ seconds, callers: callers ?? [1, 16, 64, 256], print });
    await measureLedgerShare({ seconds, print });
  },
  incident: async () => {
    if (values.data !== undefined) {
      const { measureStoreIncidents } = await import("./incident-store.ts");
      return measureStoreIncidents({ folder: values.data, print, say });
    }
    const { measureIncidents } = await import("./incident.ts");
    return measureIncidents({ customers: Number(values.customers ?? 20_000), deliveries: Number(values.deliveries ?? 200_000), print, say });
  },
  archive: async () => {
    const { measureArchive } = await import("./archive.ts");
    return measureArchive({ customers, deliveries, print, say });
  },
  match: async () => {
    const { measureMatch } = await import("./match.ts");
    return measureMatch({ customers, rows: Number(values.rows ?? 5_000), print, say });
  },
  exposure: async () => {
    const { measureExposure } = await import("./exposure.ts");
    // At least a million of a hundred.
    const overHttp = Number(values.http ?? Math.min(1_000_000, deliveries / 10));
    return measureExposure({ customers, deliveries, overHttp, folder: values.data, print, say });
  },
};

const wanted = positionals.length === 0 ? Object.keys(compared) : positionals;
if (wanted.some((name) => name !== "screen" && !(name in alone) && !(name in compared)) || !Number.isInteger(customers) || customers < 1000) {
  say(
    `bench: page | detail | search | import | screen, --customers N (1000 or more) [--seconds S] [--callers 1,8] [--rows N] [--json]
bench exposure --customers N --deliveries N [--http N] [--data DIR] [--json]
bench archive --customers N --deliveries N [--json]
bench incident --customers N --deliveries N [--json], or of a store that bench exposure filled: --data DIR
bench match --customers N [--rows 5000] [--json]
bench ledger [--seconds S] [--callers 1,16,64,256] [--json]`,
  );
  process.exit(2);
}
const first = wanted.find((name) => name in alone);
if (first !== undefined) {
  await alone[first]!();
  process.exit(0);
}
say(`bench: ${customers} customers, ${cpus().length} cores, ${benchAccount}; no bound on requests a minute`);
const ours = await startOurs({ customers, hasWeb: wanted.includes("screen") });
try {
  // No twin has screens.
  if (wanted.includes("screen")) await measureScreen({ side: ours, customers, print: (line) => process.stdout.write(`${JSON.stringify(line)}\n`) });
  const names = wanted.filter((name) => name in compared);
  if (names.length > 0) await compareSides(names);
} finally {
  await ours.stop();
}

async function compareSides(names: readonly string[]): Promise<void> {
  const twin = await startTwin({ ownerUrl: ours.ownerUrl, customers, scope: ours.scope });
  const load = startLoad();
  try {
    const arena: Arena = {
      ours,
      twin,
      load,
      customers,
      seconds: values.seconds === undefined ? undefined : Number(values.seconds),
      callers,
      print: values.json ? print : (line) => void process.stdout.write(`${comparison(line as Record<string, unknown>)}\n`),
      rows: values.rows === undefined ? undefined : Number(values.rows),
    };
    for (const name of names) await compared[name]!(arena);
  } finally {
    await load.stop();
    await twin.stop();
  }
}

function comparison(line: Record<string, unknown>): string {
  const { ours: left, twin: right, ratio } = line as unknown as { ours: Figures; twin: Figures; ratio: { p95: number; perSecond: number; cpu: number } };
  const side = (figures: Figures): string => `p50 ${figures.p50Ms} p95 ${figures.p95Ms} ms, ${figures.perSecond}/s, ${figures.cpuMs} ms CPU`;
  return `${String(line["case"])} · ${String(line["shape"])} · ${String(line["callers"])} callers\n  ours ${side(left)}\n  twin ${side(right)}\n  p95 × ${ratio.p95}, throughput × ${ratio.perSecond}, CPU × ${ratio.cpu}`;
}

function plainLine({ case: name, shape, p50Ms, p95Ms, maxMs, n, ...rest }: Record<string, unknown>): string {
  const times = p50Ms === undefined ? "" : `  p50 ${String(p50Ms)} p95 ${String(p95Ms)} max ${String(maxMs)} ms${n === undefined ? "" : ` of ${String(n)}`}`;
  return `${String(shape ?? name)}${times}  ${JSON.stringify(rest)}`;
}
