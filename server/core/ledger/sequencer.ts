import pg from "pg";
import { findCurrentEpoch, sequencerLock, type Epoch } from "./epoch.ts";
import { signingKey } from "./ed25519.ts";
import { loadTree, takeRound, type Tree } from "./round.ts";
import { formatCheckpoint, signNote } from "./signed-note.ts";
import { rootOfFrontier } from "./merkle.ts";
import { cutConnection } from "#server/platform/database/pulse.ts";

export interface SequencerOptions {
  /** How to reach the database as kuraban_ledger; the sequencer keeps a connection of its own. */
  readonly connection: pg.ClientConfig;
  /** Seed (32 bytes) of the current epoch's Ed25519 key. */
  readonly checkpointSeed: Buffer;
  readonly now: () => Date;
  /** A clock that never goes back, in ms since any moment: by it a checkpoint is due each second. The machine's unless given. */
  readonly monotonicMs?: () => number;
  /** Told of failures it recovers from by itself, by a word and without any value. */
  readonly onTrouble?: (what: string) => void;
}

export interface Sequencer {
  /** Wakes it: there are events to order. */
  nudge(): void;
  /** Orders and signs everything committed so far; for tests, backups and the console. False when another one leads. */
  sequenceNow(): Promise<boolean>;
  /** Whether this one holds the lock. */
  isLeading(): boolean;
  /** Orders and signs what is there, then lets go. */
  stop(): Promise<void>;
}

const workingPauseMs = 200;
const idlePauseMs = 1000;
const checkpointPauseMs = 1000;
/** A connection that says nothing for so long is given up, and another one opened. */
const longestAskMs = 3000;

interface Leadership {
  readonly client: pg.Client;
  readonly epoch: Epoch;
  readonly tree: Tree;
  /** Size at the last checkpoint of this epoch. */
  signedSize: number;
  signedAt: number;
}

/**
 * Starts a sequencer; of all started on one database one leads, by an advisory lock of its session, and another takes over
 * when that session ends: at once when its process dies, within ten seconds when it merely hangs. Should two believe that
 * they lead, the primary key of ledger_rounds lets one of them through, and the other begins anew from what is stored.
 */
