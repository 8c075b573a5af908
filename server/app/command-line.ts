import { parseArgs } from "node:util";
import { homedir } from "node:os";
import { CannotStart } from "#server/platform/database/cannot-start.ts";
import { defaultDataFolder } from "#server/platform/database/default-data-folder.ts";
import type { Asked } from "./asked.ts";
import { kindOfError } from "./handle-request.ts";
import { help } from "./help.ts";

const commands: Record<string, () => Promise<{ run: (asked: Asked) => Promise<number> }>> = {
  start: () => import("./command-start.ts"),
  demo: () => import("./command-demo.ts"),
  import: () => import("./command-import.ts"),
  ledger: () => import("./command-ledger.ts"),
  incident: () => import("./command-incident.ts"),
  backup: () => import("./command-backup.ts"),
  restore: () => import("./command-restore.ts"),
  witness: () => import("./command-witness.ts"),
  "support-bundle": () => import("./command-support-bundle.ts"),
  measures: () => import("./command-measures.ts"),
  "recover-office": () => import("./command-recover-office.ts"),
};

const options = {
  data: { type: "string" },
  keys: { type: "string" },
  port: { type: "string" },
  host: { type: "string" },
  "behind-proxy": { type: "boolean" },
  "tls-key": { type: "string" },
  "tls-cert": { type: "string" },
  json: { type: "boolean" },
  map: { type: "string" },
  duplicates: { type: "string" },
  kind: { type: "string" },
  department: { type: "string" },
  to: { type: "string" },
  from: { type: "string" },
  before: { type: "string" },
  out: { type: "string" },
  "recovery-key-file": { type: "string" },
  account: { type: "string" },
  listen: { type: "string" },
  dir: { type: "string" },
  "log-key": { type: "string" },
  follow: { type: "string" },
  "token-file": { type: "string" },
  reason: { type: "string" },
  message: { type: "string" },
  call: { type: "string" },
  "without-entries": { type: "boolean" },
  cause: { type: "string", multiple: true },
  "as-of": { type: "string" },
  incident: { type: "string" },
  playbook: { type: "string" },
  known: { type: "string" },
  what: { type: "string" },
  verify: { type: "boolean" },
  help: { type: "boolean" },
} as const;

/** Runs one command; resolves with the exit code. Sentences go to the terminal in Japanese and English, no stack. */
export async function runCommand(given: readonly string[]): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({ args: [...given], options, allowPositionals: true, strict: true });
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${help}`);
    return 2;
  }
  const [command = "help", ...words] = parsed.positionals;
  const load = commands[command];
  if (load === undefined || parsed.values.help === true) {
    process.stdout.write(help);
    return command === "help" || parsed.values.help === true ? 0 : 2;
  }
  try {
    const { run } = await load();
    return await run(askedFrom(command, words, parsed.values));
  } catch (error) {
    if (error instanceof CannotStart) {
      process.stderr.write(`${error.ja}\n${error.en}\n`);
      return 1;
    }
    // The message of an unforeseen error may quote a value: only its kind and place are printed.
    process.stderr.write(`予期しない問題が起きました。/ Something unforeseen happened.\n${kindOfError(error)}\n`);
    return 1;
  }
}

function askedFrom(command: string, words: readonly string[], values: Record<string, string | boolean | string[] | undefined>): Asked {
  const text = (name: string): string | undefined => (typeof values[name] === "string" ? values[name] : undefined);
  const dataFolder = text("data") ?? process.env["KURABAN_DATA"] ?? defaultFolder(command === "demo" ? "demo" : "company");
  const port = Number(text("port") ?? "8443");
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new CannotStart({ ja: "--port は 0 から 65535 の数で指定してください。", en: "--port must be a number from 0 to 65535." });
  }
  return {
    command,
    words,
    place: {
      dataFolder,
      keysFolder: text("keys") ?? process.env["KURABAN_KEYS"] ?? `${dataFolder.replace(/\/+$/, "")}.keys`,
      databaseUrl: process.env["DATABASE_URL"] === "" ? undefined : process.env["DATABASE_URL"],
      passphrase: process.env["KURABAN_PASSPHRASE"],
      mountedKeyFile: process.env["KURABAN_KEK_FILE"],
    },
    host: text("host") ?? "127.0.0.1",
    port,
    behindProxy: values["behind-proxy"] === true,
    tlsKey: text("tls-key"),
    tlsCert: text("tls-cert"),
    json: values["json"] === true,
    option: text,
    causes: Array.isArray(values["cause"]) ? values["cause"] : [],
    verify: values["verify"] === true,
    withoutEntries: values["without-entries"] === true,
  };
}

function defaultFolder(name: string): string {
  return defaultDataFolder(name, { isRoot: process.getuid?.() === 0, home: homedir(), xdgDataHome: process.env["XDG_DATA_HOME"] });
}
