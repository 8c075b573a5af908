import type { Pool } from "pg";
import type { Query } from "#server/core/ledger/index.ts";
import { Problem } from "#shared/problems.ts";

/**
 * Looks at the whole storehouse as it stands at one moment, rows of every scope and the ledger together, without writing.
 * For the house's own work: nothing that a person asked for is read this way.
 * @throws Problem storehouse-unavailable
 */
export async function withSnapshot<Result>(pool: Pool, look: (query: Query) => Promise<Result>): Promise<Result> {
  const client = await pool.connect().catch(() => {
    throw new Problem("storehouse-unavailable");
  });
  let isSound = false;
  try {
    await client.query("begin isolation level repeatable read read only");
    await client.query("select set_config('kuraban.reads_all', 'on', true), set_config('kuraban.companies', 'on', true)");
    const result = await look({ query: async (text, values) => client.query<Record<string, unknown>>(text, values ?? []) });
    await client.query("rollback");
    isSound = true;
    return result;
  } finally {
    client.release(!isSound);
  }
}
