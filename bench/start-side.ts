import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { createTwinDatabase, fillTwin, openTwinSession, type BenchScope } from "./twin/fill-twin.ts";

/** One of the two that are compared: where it listens, what a request must carry, and whose CPU counts as its own. */
export interface Side {
  readonly port: number;
  /** Cookie of the bench account, and what else a request needs. */
  readonly headers: Readonly<Record<string, string>>;
  /** The process whose tree is the server, without the trees that begin at `notServer` (PostgreSQL). */
  readonly serverPid: number;
  readonly notServer: readonly number[];
  readonly stop: () => Promise<void>;
}

/** As ./kuraban starts its server; the twin has it too. */
export const nodeFlags = ["--max-semi-space-size=64"];

/** Starts a server of the bench as a process of its own, which reads its settings from stdin and answers with one line once it listens. */
export async function startProcess(file: string, settings: object): Promise<{ line: string; child: ChildProcess; stop: () => Promise<void> }> {
  const child = spawn(process.execPath, [...nodeFlags, new URL(file, import.meta.url).pathname], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify(settings));
  const ready = once(createInterface({ input: child.stdout }), "line") as Promise<[string]>;
  const died = once(child, "exit").then(() => {
    throw new Error(`${file} ended before it listened`);
  });
  const [line] = await Promise.race([ready, died]);
  died.catch(() => undefined);
  return {
    line,
    child,
    stop: async () => {
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    },
  };
}

const portOf = (line: string): number => (JSON.parse(line) as { port: number }).port;

/** Connections that gave the most pages and details a second at 32 callers on 2 cores, of 2 to 16. */
const twinConnections = 4;

/** Makes, fills and starts the plain twin in the PostgreSQL server of `ownerUrl`. */
export async function startTwin(given: {
  ownerUrl: string;
  customers: number;
  scope: BenchScope;
  connections?: number;
}): Promise<Side & { databaseUrl: string }> {
  const url = await createTwinDatabase(given.ownerUrl, "kuraban_twin");
  await fillTwin(url, given.customers, given.scope);
  const cookieKey = randomBytes(32);
  const cookie = await openTwinSession(url, given.scope.accountNo, cookieKey);
  const { line, child, stop } = await startProcess("./twin/main.ts", {
    url,
    cookieKey: cookieKey.toString("base64"),
    connections: given.connections ?? twinConnections,
  });
  return { port: portOf(line), headers: { cookie: `twin-session=${cookie}` }, serverPid: child.pid!, notServer: [], databaseUrl: url, stop };
}

/** Starts the bare server on the twin's database. */
export async function startBare(databaseUrl: string, connections = twinConnections): Promise<Side> {
  const { line, child, stop } = await startProcess("./bare.ts", { url: databaseUrl, connections });
  return { port: portOf(line), headers: {}, serverPid: child.pid!, notServer: [], stop };
}
