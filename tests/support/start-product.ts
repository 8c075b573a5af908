import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withoutUsedCodes } from "./authenticator.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const main = join(root, "server/main.ts");
const longestStart = 600_000;
const longestStop = 30_000;

export interface DemoAccount {
  readonly email: string;
  readonly password: string;
  readonly totpSecret: string;
  readonly role: string;
}
/** What the product says in its one line of JSON when it is ready. */
export interface Ready {
  readonly url: string;
  readonly setUp?: string | null;
  readonly accounts?: readonly DemoAccount[];
}
export interface Product extends Ready {
  readonly dataFolder: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Only what the product needs: settings of whoever runs the tests must not reach it. */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(KURABAN_|DATABASE_URL$|NODE_OPTIONS$|VITEST)/.test(name));
  return { ...Object.fromEntries(own), NODE_ENV: "production", KURABAN_REQUESTS_PER_MINUTE: "100000" };
}

function newestIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name));
  return Math.max(...files.map((file) => statSync(join(file.parentPath, file.name)).mtimeMs));
}

/** Builds the web into dist/web when it is missing or older than its sources. */
export function buildWeb(): void {
  const built = join(root, "dist/web/index.html");
  const sources = Math.max(newestIn(join(root, "web")), newestIn(join(root, "shared")), statSync(join(root, "vite.config.ts")).mtimeMs);
  if (existsSync(built) && statSync(built).mtimeMs >= sources) return;
  const { status, stderr } = spawnSync(process.execPath, [join(root, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"], {
    cwd: root,
    encoding: "utf8",
    env: environment(),
  });
  if (status !== 0) throw new Error(`The web could not be built:\n${stderr}`);
}

/**
 * Starts `start` or `demo` as its own process, as the command line does, on a free port of 127.0.0.1. Resolves once the
 * product says that it is ready; rejects with what it printed when it ends instead.
 */
export async function startProduct(command: "start" | "demo", dataFolder: string): Promise<Product> {
  const child = spawn(process.execPath, [main, command, "--json", "--port", "0", "--data", dataFolder], {
    cwd: root,
    env: environment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const ready = await readReady(child).catch(async (error: unknown) => {
    child.kill("SIGKILL");
    await ended;
    throw error;
  });
  return {
    ...ready,
    dataFolder,
    pid: child.pid ?? 0,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), longestStop);
      await ended;
      clearTimeout(late);
      withoutUsedCodes(ready.accounts ?? []);
    },
  };
}

function readReady(child: ChildProcess): Promise<Ready> {
  return new Promise((resolve, reject) => {
    let said = "";
    let told = "";
    const late = setTimeout(() => reject(new Error(`The product was not ready after ${longestStart / 1000} s:\n${told}`)), longestStart);
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (told += text));
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const line = said.split("\n").find((one) => one.startsWith('{"url"') && said.includes(`${one}\n`));
      if (line === undefined) return;
      clearTimeout(late);
      resolve(JSON.parse(line) as Ready);
    });
    child.once("exit", (code) => {
      clearTimeout(late);
      reject(new Error(`The product ended with ${code}:\n${told}${said}`));
    });
  });
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One command of the product, run to its end. */
export function runProduct(words: readonly string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...words], { cwd: root, env: environment(), stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}
