import pg from "pg";
import utils from "pg/lib/utils.js";

/** A prepared statement to be run: `name` stands for `text` on every connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

export interface Answer {
  readonly rows: readonly Record<string, unknown>[];
}

/**
 * Statements of one transaction. Those asked for in the same turn go out together, with one Sync behind them (PostgreSQL,
 * frontend/backend protocol, extended query): one answer is flushed and read for all, and no statement whose columns are known
 * is asked to describe them again. When one fails, those behind it in the packet fail with it.
 */
export interface StatementPackets {
  query(statement: Statement): Promise<Answer>;
  /** Sends what waits for the end of the turn now; before anything else is asked of the connection. */
  flush(): void;
}

/** What of a connection of pg is used here; its types leave most of it out. */
interface Wire {
  readonly stream: { cork(): void; uncork(): void };
  readonly parsedStatements: Readonly<Record<string, string | undefined>>;
  bind(given: { statement: string; values: readonly unknown[]; valueMapper: (value: unknown) => unknown }): void;
  execute(given: object): void;
  sync(): void;
}
interface Shape {
  readonly text: string;
  parseRow(fields: readonly (string | null)[]): Record<string, unknown>;
}
interface Step {
  readonly statement: Statement;
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** The columns of statements, by name: how rows are read without asking for them. */
const shapes = new Map<string, Shape>();

export function statementPackets(client: pg.ClientBase): StatementPackets {
  const { connection } = client as unknown as { connection: Wire };
  let waiting: Step[] = [];

  const isKnown = ({ statement: { name, text } }: Step): boolean => connection.parsedStatements[name] === text && shapes.get(name)?.text === text;

  const flush = (): void => {
    if (waiting.length === 0) return;
    const steps = waiting;
    waiting = [];
    connection.stream.cork();
    try {
      for (let at = 0; at < steps.length;) {
        const from = at;
        while (at < steps.length && isKnown(steps[at]!)) at += 1;
        if (at > from) client.query(packetOf(steps.slice(from, at)));
        if (at < steps.length) learn(client, steps[at++]!);
      }
    } finally {
      connection.stream.uncork();
    }
  };

  return {
    query(statement) {
      return new Promise((resolve, reject) => {
        if (waiting.push({ statement, resolve, reject }) === 1) process.nextTick(flush);
      });
    },
    flush,
  };
}

/** The first time on a connection: by itself, prepared and described. */
function learn(client: pg.ClientBase, { statement, resolve, reject }: Step): void {
  const { name, text, values } = statement;
  client.query({ name, text, values: values as unknown[] }).then((result) => {
    const { rows } = result;
    // The columns are kept, the rows are not.
    result.rows = [];
    shapes.set(name, { text, parseRow: (fields) => (result as unknown as Shape).parseRow(fields) });
    resolve({ rows });
  }, reject);
}

/** What pg's client calls of a query (pg 8, lib/client.js). */
interface Heard {
  submit(wire: Wire): null;
  handleRowDescription(): void;
  handleDataRow(message: { fields: readonly (string | null)[] }): void;
  handleCommandComplete(): void;
  handleEmptyQuery(): void;
  handleError(error: Error): void;
  handleReadyForQuery(): void;
}

/** All of it known on the connection. */
function packetOf(steps: readonly Step[]): pg.Query {
  let at = 0;
  let rows: Record<string, unknown>[] = [];
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    for (; at < steps.length; at++) steps[at]!.reject(error);
  };
  const heard: Heard = {
    submit(wire) {
      for (const { statement } of steps) {
        wire.bind({ statement: statement.name, values: statement.values, valueMapper: utils.prepareValue });
        wire.execute({});
      }
      wire.sync();
      return null;
    },
    handleRowDescription: () => undefined,
    handleDataRow({ fields }) {
      try {
        rows.push(shapes.get(steps[at]!.statement.name)!.parseRow(fields));
      } catch (error) {
        failure ??= error as Error;
      }
    },
    handleCommandComplete() {
      const { resolve, reject } = steps[at++]!;
      if (failure === undefined) resolve({ rows });
      else reject(failure);
      rows = [];
      failure = undefined;
    },
    handleEmptyQuery: () => undefined,
    handleError: fail,
    handleReadyForQuery: () => undefined,
  };
  // An instance of pg's own class: of others its pipeline takes none.
  return Object.assign(new pg.Query(""), heard);
}
