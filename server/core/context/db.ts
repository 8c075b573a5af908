import type { ClientBase, QueryConfig } from "pg";

/** A transaction. Rows come back as plain objects; `name` makes a prepared statement. */
export interface Db {
  query<Row extends object>(text: string, values?: readonly unknown[], name?: string): Promise<Row[]>;
  /** Runs once the transaction has committed; never when it rolled back. */
  afterCommit(act: () => void): void;
}

export function dbOver(client: Pick<ClientBase, "query">, afterCommit: (() => void)[]): Db {
  return {
    async query<Row extends object>(text: string, values: readonly unknown[] = [], name?: string): Promise<Row[]> {
      const config: QueryConfig = { text, values: values as unknown[] };
      if (name !== undefined) config.name = name;
      const result = await client.query<Row>(config);
      return result.rows;
    },
    afterCommit(act) {
      afterCommit.push(act);
    },
  };
}
