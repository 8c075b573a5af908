import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { ask } from "./ask.ts";
import { benchAccount, benchColumns, ownShare } from "./bench-customers.ts";
import { compareReplies } from "./compare-replies.ts";
import type { LoadRequest } from "./load.ts";
import { figuresOf, measureBoth, measureSlice, round, type Figures } from "./measure.ts";
import { measureImport } from "./measure-import.ts";
import { startOurs, type Ours } from "./ours.ts";
import { measureScreen } from "./measure-screen.ts";
import { drawTerms } from "./query-shapes.ts";
import { startLoad, type LoadGenerator } from "./start-load.ts";
import { startBare, startTwin, type Side } from "./start-side.ts";
import { searchWays, type SearchWay } from "./twin/serve-twin.ts";

/** The two sides with the same customers in one PostgreSQL server, and the load generator. */
export interface Arena {
  readonly ours: Ours;
  readonly twin: Side & { readonly databaseUrl: string };
  readonly load: LoadGenerator;
  readonly customers: number;
  readonly seconds: number | undefined;
  readonly callers: readonly number[] | undefined;
  /** Rows of the file that is imported. */
  readonly rows: number | undefined;
  readonly print: (line: object) => void;
}

const pageSize = 50;
const ratioOf = (ours: Figures, twin: Figures) => ({
  p95: round(ours.p95Ms / twin.p95Ms, 2),
  perSecond: round(ours.perSecond / twin.perSecond, 2),
  cpu: round(ours.cpuMs / twin.cpuMs, 2),
});

/** The account's whole list, opened on one side: its handle and length. */
async function openList(side: Side): Promise<{ viewId: string; total: number }> {
  return JSON.parse(
    await ask(side, { method: "POST", path: "/api/customers/views", body: JSON.stringify({ search: "", columns: benchColumns, first: 0 }) }),
  ) as { viewId: string; total: number };
}

/** Page offsets spread over the whole list, the same on both sides. */
const offsets = (total: number): number[] => Array.from({ length: 400 }, (_, index) => (index * 7919) % Math.max(1, total - pageSize));
const pages = (viewId: string, total: number): LoadRequest[] =>
  offsets(total).map((offset) => ({ method: "GET", path: `/api/customers/views/${viewId}/rows?offset=${offset}&limit=${pageSize}` }));
/** The account's own customers stand at every {@link ownShare}th number. */
const ownNumber = (at: number): number => at * ownShare + 1;
const zip = (left: readonly LoadRequest[], right: readonly LoadRequest[]): (readonly [LoadRequest, LoadRequest])[] =>
  left.map((request, index) => [request, right[index]!] as const);

async function benchPage(arena: Arena): Promise<void> {
  const [left, right] = [await openList(arena.ours), await openList(arena.twin)];
  const requests = { ours: pages(left.viewId, left.total), twin: pages(right.viewId, right.total) };
  await compareReplies(arena.ours, arena.twin, zip(requests.ours, requests.twin).slice(0, 60));
  await compareLoads(
    arena,
    "page",
    requests,
    offsets(left.total).map((offset) => ({
      method: "GET",
      path: `/page?numbers=${Array.from({ length: pageSize }, (_, at) => ownNumber(offset + at)).join()}`,
    })),
  );
}

async function benchDetail(arena: Arena): Promise<void> {
  const numbers = offsets(Math.floor(arena.customers / ownShare)).map(ownNumber);
  const requests = numbers.map((no): LoadRequest => ({ method: "GET", path: `/api/customers/${no}` }));
  await compareReplies(arena.ours, arena.twin, zip(requests, requests).slice(0, 200));
  await compareLoads(
    arena,
    "detail",
    { ours: requests, twin: requests },
    numbers.map((no) => ({ method: "GET", path: `/detail/${no}` })),
  );
}

/** Ours against the twin, then the twin against a bare server: an honest twin keeps at least 0.7 of it. */
async function compareLoads(arena: Arena, what: string, requests: { ours: LoadRequest[]; twin: LoadRequest[] }, bareRequests: LoadRequest[]): Promise<void> {
  const { load, ours, twin } = arena;
  const seconds = arena.seconds ?? 12;
  for (const callers of arena.callers ?? [32]) {
    const figures = await measureBoth({
      load,
      postgresPid: ours.postgresPid,
      callers,
      seconds,
      ours: { side: ours, requests: requests.ours },
      twin: { side: twin, requests: requests.twin },
    });
    const bare = await startBare(twin.databaseUrl);
    try {
      const floor = await measureBoth({
        load,
        postgresPid: ours.postgresPid,
        callers,
        seconds: seconds / 2,
        ours: { side: twin, requests: requests.twin },
        twin: { side: bare, requests: bareRequests },
      });
      arena.print({
        case: what,
        shape: what === "page" ? `${pageSize} rows of ${benchColumns.length} fields` : "one customer, all fields",
        customers: arena.customers,
        callers,
        ...figures,
        ratio: ratioOf(figures.ours, figures.twin),
        twinOfBare: { perSecond: round(floor.ours.perSecond / floor.twin.perSecond, 2), cpu: round(floor.ours.cpuMs / floor.twin.cpuMs, 2) },
      });
    } finally {
      await bare.stop();
    }
  }
}

