import type { PoolClient } from "pg";
import { loadPolicy, rightsOf, type Policy } from "#server/core/access/policy.ts";
import { noRights } from "#server/core/access/compile.ts";
import { dbOver, type Db } from "#server/core/context/db.ts";
import { openJournal, type JournalEntries } from "#server/core/context/journal.ts";
import type { Actor } from "#server/core/context/context.ts";
import { cutConnection } from "#server/platform/database/pulse.ts";
import { Problem } from "#shared/problems.ts";
import { giveBack, keepOpen, takeConnection } from "./connections.ts";
import type { Context } from "./context.ts";
import { eventOfAct } from "./event-of-act.ts";
import type { ReleasedRecord } from "./field-marks.ts";
import { statementPackets, type StatementPackets } from "./statement-packets.ts";
import type { Storehouse } from "./storehouse.ts";

export interface OpenTransaction {
  readonly db: Db;
  readonly client: PoolClient;
  readonly actor: Actor;
  readonly policy: Policy;
  /** What is in force over the whole storehouse (in-force.ts). */
  readonly inForce: number;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /**
   * Whether the session is what it was taken for. A read begins with what the session's last request learned, so that its
   * first statement travels together with the question who is there; nothing may be released or recorded before this says
   * yes. No: roll back and begin again without guessing.
   */
  confirmed(): Promise<boolean>;
}

interface SessionRow {
  session_id: string;
  account_no: number;
  cells: number[];
  policy_version: number;
  in_force: number;
}

type Given = { session: Buffer; isRead: boolean; mayGuess: boolean } | { as: "system" | "console" | "anyone" };

/**
 * Begins a transaction with who acts and under which policy, in one round trip. `session` is the SHA-256 of the session
 * token (32 bytes); `as` names the principal when there is no session. A read leaves nothing behind that must outlive a
 * crash (its event is made durable by itself), so its commit waits for no disk; and where it wrote nothing at all, its end
 * travels with the beginning of the next transaction on the connection, or goes out by itself a moment later.
 * @throws Problem not-signed-in, storehouse-unavailable
 */
export async function beginTransaction(storehouse: Storehouse, given: Given, now: Date): Promise<OpenTransaction> {
  if (storehouse.isReachable?.() === false) {
    throw new Problem("storehouse-unavailable");
  }
  const { client, isOpen } = await takeConnection(storehouse);
  const afterCommit: (() => void)[] = [];
  let hasEnded = false;
  let hasWritten = !("session" in given) || !given.isRead;
  const packets = "session" in given && given.isRead ? statementPackets(client) : undefined;
  const db = dbOver(
    client,
    afterCommit,
    () => {
      hasWritten = true;
    },
    packets,
  );
  const ending = {
    async commit(): Promise<void> {
      hasEnded = true;
      packets?.flush();
      if (hasWritten) {
        const impatience = "session" in given ? setTimeout(() => cutConnection(client), longestCommitMs) : undefined;
        try {
          await client.query("commit");
        } catch (error) {
          giveBack(storehouse, client, true);
          throw error;
        } finally {
          clearTimeout(impatience);
        }
        giveBack(storehouse, client);
      } else {
        keepOpen(storehouse, client);
      }
      for (const act of afterCommit) {
        act();
      }
    },
    /** Does nothing once the transaction has ended. */
    async rollback(): Promise<void> {
      if (hasEnded) {
        return;
      }
      hasEnded = true;
      packets?.flush();
      try {
        await client.query("rollback");
        giveBack(storehouse, client);
      } catch {
        giveBack(storehouse, client, true);
      }
    },
  };
  try {
    const begin = isOpen ? "commit; begin" : "begin";
    if ("session" in given) {
      const hash = given.session.toString("hex");
      // Both literals are made here from 32 bytes and a Date; nothing a caller sent can stand in this text.
      const text = `${begin};${given.isRead ? " set local synchronous_commit = off;" : ""} select * from begin_session('\\x${hash}', '${now.toISOString()}')`;
      const guess = given.mayGuess ? guessesOf(storehouse).get(hash) : undefined;
      if (packets !== undefined && guess !== undefined && guess.policy === storehouse.policy) {
        const asked = beginRead(packets, isOpen, hash, now);
        asked.catch(() => undefined);
        return { db, client, ...guess, ...ending, confirmed: async () => isSame(guess, await asked) };
      }
      const row = ((await client.query(text)) as unknown as Answers).at(-1)?.rows[0];
      if (row === undefined) {
        guessesOf(storehouse).delete(hash);
        throw new Problem("not-signed-in");
      }
      const policy = await policyAt(storehouse, db, row.policy_version);
      const actor: Account = {
        principal: "account",
        accountNo: row.account_no,
        sessionId: row.session_id,
        rights: rightsOf(policy, row.account_no),
        cells: row.cells,
      };
      keepGuess(storehouse, hash, { actor, policy, inForce: row.in_force });
      return { db, client, actor, policy, inForce: row.in_force, ...ending, confirmed: isCertain };
    }
    const isHouse = given.as !== "anyone";
    const results = (await client.query(
      `${begin}; ${
        isHouse
          ? "select set_config('kuraban.reads_all', 'on', true), set_config('kuraban.companies', 'on', true), set_config('kuraban.account', '', true), set_config('kuraban.house', 'on', true);"
          : "select set_config('kuraban.reads_all', 'off', true), set_config('kuraban.companies', 'off', true), set_config('kuraban.account', '', true);"
      } select policy_version, in_force_at(o, '${now.toISOString()}') as in_force from organisation o`,
    )) as unknown as { rows: { policy_version: number; in_force: number }[] }[];
    const row = results.at(-1)?.rows[0];
    const policy = await policyAt(storehouse, db, row?.policy_version ?? 0);
    return {
      db,
      client,
      actor: { principal: given.as, accountNo: null, sessionId: null, rights: noRights, cells: [] },
      policy,
      inForce: row?.in_force ?? 0,
      ...ending,
      confirmed: isCertain,
    };
  } catch (error) {
    await ending.rollback();
    throw error;
  }
}

