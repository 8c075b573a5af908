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

const longestStartMs = 120_000;

/** Runs `./kuraban start` (or, faster, what it hands over to) until it listens. */
export async function runKuraban(dataFolder: string, given: { port?: number; isWhole?: boolean } = {}): Promise<RunningKuraban> {
  const words = ["start", "--json", "--port", String(given.port ?? 0), "--data", dataFolder];
  const [program, args] = given.isWhole === true ? [join(root, "kuraban"), words] : [process.execPath, [join(root, "server/main.ts"), ...words]];
  const child = spawn(program, args, { cwd: root, env: environment(), stdio: ["ignore", "pipe", "pipe"] });
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
