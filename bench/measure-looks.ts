import type { Arena } from "./arena.ts";
import { ask } from "./ask.ts";
import { benchColumns, ownShare } from "./bench-customers.ts";
import { compareReplies } from "./compare-replies.ts";
import type { LoadRequest } from "./load.ts";
import { figuresOf, measureBoth, measureSlice, round, type Figures } from "./measure.ts";
import { drawTerms } from "./query-shapes.ts";
import { startBare, type Side } from "./start-side.ts";
import { searchWays, type SearchWay } from "./twin/serve-twin.ts";

const pageSize = 50;
const ratioOf = (ours: Figures, twin: Figures) => ({
  p95: round(ours.p95Ms / twin.p95Ms, 2),
  perSecond: round(ours.perSecond / twin.perSecond, 2),
  cpu: round(ours.cpuMs / twin.cpuMs, 2),
});

/** The account's whole list, opened on one side: its handle and length. */
export async function openList(side: Side): Promise<{ viewId: string; total: number }> {
  return JSON.parse(
    await ask(side, { method: "POST", path: "/api/customers/views", body: JSON.stringify({ search: "", columns: benchColumns, first: 0 }) }),
  ) as { viewId: string; total: number };
}

/** Page offsets spread over the whole list, the same on both sides. */
const offsets = (total: number): number[] => Array.from({ length: 400 }, (_, index) => (index * 7919) % Math.max(1, total - pageSize));
export const pages = (viewId: string, total: number): LoadRequest[] =>
  offsets(total).map((offset) => ({ method: "GET", path: `/api/customers/views/${viewId}/rows?offset=${offset}&limit=${pageSize}` }));
/** The account's own customers stand at every {@link ownShare}th number. */
const ownNumber = (at: number): number => at * ownShare + 1;
const zip = (left: readonly LoadRequest[], right: readonly LoadRequest[]): (readonly [LoadRequest, LoadRequest])[] =>
  left.map((request, index) => [request, right[index]!] as const);

export async function measurePage(arena: Arena): Promise<void> {
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

export async function measureDetail(arena: Arena): Promise<void> {
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

export async function measureSearch(arena: Arena): Promise<void> {
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
