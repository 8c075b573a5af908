import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The real product, serving a data folder as a process of its own. */
export interface RunningKuraban {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Everything that it wrote to its terminal. */
  said(): string;
  /** SIGKILL; resolves when the process is gone. Its PostgreSQL goes on without it. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

const longestStartMs = 300_000;

export interface Running {
  readonly port?: number;
  readonly isWhole?: boolean;
  /** One of several nodes on a PostgreSQL of their own. */
  readonly node?: { readonly databaseUrl: string; readonly keysFolder: string };
  /** What stands before the command, to run it in a network of its own. */
  readonly within?: readonly string[];
}

/** Runs `./kuraban start` (or, faster, what it hands over to) until it listens. */
export async function runKuraban(dataFolder: string, given: Running = {}): Promise<RunningKuraban> {
  const { node, within = [] } = given;
  const words = ["start", "--json", "--port", String(given.port ?? 0), "--data", dataFolder, ...(node === undefined ? [] : ["--keys", node.keysFolder])];
  const line = [...within, ...(given.isWhole === true ? [join(root, "kuraban")] : [process.execPath, join(root, "server/main.ts")]), ...words];
  const env = { ...environment(), ...(node === undefined ? {} : { DATABASE_URL: node.databaseUrl }) };
  const child = spawn(line[0] as string, line.slice(1), { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const found = (): string | undefined => /^\{"url":"(http[^"]+)"/m.exec(said)?.[1];
  let hasEnded = false;
  void ended.then(() => (hasEnded = true));
  for (let waitedMs = 0; found() === undefined; waitedMs += 20) {
    if (hasEnded || waitedMs > longestStartMs) {
      child.kill("SIGKILL");
      throw new Error(`the product did not start:\n${said}`);
    }
    await wait(20);
  }
  const url = found() as string;
  const signal = async (name: "SIGKILL" | "SIGTERM"): Promise<number | null> => {
    child.kill(name);
    return ended;
  };
  return {
    url,
    port: Number(new URL(url).port),
    pid: child.pid as number,
    said: () => said,
    kill: async () => void (await signal("SIGKILL")),
    stop: () => signal("SIGTERM"),
  };
}

/** Settings of whoever runs the tests must not reach the product. */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(KURABAN_|DATABASE_URL$|NODE_OPTIONS$|NODE_V8_COVERAGE$|VITEST)/.test(name));
  return { ...Object.fromEntries(own), NODE_ENV: "production", KURABAN_REQUESTS_PER_MINUTE: "10000000" };
}