async function benchSearch(arena: Arena): Promise<void> {
  const { load, ours, twin } = arena;
  const terms = drawTerms(arena.customers, 60);
  const request = (search: string, way?: SearchWay): LoadRequest => ({
    method: "POST",
    path: `/api/customers/views${way === undefined ? "" : `?way=${way}`}`,
    body: JSON.stringify({ search, columns: benchColumns, first: pageSize }),
  });
  for (const [shape, list] of terms) {
    await compareReplies(
      ours,
      twin,
      list.map((term) => [request(term), request(term)] as const),
    );
    const way = await fastestWay(
      arena,
      list.map((term) => (trial: SearchWay) => request(term, trial)),
    );
    for (const callers of arena.callers ?? [1, 8]) {
      const figures = await measureBoth({
        load,
        postgresPid: ours.postgresPid,
        callers,
        seconds: arena.seconds ?? 4,
        ours: { side: ours, requests: list.map((term) => request(term)) },
        twin: { side: twin, requests: list.map((term) => request(term, way)) },
      });
      arena.print({ case: "search", shape, customers: arena.customers, callers, ...figures, ratio: ratioOf(figures.ours, figures.twin), twinWay: way });
    }
  }
}

/** The way in which the twin answers these queries soonest, by p95 at one caller. */
async function fastestWay(arena: Arena, requests: readonly ((way: SearchWay) => LoadRequest)[]): Promise<SearchWay> {
  const trials: { way: SearchWay; p95: number }[] = [];
  for (const way of Object.keys(searchWays) as SearchWay[]) {
    const slice = await measureSlice({
      load: arena.load,
      side: arena.twin,
      postgresPid: arena.ours.postgresPid,
      requests: requests.map((of) => of(way)),
      callers: 1,
      seconds: 0.7,
      from: 0,
    });
    trials.push({ way, p95: figuresOf([slice]).p95Ms });
  }
  return trials.reduce((best, trial) => (trial.p95 < best.p95 ? trial : best)).way;
}