type Answers = readonly { readonly rows: readonly SessionRow[] }[];
/** Whoever waits longer, because a disk's flush does not come back, is told that it is not known to stand; it may. */
const longestCommitMs = 12_000;
const isCertain = async (): Promise<boolean> => true;

/**
 * The beginning of a read, in one packet with the first statements that are asked for after it in the same turn: the end of the
 * read before on this connection, who is there, and that nobody waits for a disk. Undefined: nobody is there.
 */
async function beginRead(packets: StatementPackets, isOpen: boolean, hash: string, now: Date): Promise<SessionRow | undefined> {
  const begun = packets.query(isOpen ? { name: "read-after-read", text: "commit and chain", values: [] } : { name: "read-begin", text: "begin", values: [] });
  const asked = packets.query({
    name: "read-session",
    text: "select *, set_config('synchronous_commit', 'off', true) from begin_session($1, $2)",
    values: [`\\x${hash}`, now.toISOString()],
  });
  const [{ rows }] = await Promise.all([asked, begun]);
  return rows[0] as SessionRow | undefined;
}

type Account = Extract<Actor, { principal: "account" }>;
interface Guess {
  readonly actor: Account;
  readonly policy: Policy;
  readonly inForce: number;
}

/** Who was there at a session's last request, by the hash of its token. Never believed, only a first guess. */
const guesses = new WeakMap<Storehouse, Map<string, Guess>>();
const mostGuesses = 10_000;

function guessesOf(storehouse: Storehouse): Map<string, Guess> {
  let known = guesses.get(storehouse);
  if (known === undefined) {
    known = new Map();
    guesses.set(storehouse, known);
  }
  return known;
}

function keepGuess(storehouse: Storehouse, hash: string, guess: Guess): void {
  const known = guessesOf(storehouse);
  known.delete(hash);
  known.set(hash, guess);
  if (known.size > mostGuesses) {
    known.delete(known.keys().next().value as string);
  }
}

function isSame({ actor, policy, inForce }: Guess, row: SessionRow | undefined): boolean {
  return (
    row !== undefined &&
    row.session_id === actor.sessionId &&
    row.account_no === actor.accountNo &&
    row.policy_version === policy.version &&
    row.in_force === inForce &&
    row.cells.length === actor.cells.length &&
    row.cells.every((cellNo, at) => cellNo === actor.cells[at])
  );
}

async function policyAt(storehouse: Storehouse, db: Db, version: number): Promise<Policy> {
  const known = storehouse.policy;
  if (known !== undefined && known.version === version) {
    return known;
  }
  const policy = await loadPolicy(db);
  if (storehouse.policy === undefined || storehouse.policy.version < policy.version) {
    storehouse.policy = policy;
  }
  return policy;
}

