import { queryOver, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { runSoon } from "#server/platform/jobs/index.ts";
import { dayInJapan } from "#shared/day-in-japan.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { trendWeeks, type countReach, type largestReach, type ReachFigure, type showReach as endpoint } from "#shared/reach.ts";
import { countTask } from "./count-reach.ts";
import { reachNow } from "./reach-now.ts";

const dayMs = 86_400_000;

interface KeptRow {
  readonly key: string;
  readonly day: string;
  readonly people: number;
  readonly released: number | null;
}

/** The figures of one kind as they are at this moment, with what was kept of the last weeks. */
export async function showReach(context: Context, { params }: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { db, policy, now, journal } = context;
  const { figures, customers } = await reachNow(queryOver(db), policy, params.kind, now);
  const from = trendFrom(now);
  const kept = await keptSince(
    context,
    params.kind,
    figures.map((figure) => figure.key),
    from,
  );
  const [counted] = await db.query<{ counted_at: Date; took_ms: number; figures: number }>(
    "select counted_at, took_ms, figures from reach_counts order by day desc limit 1",
  );
  const [counting] = await db.query<{ done: number; of: number }>('select done, "of" from reach_counting');
  journal.fact("kind", params.kind);
  journal.fact("figures", figures.length);
  return {
    at: now.toISOString(),
    customers,
    figures: figures.map((figure): ReachFigure => {
      const rows = kept.get(figure.key) ?? [];
      return {
        key: figure.key,
        accountNos: [...figure.accountNos],
        people: figure.people,
        classes: [...figure.classes],
        sessions: figure.sessions,
        device:
          figure.device === null ? null : { name: figure.device.name, lastAt: figure.device.lastAt.toISOString(), released: rows.at(-1)?.released ?? null },
        trend: rows.map(({ day, people }) => ({ day, people })),
      };
    }),
    from,
    counted: counted === undefined ? null : { at: counted.counted_at.toISOString(), tookMs: counted.took_ms, figures: counted.figures },
    counting: counting ?? null,
  };
}

const shownOnHome = 3;
const trendFrom = (now: Date): string => dayInJapan(new Date(now.getTime() - trendWeeks * 7 * dayMs));

/** The largest accounts of the last count. */
export async function showLargest(context: Context): Promise<ReplyOf<typeof largestReach>> {
  const { db, now } = context;
  const from = trendFrom(now);
  const [counted] = await db.query<{ counted_at: Date }>("select counted_at from reach_counts order by day desc limit 1");
  const rows = await db.query<{ key: string; people: number }>(
    `select key, people from (select distinct on (key) key, people, unmasked from reach_figures where kind = 'account' order by key, day desc) last
      where people > 0 order by people desc, (select sum(one) from unnest(unmasked) one) desc, key limit ${shownOnHome}`,
  );
  const kept = await keptSince(
    context,
    "account",
    rows.map((row) => row.key),
    from,
  );
  return {
    countedAt: counted?.counted_at.toISOString() ?? null,
    from,
    figures: rows.map(({ key, people }) => ({
      accountNo: Number(key),
      people,
      trend: (kept.get(key) ?? []).map((row) => ({ day: row.day, people: row.people })),
    })),
  };
}

/** Of each figure the changes since a day and the last one before it, ascending. */
async function keptSince({ db }: Pick<Context, "db">, kind: string, keys: readonly string[], from: string): Promise<Map<string, KeptRow[]>> {
  const rows = await db.query<KeptRow>(
    `select f.key, f.day::text as day, f.people, f.released from reach_figures f
      where f.kind = $1 and f.key = any($2)
        and f.day >= coalesce((select max(b.day) from reach_figures b where b.kind = f.kind and b.key = f.key and b.day <= $3), $3)
      order by f.key, f.day`,
    [kind, keys, from],
  );
  const byKey = new Map<string, KeptRow[]>();
  for (const row of rows) {
    const known = byKey.get(row.key);
    if (known === undefined) byKey.set(row.key, [row]);
    else known.push(row);
  }
  return byKey;
}

/** The count that comes round is taken up at once. */
export async function askForCount(context: Context): Promise<ReplyOf<typeof countReach>> {
  await runSoon(context.db, countTask);
  return {};
}
