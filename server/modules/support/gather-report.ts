import { statfs } from "node:fs/promises";
import { arch, availableParallelism, loadavg, platform, release, totalmem } from "node:os";
import { queryOver, type Context } from "#server/core/door/index.ts";
import { countUnsequenced, findCheckpoint } from "#server/core/ledger/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { downloadSupportBundle } from "#shared/support.ts";

export type SupportReport = ReplyOf<typeof downloadSupportBundle>;
type Figures = SupportReport["product"];

/** How many of the newest events are looked through for refusals, and how many of those are told. */
const mostEvents = 10_000;
const mostRefusals = 300;
const megabyte = 1024 * 1024;

/** Settings that say how the server works. Names of hosts, users, files and folders are not among them. */
const toldSettings = [
  "server_version",
  "server_encoding",
  "TimeZone",
  "max_connections",
  "shared_buffers",
  "effective_cache_size",
  "work_mem",
  "maintenance_work_mem",
  "temp_buffers",
  "wal_level",
  "fsync",
  "full_page_writes",
  "synchronous_commit",
  "wal_compression",
  "max_wal_size",
  "min_wal_size",
  "checkpoint_timeout",
  "random_page_cost",
  "effective_io_concurrency",
  "jit",
  "autovacuum",
  "default_statistics_target",
  "statement_timeout",
  "lock_timeout",
  "idle_in_transaction_session_timeout",
  "max_parallel_workers",
  "log_statement",
  "ssl",
];

const figures = (from: Readonly<Record<string, number | string | boolean | null>>): Figures =>
  Object.entries(from).flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));

async function timed(act: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await act();
  return Math.round((performance.now() - from) * 100) / 100;
}

async function timingsOf({ db }: Context): Promise<Figures> {
  const trips: number[] = [];
  for (let round = 0; round < 5; round += 1) trips.push(await timed(() => db.query("select 1")));
  return figures({
    databaseRoundTripLeast: Math.min(...trips),
    databaseRoundTripMost: Math.max(...trips),
    countOfNewestEvents: await timed(() => db.query("select count(*) from (select from ledger_events order by event_no desc limit 1000) newest")),
    loadOfOneMinute: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  });
}

async function diskOf(folder: string): Promise<Figures> {
  const { bsize, blocks, bavail } = await statfs(folder).catch(() => ({ bsize: 0, blocks: 0, bavail: 0 }));
  return blocks === 0 ? [] : figures({ bytes: bsize * blocks, freeBytes: bsize * bavail });
}

async function ledgerOf({ db, door }: Context): Promise<Figures> {
  const query = queryOver(db);
  const checkpoint = await findCheckpoint(query);
  const [last] = await db.query<{ at: Date; ok: boolean }>("select at, ok from ledger_verifications order by verification_no desc limit 1");
  return figures({
    isRecording: door.isRecording(),
    epoch: checkpoint?.epochNo ?? null,
    treeSize: checkpoint?.treeSize ?? null,
    sealedAt: checkpoint?.at.toISOString() ?? null,
    waiting: await countUnsequenced(query),
    lastVerifiedAt: last?.at.toISOString() ?? null,
    lastVerifiedOk: last?.ok ?? null,
  });
}

async function settingsOf({ db, policy }: Context): Promise<Figures> {
  const [organisation] = await db.query<{ combined_office: boolean; idle_lock_seconds: number; policy_version: number }>(
    "select combined_office, idle_lock_seconds, policy_version from organisation",
  );
  const accounts = await db.query<{ state: string; count: number }>("select state, count(*)::integer as count from accounts group by state");
  return figures({
    combinedOffice: organisation?.combined_office ?? null,
    idleLockSeconds: organisation?.idle_lock_seconds ?? null,
    policyVersion: organisation?.policy_version ?? null,
    roles: policy.roles.size,
    ...Object.fromEntries(accounts.map(({ state, count }) => [`accounts ${state}`, count])),
  });
}

/**
 * Everything that helps to help, as numbers, codes, versions and times. Whatever could name somebody or lead to them is left
 * out: values, messages, account numbers, addresses, host names, paths (tests/sentinels/support-bundle.db.test.ts).
 */
export async function gatherReport(context: Context, { version }: { version: string }): Promise<SupportReport> {
  const { db, now, door } = context;
  const tables = await db.query<{ name: string; rows: number; bytes: number }>(
    `select relname as name, greatest(reltuples, 0)::float8 as rows, pg_total_relation_size(oid)::float8 as bytes
       from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by relname`,
  );
  const migrations = await db.query<{ number: number; name: string; applied_at: Date }>("select number, name, applied_at from migrations order by number");
  const postgres = await db.query<{ name: string; value: string }>(
    "select name, setting || coalesce(' ' || unit, '') as value from pg_settings where name = any($1) order by name",
    [toldSettings],
  );
  const refusals = await db.query<{ at: Date; type: string; outcome: string; code: string; request_id: string }>(
    `select at, type, header::jsonb->>'outcome' as outcome, coalesce(header::jsonb->'facts'->>'code', '') as code, header::jsonb->>'requestId' as request_id
       from (select at, type, header from ledger_events order by event_no desc limit ${mostEvents}) newest
      where header::jsonb->>'outcome' <> 'ok' limit ${mostRefusals}`,
  );
  const jobs = await db.query<{ task: string; waiting: number; starts: number; failures: number; last_error: string | null; next_at: Date }>(
    `select task, count(*)::integer as waiting, sum(starts)::integer as starts, sum(failures)::integer as failures, max(last_error) as last_error,
            min(run_at) as next_at from jobs group by task order by task`,
  );
  return {
    madeAt: now.toISOString(),
    product: figures({
      version,
      node: process.versions.node,
      platform: `${platform()} ${release()} ${arch()}`,
      processors: availableParallelism(),
      memoryMegabytes: Math.round(totalmem() / megabyte),
      processMegabytes: Math.round(process.memoryUsage().rss / megabyte),
      upSeconds: Math.round(process.uptime()),
    }),
    settings: await settingsOf(context),
    tables,
    migrations: migrations.map(({ number, name, applied_at: appliedAt }) => ({ number, name, appliedAt: appliedAt.toISOString() })),
    postgres,
    ledger: await ledgerOf(context),
    refusals: refusals.map(({ at, type, outcome, code, request_id: requestId }) => ({ at: at.toISOString(), type, outcome, code, requestId })),
    jobs: jobs.map(({ task, waiting, starts, failures, last_error: lastError, next_at: nextAt }) => ({
      task,
      waiting,
      starts,
      failures,
      lastError,
      nextAt: nextAt.toISOString(),
    })),
    timings: await timingsOf(context),
    disk: await diskOf(door.filesFolder),
  };
}