/** What the contexts of requests and of the house's own work share. */
export function contextOver(
  storehouse: Storehouse,
  transaction: OpenTransaction,
  given: { event: string; now: Date; requestId: string; address: string; device: string },
): { context: Context; entries: JournalEntries } {
  const { journal, entries } = openJournal(given.event);
  return {
    entries,
    context: {
      actor: transaction.actor,
      policy: transaction.policy,
      inForce: transaction.inForce,
      db: transaction.db,
      journal,
      door: storehouse.door,
      now: given.now,
      requestId: given.requestId,
      address: given.address,
      device: given.device,
    },
  };
}

/**
 * An act of the house itself (a job, the command line) in its own transaction, with its event. `event: null` is for work
 * that looks at nothing and changes nothing that the ledger speaks of.
 */
export async function actAs<Result>(
  storehouse: Storehouse,
  principal: "system" | "console",
  event: string,
  requestId: string,
  act: (context: Context) => Promise<Result>,
): Promise<Result> {
  return recordedAct(storehouse, principal, event, requestId, act);
}

/**
 * An act of the house on behalf of an account: principal `system`, but only the account's rows are in reach and `rights` are
 * the account's, both as they stand now. The event names the account in its facts.
 * @throws Problem not-permitted when the account is not active any more, or frozen
 */
export async function actFor<Result>(
  storehouse: Storehouse,
  accountNo: number,
  event: string,
  requestId: string,
  act: (context: Context) => Promise<Result>,
): Promise<Result> {
  return recordedAct(storehouse, "system", event, requestId, async (context) => act(await actingFor(context, accountNo)));
}

/**
 * The house's own context, narrowed to what an account reaches and may do as it stands now.
 * @throws Problem not-permitted when the account is not active any more, or frozen
 */
export async function actingFor(context: Context, accountNo: number): Promise<Context> {
  const [scope] = await context.db.query<{ cells: number[] }>(
    `select c.cells,
            set_config('kuraban.account', a.account_no::text, true),
            set_config('kuraban.reads_all', case when c.reads_all_customers then 'on' else 'off' end, true),
            set_config('kuraban.cells', case when c.reads_cell_customers then c.cells::text else '{}' end, true),
            set_config('kuraban.own', case when c.reads_own_customers then a.account_no::text else '0' end, true),
            set_config('kuraban.companies', case when c.reads_companies then 'on' else 'off' end, true)
       from accounts a join account_scopes c using (account_no) where a.account_no = $1 and a.state = 'active' and a.frozen_until <= $2 and a.served_until > $2`,
    [accountNo, context.now],
  );
  if (scope === undefined) {
    throw new Problem("not-permitted");
  }
  context.journal.fact("accountNo", accountNo);
  return { ...context, actor: { principal: "system", accountNo: null, sessionId: null, rights: rightsOf(context.policy, accountNo), cells: scope.cells } };
}

/** An act of the house in its own transaction with its event, which says what `released` gives once the act is done. */
export async function recordedAct<Result>(
  storehouse: Storehouse,
  principal: "system" | "console",
  event: string,
  requestId: string,
  act: (context: Context, entries: JournalEntries) => Promise<Result>,
  released: () => readonly ReleasedRecord[] = () => [],
): Promise<Result> {
  const now = storehouse.clock();
  const transaction = await beginTransaction(storehouse, { as: principal }, now);
  const { context, entries } = contextOver(storehouse, transaction, { event, now, requestId, address: "", device: "" });
  const given = { released: [], actor: transaction.actor, now, requestId, address: "", policyVersion: transaction.policy.version };
  try {
    const result = await act(context, entries);
    await storehouse.door.recordIn(transaction.db, eventOfAct({ ...given, released: released(), entries, outcome: "ok" }));
    await transaction.commit();
    return result;
  } catch (error) {
    await transaction.rollback().catch(() => undefined);
    await recordNoAct(storehouse, eventOfAct({ ...given, ...outcomeOf(error, entries) }));
    throw error;
  }
}

/** What came of an act that did not come about: its type, its facts and why. What it had sealed falls with it. */
function outcomeOf(error: unknown, entries: JournalEntries): { entries: JournalEntries; outcome: "refused" | "failed" } {
  const code = error instanceof Problem ? error.code : error instanceof Error && error.name === "AbortError" ? "stopped" : "unexpected";
  return {
    entries: { ...entries, facts: { ...entries.facts, code }, writes: [], touches: [], sealedFacts: [] },
    outcome: error instanceof Problem ? "refused" : "failed",
  };
}

async function recordNoAct(storehouse: Storehouse, event: ReturnType<typeof eventOfAct>): Promise<void> {
  try {
    await storehouse.door.append(event);
  } catch {
    storehouse.door.unrecorded?.();
  }
}
