import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { PostgresPrograms } from "./postgres-programs.ts";
import { type PostgresUser, spawnAs } from "./postgres-user.ts";
import { scramVerifier } from "./scram-verifier.ts";

export const ownerLogin = "kuraban_owner";
export const databaseName = "kuraban";

/** Makes `clusterFolder` with initdb, unless it is there: beside it first, so that a half-made one is never taken for whole. */
export async function makeCluster(programs: PostgresPrograms, user: PostgresUser, clusterFolder: string): Promise<void> {
  if (existsSync(clusterFolder)) return;
  const draft = `${clusterFolder}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  if (user) chownSync(draft, user.uid, user.gid);
  // Nobody can connect with this "trust": the server is first started after pg_hba.conf was replaced.
  const options = ["--encoding=UTF8", "--locale=C", "--data-checksums", "--auth=trust", `--username=${ownerLogin}`];
  await run(join(programs.binFolder, "initdb"), [...options, `--pgdata=${draft}`], user);
  await runSingleUser(programs, user, draft, [`CREATE DATABASE ${databaseName}`]);
  renameSync(draft, clusterFolder);
}

/** Gives the owner a new password while the server is down. */
export async function setOwnerPassword(programs: PostgresPrograms, user: PostgresUser, clusterFolder: string, password: string): Promise<void> {
  const verifier = scramVerifier(password, randomBytes(16));
  await runSingleUser(programs, user, clusterFolder, [`ALTER ROLE ${ownerLogin} PASSWORD '${verifier}'`]);
}

async function runSingleUser(programs: PostgresPrograms, user: PostgresUser, clusterFolder: string, statements: string[]): Promise<void> {
  const options = ["--single", "-D", clusterFolder, "-c", "exit_on_error=true", "-c", "log_min_messages=fatal", "postgres"];
  await run(join(programs.binFolder, "postgres"), options, user, statements.map((line) => `${line}\n`).join(""));
}

function run(program: string, options: string[], user: PostgresUser, input = ""): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env["PATH"] ?? "", LC_ALL: "C" };
    const child = spawn(program, options, { ...spawnAs(user), env, stdio: ["pipe", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (bytes: Buffer) => (said += bytes.toString()));
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${program} ended with ${code}: ${said.trim().slice(-2000)}`));
    });
  });
}
