import type { ClientBase, QueryConfig } from "pg";

/** A transaction. Rows come back as plain objects; `name` makes a prepared statement. */
export interface Db {
  query<Row extends object>(text: string, values?: readonly unknown[], name?: string): Promise<Row[]>;
  /**
   * A write that may be lost with the node, and that others see a moment later: it lets a read end as one that wrote nothing
   * (a handle of a list, made at each search).
   */
  note(text: string, values: readonly unknown[], name: string): Promise<void>;
  /** Runs once the transaction has committed; never when it rolled back. */
  afterCommit(act: () => void): void;
}

/** Anything else may write, `with` included. */
const isPlainRead = /^\s*select\s(?![^]*\bfor (?:no key )?update)/i;

/** Where named statements go, if not to the client one by one. */
interface NamedStatements {
  query(statement: { readonly name: string; readonly text: string; readonly values: readonly unknown[] }): Promise<{ readonly rows: readonly object[] }>;
  flush(): void;
}

/** `onWrite` hears of every statement that may have written. */
export function dbOver(client: Pick<ClientBase, "query">, afterCommit: (() => void)[], onWrite?: () => void, named?: NamedStatements): Db {
  return {
    async query<Row extends object>(text: string, values: readonly unknown[] = [], name?: string): Promise<Row[]> {
      if (!isPlainRead.test(text)) onWrite?.();
      if (named !== undefined && name !== undefined) return (await named.query({ name, text, values })).rows as Row[];
      named?.flush();
      const config: QueryConfig = { text, values: values as unknown[] };
      if (name !== undefined) config.name = name;
      const result = await client.query<Row>(config);
      return result.rows;
    },
    async note(text, values, name) {
      if (named !== undefined) return void (await named.query({ name, text, values }));
      await client.query({ text, values: values as unknown[], name });
    },
    afterCommit(act) {
      afterCommit.push(act);
    },
  };
}
