import type { ClientBase } from "pg";

/** A transaction. Rows come back as plain objects; `name` makes a prepared statement. */
export interface Db {
  query<Row extends object>(text: string, values?: readonly unknown[], name?: string): Promise<Row[]>;
  /** Runs once the transaction has committed; never when it rolled back. */
  afterCommit(act: () => void): void;
}

export function dbOver(client: Pick<ClientBase, "query">, afterCommit: (() => void)[]): Db {
  return {
    async query<Row extends object>(text: string, values: readonly unknown[] = [], name?: string): Promise<Row[]> {
      const config = { text, values: values as unknown[] };
      const result = await client.query<Row>(name === undefined ? config : { ...config, name });
      return result.rows;
    },
    afterCommit(act) {
      afterCommit.push(act);
    },
  };
}
