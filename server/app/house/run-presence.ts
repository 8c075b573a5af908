import { createHash } from "node:crypto";
import pg from "pg";
import { listEvents, type Query } from "#server/core/ledger/index.ts";

/** A run of the storehouse in one process, visible to the others on the same database for as long as it lives. */
export interface RunPresence {
  /** The database's time in ms since 1970, brought to the moment of the answer; null where it does not answer, or slowly. */
  databaseTime(): Promise<number | null>;
  end(): Promise<void>;
}

/** A run that ended without a word. */
export interface UncleanEnd {
  readonly run: string;
  readonly openedAt: Date;
}

/** The advisory lock that a run holds by its connection: it is free the moment the process is gone. */
function lockOf(run: string): string {
  return createHash("sha256").update(`kuraban run ${run}`).digest().readBigInt64BE(0).toString();
}

/** Opens a connection that holds the lock of the run; opened anew, with the lock, whenever it broke. */
export async function beginRun(connection: pg.ClientConfig, run: string): Promise<RunPresence> {
  let client: pg.Client | undefined;
  let hasEnded = false;
  const connect = async (): Promise<pg.Client> => {
    if (client !== undefined) return client;
    const opened = new pg.Client({ ...connection, application_name: "kuraban run", keepAlive: true, connectionTimeoutMillis: 3_000, query_timeout: 3_000 });
    const forget = (): void => {
      if (client === opened) client = undefined;
    };
    opened.on("error", forget);
    opened.on("end", forget);
    await opened.connect();
    await opened.query("select pg_try_advisory_lock($1::bigint)", [lockOf(run)]);
    client = opened;
    return opened;
  };
  await connect();
  return {
    async databaseTime() {
      if (hasEnded) return null;
      try {
        const asking = await connect();
        const asked = performance.now();
        const { rows } = await asking.query<{ ms: number }>("select extract(epoch from clock_timestamp())::float8 * 1000 as ms");
        const tookMs = performance.now() - asked;
        const at = rows[0]?.ms ?? null;
        // A slow answer says little about when the clock was read.
        return at === null || tookMs > 500 ? null : at + tookMs / 2;
      } catch {
        return null;
      }
    },
    async end() {
      hasEnded = true;
      await client?.end().catch(() => undefined);
    },
  };
}

/** Openings that are looked back upon. */
const lookedBack = 200;

/** Runs that were opened, never closed, are not running any more, and that no later opening has named. */
export async function findUncleanEnds(query: Query): Promise<UncleanEnd[]> {
  const { events } = await listEvents(query, { types: ["storehouse.opened", "storehouse.closed"], isRecent: true, limit: lookedBack });
  const ended = new Set<unknown>();
  const opened: UncleanEnd[] = [];
  for (const { type, at, facts } of events) {
    const { run, uncleanEnds } = facts;
    if (type === "storehouse.closed") ended.add(run);
    else if (typeof run === "string") opened.push({ run, openedAt: at });
    if (Array.isArray(uncleanEnds)) for (const end of uncleanEnds as unknown[]) ended.add(end);
  }
  const unclean: UncleanEnd[] = [];
  for (const each of opened) {
    if (!ended.has(each.run) && !(await isRunning(query, each.run))) unclean.push(each);
  }
  return unclean;
}

async function isRunning(query: Query, run: string): Promise<boolean> {
  const { rows } = await query.query("select pg_try_advisory_xact_lock($1::bigint) as is_free", [lockOf(run)]);
  return rows[0]?.["is_free"] !== true;
}
