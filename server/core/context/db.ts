import type { ClientBase, QueryConfig } from "pg";

/**
 * A transaction. Rows come back as plain objects; `name` makes a prepared statement; `binary` spares blobs the way through
 * hexadecimal text (for columns of integers, text, times and bytes).
 */
export interface Db {
  query<Row extends object>(text: string, values?: readonly unknown[], name?: string, format?: "text" | "binary"): Promise<Row[]>;
  /** Runs once the transaction has committed; never when it rolled back. */
  afterCommit(act: () => void): void;
}

export function dbOver(client: Pick<ClientBase, "query">, afterCommit: (() => void)[]): Db {
  return {
    async query<Row extends object>(text: string, values: readonly unknown[] = [], name?: string, format?: "text" | "binary"): Promise<Row[]> {
      const config: QueryConfig & { binary?: boolean } = { text, values: values as unknown[] };
      if (name !== undefined) config.name = name;
      if (format === "binary") config.binary = true;
      const result = await client.query<Row>(config);
      return result.rows;
    },
    afterCommit(act) {
      afterCommit.push(act);
    },
  };
}
