import pg from "pg";
import type { Credentials } from "./credentials.ts";
import { withLogin } from "./database-url.ts";
import { cutConnection } from "./pulse.ts";
import { appLogin, ledgerLogin } from "./set-up-logins.ts";
import { valueTypes } from "./value-types.ts";

export type Pools = {
  /** For everything: owns nothing, row-level security holds for it. */
  readonly app: pg.Pool;
  /** For the sequencer alone. */
  readonly ledger: pg.Pool;
  /** Breaks every connection, so that whoever waits on one is refused now; new ones are opened when they are asked for. */
  readonly cut: () => void;
  readonly close: () => Promise<void>;
};

export type PoolOptions = {
  readonly ownerUrl: string;
  readonly credentials: Pick<Credentials, "app" | "ledger">;
  /** Folder in which old months of the ledger lie; every connection says it, for each node may have its own. */
  readonly ledgerFolder?: string | undefined;
  /** Most connections of the app at a time; 16 unless told. */
  readonly appConnections?: number;
  /** Hears of idle connections that broke (the server went away); pools open new ones by themselves. */
  readonly onError?: (error: Error) => void;
};

export function openPools(options: PoolOptions): Pools {
  const { ownerUrl, credentials } = options;
  const connected = new Set<pg.PoolClient>();
  const open = (login: string, password: string, max: number) => {
    // Statements that were asked for together are sent together: a round trip costs more than most of them.
    const pool = new pg.Pool({
      ...sessionSettings,
      options: optionsFor(options.ledgerFolder),
      pipeline: true,
      lock_timeout: longestLockWaitMs,
      connectionString: withLogin(ownerUrl, login, password),
      max,
    });
    pool.on("error", options.onError ?? (() => undefined));
    // A pool listens to its idle connections only. One that breaks while it is lent out, with nobody listening, would end the
    // whole process; whoever holds it learns of it by the query that fails.
    pool.on("connect", (client) => {
      client.on("error", () => undefined);
      connected.add(client);
    });
    pool.on("remove", (client) => void connected.delete(client));
    return pool;
  };
  const app = open(appLogin, credentials.app, options.appConnections ?? 16);
  const ledger = open(ledgerLogin, credentials.ledger, 3);
  return {
    app,
    ledger,
    cut() {
      for (const client of connected) cutConnection(client);
    },
    close: async () => void (await Promise.all([app.end(), ledger.end()])),
  };
}

/** One connection as the owner, for migrating and for backups. The caller ends it. */
export async function connectOwner(ownerUrl: string, ledgerFolder?: string): Promise<pg.Client> {
  const client = new pg.Client({ ...sessionSettings, options: optionsFor(ledgerFolder), connectionString: ownerUrl });
  // Without a listener, a server that goes away would end the whole process.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

/** Whoever waits longer for a row or a table is refused and may try again, instead of hanging with a connection in hand. */
const longestLockWaitMs = 10_000;

/**
 * How soon the server notices that a node has vanished, and lets go of what it held locked: after about ten seconds instead of
 * the two hours of RFC 9293. Over a socket file these say nothing.
 */
const noticesVanished = "-c tcp_keepalives_idle=4 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3";

/** Percent-encoded, so that nothing in a path ends the option. */
function optionsFor(ledgerFolder: string | undefined): string {
  return ledgerFolder === undefined ? noticesVanished : `${noticesVanished} -c kuraban.ledger_folder=${encodeURIComponent(ledgerFolder)}`;
}

const sessionSettings = {
  types: valueTypes,
  application_name: "kuraban",
  connectionTimeoutMillis: 10_000,
  idle_in_transaction_session_timeout: 60_000,
  keepAlive: true,
  options: noticesVanished,
} satisfies pg.PoolConfig;
