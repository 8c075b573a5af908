import { loadPolicy } from "#server/core/access/policy.ts";
import type { Storehouse } from "#server/core/door/index.ts";
import { matchEvents, peopleSeen, type Query } from "#server/core/ledger/index.ts";
import type { Job } from "#server/platform/jobs/index.ts";
import { dayInJapan } from "#shared/day-in-japan.ts";
import { reachKinds, type ReachKind } from "#shared/reach.ts";
import { lookBackMs, reachNow, type ReachNow } from "./reach-now.ts";

export const countTask = "reach.count";
/** Four times a day, so that no day is left out; the last count of a day stands. */
export const countEverySeconds = 6 * 3_600;
const keptDays = 400;
const dayMs = 86_400_000;
/** Between two notes of how far a count came. */
const noteEvery = 20;

interface Kept {
  readonly kind: ReachKind;
  readonly key: string;
  readonly people: number;
  readonly readable: readonly number[];
  readonly unmasked: readonly number[];
  readonly released: number | null;
}

/**
 * Counts what every account, role and device reaches now, and of devices whom they were shown, and keeps what differs from the day
 * before. Run again on a day it replaces that day. Takes numbers from one table to another: no event of its own.
 */
export async function countReach(storehouse: Storehouse, job: Pick<Job, "signal">): Promise<void> {
  const begun = performance.now();
  const now = storehouse.clock();
  const query: Query = { query: async (text, values) => storehouse.pool.query<Record<string, unknown>>(text, values ?? []) };
  const policy = storehouse.policy ?? (await loadPolicy({ query: async <Row extends object>(text: string) => (await query.query(text)).rows as Row[] }));
  const found: Kept[] = [];
  for (const kind of reachKinds) {
    const { figures } = await reachNow(query, policy, kind, now);
    const released = kind === "device" ? await releasedBy(storehouse, job, figures, now) : undefined;
    for (const figure of figures) found.push(keptOf(kind, figure, released?.get(figure.key) ?? null));
  }
  await keep(query, found, dayInJapan(now), now, Math.round(performance.now() - begun));
}

function keptOf(kind: ReachKind, figure: ReachNow, released: number | null): Kept {
  return {
    kind,
    key: figure.key,
    people: figure.people,
    readable: figure.classes.map(({ read }) => read),
    unmasked: figure.classes.map(({ full }) => full),
    released,
  };
}

/** How many people each device was shown since the time that is looked back to. */
async function releasedBy({ pool }: Storehouse, job: Pick<Job, "signal">, devices: readonly ReachNow[], now: Date): Promise<Map<string, number>> {
  const released = new Map<string, number>();
  const from = new Date(now.getTime() - lookBackMs);
  await pool.query('insert into reach_counting (done, "of") values (0, $1) on conflict (one) do update set done = 0, "of" = excluded."of"', [devices.length]);
  try {
    for (const [at, { key }] of devices.entries()) {
      job.signal.throwIfAborted();
      const events = await matchEvents(pool, { deviceIds: [key], from });
      released.set(key, events.size === 0 ? 0 : (await peopleSeen(pool, events, { kind: "customer" })).nos.length);
      if (at % noteEvery === 0) await pool.query("update reach_counting set done = $1", [at]);
    }
  } finally {
    await pool.query("delete from reach_counting");
  }
  return released;
}

async function keep(query: Query, found: readonly Kept[], day: string, now: Date, tookMs: number): Promise<void> {
  const { rows } = await query.query(
    "select distinct on (kind, key) kind, key, people, readable, unmasked, released from reach_figures where day < $1 order by kind, key, day desc",
    [day],
  );
  const former = new Map((rows as unknown as Kept[]).map((row) => [`${row.kind} ${row.key}`, row]));
  const changed: Kept[] = [];
  for (const figure of found) {
    const name = `${figure.kind} ${figure.key}`;
    const before = former.get(name);
    former.delete(name);
    if (before === undefined || JSON.stringify(numbersOf(before)) !== JSON.stringify(numbersOf(figure))) changed.push(figure);
  }
  // What is there no more reaches nobody from today on.
  for (const gone of former.values()) if (gone.people > 0) changed.push({ ...gone, people: 0, readable: [0, 0, 0, 0], unmasked: [0, 0, 0, 0], released: null });
  await query.query(
    `with today as (delete from reach_figures where day = $1 and not exists (
              select from jsonb_to_recordset($2::jsonb) as f (kind text, key text) where f.kind = reach_figures.kind and f.key = reach_figures.key))
     insert into reach_figures (kind, key, day, people, readable, unmasked, released)
     select kind, key, $1, people, array(select jsonb_array_elements_text(readable)::integer), array(select jsonb_array_elements_text(unmasked)::integer), released
       from jsonb_to_recordset($2::jsonb) as f (kind text, key text, people integer, readable jsonb, unmasked jsonb, released integer)
     on conflict (kind, key, day) do update
       set people = excluded.people, readable = excluded.readable, unmasked = excluded.unmasked, released = excluded.released`,
    [day, JSON.stringify(changed)],
  );
  await query.query(
    `insert into reach_counts (day, counted_at, took_ms, figures) values ($1, $2, $3, $4)
     on conflict (day) do update set counted_at = excluded.counted_at, took_ms = excluded.took_ms, figures = excluded.figures`,
    [day, now, tookMs, found.length],
  );
  const oldest = dayInJapan(new Date(now.getTime() - keptDays * dayMs));
  await query.query(
    `delete from reach_figures f where f.day < $1
        and exists (select from reach_figures n where n.kind = f.kind and n.key = f.key and n.day > f.day and n.day <= $1)`,
    [oldest],
  );
  await query.query("delete from reach_counts where day < $1", [oldest]);
}

const numbersOf = ({ people, readable, unmasked, released }: Kept): readonly unknown[] => [people, readable, unmasked, released];