const cases: Record<string, (arena: Arena) => Promise<void>> = {
  page: benchPage,
  detail: benchDetail,
  search: benchSearch,
  import: (arena) => measureImport(arena, openList, pages),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    customers: { type: "string", default: "10000" },
    seconds: { type: "string" },
    callers: { type: "string" },
    json: { type: "boolean", default: false },
    rows: { type: "string" },
    deliveries: { type: "string", default: "1000000" },
    http: { type: "string" },
    data: { type: "string" },
  },
});
const wanted = positionals.length === 0 ? Object.keys(cases) : positionals;
const customers = Number(values.customers);
/** Cases without a twin. */
const alone: ReadonlySet<string> = new Set(["screen", "archive", "match", "exposure", "incident", "ledger"]);
if (wanted.some((name) => !alone.has(name) && !(name in cases)) || !Number.isInteger(customers) || customers < 1000) {
  process.stderr.write(
    "bench: page | detail | search | import | screen, --customers N (1000 or more) [--seconds S] [--callers 1,8] [--rows N] [--json]\n" +
      "bench exposure --customers N --deliveries N [--http N] [--data DIR] [--json]\n" +
      "bench archive --customers N --deliveries N [--json]\n" +
      "bench incident --customers N --deliveries N [--json], or of a store that bench exposure filled: --data DIR\n" +
      "bench match --customers N [--rows 5000] [--json]\n" +
      "bench ledger [--seconds S] [--callers 1,16,64,256] [--json]\n",
  );
  process.exit(2);
}
const say = (text: string): void => void process.stderr.write(`${text}\n`);
if (positionals.includes("ledger")) {
  const { measureLedger } = await import("./measure-ledger.ts");
  const { measureLedgerShare } = await import("./measure-ledger-share.ts");
  const print = (line: object): void => void process.stdout.write(`${values.json ? JSON.stringify(line) : exposureLine(line as Record<string, unknown>)}\n`);
  const seconds = Number(values.seconds ?? 4);
  await measureLedger({ seconds, callers: (values.callers ?? "1,16,64,256").split(",").map(Number), print });
  await measureLedgerShare({ seconds, print });
  process.exit(0);
}
if (positionals.includes("incident") && values.data !== undefined) {
  const { measureStoreIncidents } = await import("./incident-store.ts");
  const print = (line: object): void => void process.stdout.write(`${values.json ? JSON.stringify(line) : exposureLine({ shape: "incident", ...line })}\n`);
  await measureStoreIncidents({ folder: values.data, print, say });
  process.exit(0);
}
if (positionals.includes("incident")) {
  const { measureIncidents } = await import("./incident.ts");
  const print = (line: object): void => void process.stdout.write(`${values.json ? JSON.stringify(line) : exposureLine({ shape: "incident", ...line })}\n`);
  const isGiven = (name: string): boolean => process.argv.includes(`--${name}`);
  await measureIncidents({
    customers: isGiven("customers") ? customers : 20_000,
    deliveries: isGiven("deliveries") ? Number(values.deliveries) : 200_000,
    print,
    say,
  });
  process.exit(0);
}
if (positionals.includes("archive")) {
  const { measureArchive } = await import("./archive.ts");
  const print = (line: object): void => void process.stdout.write(`${values.json ? JSON.stringify(line) : exposureLine(line as Record<string, unknown>)}\n`);
  await measureArchive({ customers, deliveries: Number(values.deliveries), print, say });
  process.exit(0);
}
if (positionals.includes("match")) {
  const { measureMatch } = await import("./match.ts");
  const print = (line: object): void => void process.stdout.write(`${values.json ? JSON.stringify(line) : exposureLine(line as Record<string, unknown>)}\n`);
  await measureMatch({ customers, rows: Number(values.rows ?? 5_000), print, say });
  process.exit(0);
}
if (positionals.includes("exposure")) {
  const { measureExposure } = await import("./exposure.ts");
  const deliveries = Number(values.deliveries);
  await measureExposure({
    customers,
    deliveries,
    // At least a million of a hundred.
    overHttp: Number(values.http ?? Math.min(1_000_000, deliveries / 10)),
    folder: values.data,
    print: (line) => process.stdout.write(`${values.json ? JSON.stringify(line) : exposureLine(line as Record<string, unknown>)}\n`),
    say,
  });
  process.exit(0);
}
say(`bench: ${customers} customers, ${cpus().length} cores, ${benchAccount}; no bound on requests a minute`);
const ours = await startOurs({ customers, hasWeb: wanted.includes("screen") });
try {
  // No twin has screens.
  if (wanted.includes("screen")) await measureScreen({ side: ours, customers, print: (line) => process.stdout.write(`${JSON.stringify(line)}\n`) });
  const compared = wanted.filter((name) => name in cases);
  if (compared.length > 0) await compareSides(compared);
} finally {
  await ours.stop();
}

async function compareSides(names: readonly string[]): Promise<void> {
  const twin = await startTwin({ ownerUrl: ours.ownerUrl, customers, scope: ours.scope });
  const load = startLoad();
  try {
    const print = (line: object): void => void process.stdout.write(`${values.json ? JSON.stringify(line) : tableLine(line as Record<string, unknown>)}\n`);
    const arena: Arena = {
      ours,
      twin,
      load,
      customers,
      seconds: values.seconds === undefined ? undefined : Number(values.seconds),
      callers: values.callers?.split(",").map(Number),
      print,
      rows: values.rows === undefined ? undefined : Number(values.rows),
    };
    for (const name of names) await cases[name]!(arena);
  } finally {
    await load.stop();
    await twin.stop();
  }
}

function tableLine(line: Record<string, unknown>): string {
  const { ours: left, twin: right, ratio } = line as unknown as { ours: Figures; twin: Figures; ratio: { p95: number; perSecond: number; cpu: number } };
  const side = (figures: Figures): string => `p50 ${figures.p50Ms} p95 ${figures.p95Ms} ms, ${figures.perSecond}/s, ${figures.cpuMs} ms CPU`;
  return `${String(line["case"])} · ${String(line["shape"])} · ${String(line["callers"])} callers\n  ours ${side(left)}\n  twin ${side(right)}\n  p95 × ${ratio.p95}, throughput × ${ratio.perSecond}, CPU × ${ratio.cpu}`;
}

function exposureLine({ shape, p50Ms, p95Ms, maxMs, n, ...rest }: Record<string, unknown>): string {
  const times = n === undefined ? "" : `  p50 ${String(p50Ms)} p95 ${String(p95Ms)} max ${String(maxMs)} ms of ${String(n)}`;
  return `${String(shape)}${times}  ${JSON.stringify(rest)}`;
}
