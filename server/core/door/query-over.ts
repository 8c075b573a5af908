import type { Db } from "#server/core/context/db.ts";
import type { Query } from "#server/core/ledger/index.ts";

/** The ledger's way of asking, within the transaction of `db`: what is read of it is what that transaction sees. */
export function queryOver(db: Pick<Db, "query">): Query {
  return { query: async (text, values) => ({ rows: await db.query<Record<string, unknown>>(text, values ?? []) }) };
}
