import type { PoolClient } from "pg";
import { loadPolicy, rightsOf, type Policy } from "#server/core/access/policy.ts";
import { noRights } from "#server/core/access/compile.ts";
import { dbOver, type Db } from "#server/core/context/db.ts";
import { openJournal, type JournalEntries } from "#server/core/context/journal.ts";
import type { Actor } from "#server/core/context/context.ts";
import { Problem } from "#shared/problems.ts";
import type { Context } from "./context.ts";
import { eventOfAct } from "./event-of-act.ts";
import type { Storehouse } from "./storehouse.ts";

export interface OpenTransaction {
  readonly db: Db;
  readonly client: PoolClient;
  readonly actor: Actor;
  readonly policy: Policy;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

interface SessionRow {
  session_id: string;
  account_no: number;
  cells: number[];
  policy_version: number;
}

/**
 * Begins a transaction with who acts and under which policy, in one round trip. `session` is the SHA-256 of the session
 * token (32 bytes); `as` names the principal when there is no session. A read leaves nothing behind that must outlive a
 * crash (its event is made durable by itself), so its commit waits for no disk.
 * @throws Problem not-signed-in, storehouse-unavailable
 */
export async function beginTransaction(
  storehouse: Storehouse,
  given: { session: Buffer; isRead?: boolean } | { as: "system" | "console" | "anyone" },
  now: Date,
): Promise<OpenTransaction> {
  const client = await connect(storehouse);
  const afterCommit: (() => void)[] = [];
  const db = dbOver(client, afterCommit);
  let hasEnded = false;
  const ending = {
    async commit(): Promise<void> {
      hasEnded = true;
      try {
        await client.query("commit");
      } catch (error) {
        client.release(true);
        throw error;
      }
      client.release();
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
      try {
        await client.query("rollback");
        client.release();
      } catch {
        client.release(true);
      }
    },
  };
  try {
    if ("session" in given) {
      // Both literals are made here from 32 bytes and a Date; nothing a caller sent can stand in this text.
      const results = (await client.query(
        `begin;${given.isRead === true ? " set local synchronous_commit = off;" : ""} select * from begin_session('\\x${given.session.toString("hex")}', '${now.toISOString()}')`,
      )) as unknown as { rows: SessionRow[] }[];
      const row = results.at(-1)?.rows[0];
      if (row === undefined) {
        throw new Problem("not-signed-in");
      }
      const policy = await policyAt(storehouse, db, row.policy_version);
      const actor: Actor = {
        principal: "account",
        accountNo: row.account_no,
        sessionId: row.session_id,
        rights: rightsOf(policy, row.account_no),
        cells: row.cells,
      };
      return { db, client, actor, policy, ...ending };
    }
    const isHouse = given.as !== "anyone";
    const results = (await client.query(
      `begin; ${
        isHouse
          ? "select set_config('kuraban.reads_all', 'on', true), set_config('kuraban.companies', 'on', true), set_config('kuraban.account', '', true), set_config('kuraban.house', 'on', true);"
          : "select set_config('kuraban.reads_all', 'off', true), set_config('kuraban.companies', 'off', true), set_config('kuraban.account', '', true);"
      } select policy_version from organisation`,
    )) as unknown as { rows: { policy_version: number }[] }[];
    const policy = await policyAt(storehouse, db, results[2]?.rows[0]?.policy_version ?? 0);
    return { db, client, actor: { principal: given.as, accountNo: null, sessionId: null, rights: noRights, cells: [] }, policy, ...ending };
  } catch (error) {
    await ending.rollback();
    throw error;
  }
}

async function connect(storehouse: Storehouse): Promise<PoolClient> {
  try {
    return await storehouse.pool.connect();
  } catch {
    throw new Problem("storehouse-unavailable");
  }
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
 * @throws Problem not-permitted when the account is not active any more
 */
export async function actFor<Result>(
  storehouse: Storehouse,
  accountNo: number,
  event: string,
  requestId: string,
  act: (context: Context) => Promise<Result>,
): Promise<Result> {
  return recordedAct(storehouse, "system", event, requestId, async (context) => {
    const [scope] = await context.db.query<{ cells: number[] }>(
      `select c.cells,
              set_config('kuraban.account', a.account_no::text, true),
              set_config('kuraban.reads_all', case when c.reads_all_customers then 'on' else 'off' end, true),
              set_config('kuraban.cells', case when c.reads_cell_customers then c.cells::text else '{}' end, true),
              set_config('kuraban.own', case when c.reads_own_customers then a.account_no::text else '0' end, true),
              set_config('kuraban.companies', case when c.reads_companies then 'on' else 'off' end, true)
         from accounts a join account_scopes c using (account_no) where a.account_no = $1 and a.state = 'active'`,
      [accountNo],
    );
    if (scope === undefined) {
      throw new Problem("not-permitted");
    }
    context.journal.fact("accountNo", accountNo);
    return act({
      ...context,
      actor: { principal: "system", accountNo: null, sessionId: null, rights: rightsOf(context.policy, accountNo), cells: scope.cells },
    });
  });
}

async function recordedAct<Result>(
  storehouse: Storehouse,
  principal: "system" | "console",
  event: string,
  requestId: string,
  act: (context: Context) => Promise<Result>,
): Promise<Result> {
  const now = storehouse.clock();
  const transaction = await beginTransaction(storehouse, { as: principal }, now);
  try {
    const { context, entries } = contextOver(storehouse, transaction, { event, now, requestId, address: "", device: "" });
    const result = await act(context);
    await storehouse.door.recordIn(
      transaction.db,
      eventOfAct({ entries, released: [], actor: transaction.actor, now, requestId, address: "", policyVersion: transaction.policy.version, outcome: "ok" }),
    );
    await transaction.commit();
    return result;
  } catch (error) {
    await transaction.rollback().catch(() => undefined);
    throw error;
  }
}
