import { expect } from "vitest";
import type { TestDatabase } from "./database.ts";

/**
 * Holds a row by a connection of its own while acts are begun one after the other; each has come to wait for a lock before the next begins, so
 * that their order is certain. What they come to, once the row is let go.
 */
export async function whileHeld<Result>(
  database: TestDatabase,
  row: { readonly sql: string; readonly values: readonly unknown[] },
  acts: readonly (() => Promise<Result>)[],
): Promise<Result[]> {
  const client = await database.owner.connect();
  const begun: Promise<Result>[] = [];
  try {
    await client.query("begin");
    await client.query(`${row.sql} for update`, [...row.values]);
    for (const act of acts) {
      begun.push(act());
      await expect.poll(() => countWaiting(database), { interval: 10, timeout: 10_000 }).toBe(begun.length);
    }
  } finally {
    await client.query("rollback");
    client.release();
    await Promise.allSettled(begun);
  }
  return Promise.all(begun);
}

async function countWaiting({ owner }: TestDatabase): Promise<number> {
  const { rows } = await owner.query<{ waiting: number }>(
    "select count(*)::integer as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  );
  return rows[0]?.waiting ?? 0;
}
