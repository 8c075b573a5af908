import type { Pool, PoolClient } from "pg";
import { largeFrom } from "#shared/ledger-filter.ts";
import { offHours } from "./find-events.ts";

const eventsAtOnce = 50_000;

/**
 * Counts events by hours and days as far as the ledger is settled: up to there no number will ever be filled in. A part at a
 * time, each with how far it went in one transaction, so that nothing is counted twice however it ends. `pool`: of the
 * login of the ledger; the application's reads these counts and cannot write them.
 */
export async function countHours(pool: Pool, signal?: AbortSignal, atOnce = eventsAtOnce): Promise<void> {
  const client = await pool.connect();
  try {
    while (await countPart(client, atOnce)) {
      signal?.throwIfAborted();
    }
  } finally {
    client.release();
  }
}

/** True where there may be more. */
async function countPart(client: PoolClient, atOnce: number): Promise<boolean> {
  await client.query("begin");
  try {
    const { rows } = await client.query<{ low: string; settled: string }>(
      `select counted_to as low, coalesce((select settled_event_no from ledger_rounds order by round_no desc limit 1), 0) as settled
         from record_hours_state for update of record_hours_state skip locked`,
    );
    const [state] = rows;
    const low = Number(state?.low ?? 0);
    const high = Math.min(Number(state?.settled ?? 0), low + atOnce);
    if (state !== undefined && high > low) {
      await client.query(countSql, [low, high]);
      await client.query("update record_hours_state set counted_to = $1", [high]);
    }
    await client.query("commit");
    return high > low && high < Number(state?.settled ?? 0);
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}

const key = "account_no, type, outcome, purpose, address, is_large";
const added = (table: string): string => `
   set events = ${table}.events + excluded.events,
       first_event_no = least(${table}.first_event_no, excluded.first_event_no),
       last_event_no = greatest(${table}.last_event_no, excluded.last_event_no)`;

const countSql = `
with counted as materialized (
  select date_trunc('hour', at, 'Asia/Tokyo') as hour, coalesce(account_no, 0) as account_no, type, h->>'outcome' as outcome,
         coalesce(h->>'purpose', '') as purpose, coalesce(h->>'address', '') as address,
         coalesce((h->'entries'->>'count')::integer, 0) >= ${largeFrom} as is_large,
         count(*)::integer as events, min(event_no) as first_event_no, max(event_no) as last_event_no
    from (select event_no, at, account_no, type, header::jsonb as h from ledger_events where event_no > $1 and event_no <= $2 offset 0) new
   group by 1, 2, 3, 4, 5, 6, 7
), hours as (
  insert into record_hours (hour, ${key}, events, first_event_no, last_event_no)
  select hour, ${key}, events, first_event_no, last_event_no from counted order by hour, ${key}
      on conflict (hour, ${key}) do update ${added("record_hours")}
), days as (
  insert into record_days (day, ${key}, is_off_hours, events, first_event_no, last_event_no)
  select date_trunc('day', hour, 'Asia/Tokyo'), ${key}, ${offHours("hour")}, sum(events), min(first_event_no), max(last_event_no)
    from counted group by 1, 2, 3, 4, 5, 6, 7, 8 order by 1, 2, 3, 4, 5, 6, 7, 8
      on conflict (day, ${key}, is_off_hours) do update ${added("record_days")}
)
insert into record_spans (hour, events, refused, first_event_no, last_event_no)
select hour, sum(events), coalesce(sum(events) filter (where outcome = 'refused'), 0), min(first_event_no), max(last_event_no) from counted group by 1 order by 1
    on conflict (hour) do update ${added("record_spans")}, refused = record_spans.refused + excluded.refused`;