export function startSequencer(options: SequencerOptions): Sequencer {
  const onTrouble = options.onTrouble ?? (() => undefined);
  const monotonicMs = options.monotonicMs ?? (() => performance.now());
  let leadership: Leadership | undefined;
  /** The connection of one that stands by: to open it anew for each question costs the server a process each second. */
  let standby: pg.Client | undefined;
  let isStopping = false;
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();
  let idleTurns = 0;

  const standDown = async (client: pg.Client): Promise<void> => {
    if (leadership?.client === client) leadership = undefined;
    if (standby === client) standby = undefined;
    await client.end().catch(() => undefined);
  };

  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({
      application_name: "kuraban sequencer",
      keepAlive: true,
      connectionTimeoutMillis: 3000,
      query_timeout: 30_000,
      ...options.connection,
    });
    client.on("error", () => void standDown(client));
    client.on("end", () => void standDown(client));
    try {
      await client.connect();
      return client;
    } catch (error) {
      await letGo(client);
      throw error;
    }
  };

  const lead = async (): Promise<Leadership | undefined> => {
    if (leadership !== undefined) return leadership;
    const client = standby ?? (await connect());
    try {
      const question: pg.QueryConfig & { query_timeout: number } = {
        text: `select pg_is_in_recovery() as is_replica, not pg_is_in_recovery() and pg_try_advisory_lock${sequencerLock} as leads,
                 set_config('idle_session_timeout', '10s', false), set_config('statement_timeout', '30s', false)`,
        query_timeout: longestAskMs,
      };
      const { rows } = await client.query<{ leads: boolean; is_replica: boolean }>(question);
      if (rows[0]?.leads !== true) {
        standby = client;
        return undefined;
      }
      standby = undefined;
      const epoch = await findCurrentEpoch(client);
      if (epoch === undefined) throw new Error("no epoch was started");
      if (!signingKey(options.checkpointSeed).publicKey.equals(epoch.publicKey)) throw new Error("the checkpoint key is not that of the current epoch");
      const tree = await loadTree(client);
      const signed = await client.query<{ tree_size: number | null }>("select max(tree_size) as tree_size from ledger_checkpoints where epoch_no = $1", [
        epoch.epochNo,
      ]);
      leadership = { client, epoch, tree, signedSize: Number(signed.rows[0]?.tree_size ?? -1), signedAt: -Infinity };
      return leadership;
    } catch (error) {
      if (standby === client) {
        // It did not answer whether it may lead: that it would answer a farewell cannot be waited for.
        standby = undefined;
        cutConnection(client);
      } else await letGo(client);
      throw error;
    }
  };

  const signTree = async (leader: Leadership): Promise<void> => {
    const { client, epoch, tree } = leader;
    const { size } = tree.frontier;
    if (size <= leader.signedSize) return;
    const rootHash = rootOfFrontier(tree.frontier);
    const note = signNote(formatCheckpoint(epoch.origin, size, rootHash), epoch.origin, options.checkpointSeed);
    await client.query(
      `insert into ledger_checkpoints (epoch_no, tree_size, root_hash, at, note) values ($1, $2, $3, $4, $5)
       on conflict do nothing`,
      [epoch.epochNo, size, rootHash, options.now(), note],
    );
    leader.signedSize = size;
    leader.signedAt = monotonicMs();
  };

  /** One turn: everything that is there into the tree, and a checkpoint when one is due. */
  const work = async (isUrgent: boolean): Promise<boolean> => {
    const leader = await lead();
    if (leader === undefined) return false;
    try {
      let isFull = true;
      while (isFull) {
        const { taken, isFull: hasMore } = await takeRound(leader.client, leader.tree, leader.epoch.epochNo);
        isFull = hasMore;
        idleTurns = taken > 0 ? 0 : idleTurns + 1;
        if (isUrgent ? !isFull : monotonicMs() - leader.signedAt >= checkpointPauseMs) await signTree(leader);
      }
      return true;
    } catch (error) {
      await standDown(leader.client);
      throw error;
    }
  };

  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const result = turn.then(act);
    turn = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  };

  const schedule = (pauseMs: number): void => {
    clearTimeout(timer);
    if (isStopping) return;
    timer = setTimeout(() => void tick(), pauseMs);
  };

  const tick = async (): Promise<void> => {
    try {
      await inTurn(() => work(false));
    } catch (error) {
      onTrouble(error instanceof Error ? error.message : "unknown trouble");
    }
    // A tree that grew since its last checkpoint is signed within the second, so the pause stays short until then.
    const isSettled = leadership === undefined || leadership.signedSize >= leadership.tree.frontier.size;
    schedule(isSettled && idleTurns > 5 ? idlePauseMs : leadership === undefined ? idlePauseMs : workingPauseMs);
  };

  schedule(0);

  return {
    nudge() {
      if (idleTurns <= 5) return;
      idleTurns = 0;
      schedule(workingPauseMs);
    },
    sequenceNow: () => inTurn(() => work(true)),
    isLeading: () => leadership !== undefined,
    async stop() {
      isStopping = true;
      clearTimeout(timer);
      await inTurn(async () => {
        if (standby !== undefined) await letGo(standby);
        if (leadership === undefined) return;
        const { client } = leadership;
        await work(true).catch(() => undefined);
        leadership = undefined;
        await letGo(client);
      });
    },
  };
}

/** Unlocks before leaving: a server notices the end of a connection only a little later. */
async function letGo(client: pg.Client): Promise<void> {
  await client.query("select pg_advisory_unlock_all()").catch(() => undefined);
  await client.end().catch(() => undefined);
}
