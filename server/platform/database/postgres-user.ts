import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { CannotStart } from "./cannot-start.ts";

/** Under whom PostgreSQL runs. `undefined` stands for the user of this process. */
export type PostgresUser = { readonly name: string; readonly uid: number; readonly gid: number } | undefined;

/**
 * PostgreSQL refuses to run as root, so root hands it to another user with an entry in /etc/passwd: the owner of the
 * existing cluster, else `postgres`, else `kuraban` (created when the system has useradd), else `nobody`.
 *
 * @throws CannotStart when there is none of them.
 */
export function findPostgresUser(clusterFolder: string): PostgresUser {
  if (process.getuid?.() !== 0) return undefined;
  const users = listUsers();
  const owner = statSync(clusterFolder, { throwIfNoEntry: false })?.uid;
  const found =
    users.find((user) => user.uid === owner && user.uid !== 0) ??
    users.find((user) => user.name === "postgres") ??
    users.find((user) => user.name === "kuraban");
  if (found) return found;
  spawnSync("useradd", ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "kuraban"], { stdio: "ignore" });
  const after = listUsers();
  const made = after.find((user) => user.name === "kuraban") ?? after.find((user) => user.name === "nobody");
  if (made) return made;
  throw new CannotStart({
    ja: "PostgreSQL は root では動きません。一般ユーザーで実行するか、ユーザー kuraban を作成してください。",
    en: "PostgreSQL does not run as root. Run as an ordinary user, or create a user named kuraban.",
  });
}

function listUsers(): { name: string; uid: number; gid: number }[] {
  return readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .filter((fields) => fields.length >= 4)
    .map(([name, , uid, gid]) => ({ name: name ?? "", uid: Number(uid), gid: Number(gid) }));
}

/** Options for spawn: under the user, with no other groups (libuv drops them), from a folder that everyone may enter. */
export function spawnAs(user: PostgresUser): { cwd: string; uid?: number; gid?: number } {
  return user ? { cwd: "/", uid: user.uid, gid: user.gid } : { cwd: "/" };
}

/** Whether the user may enter the folder, asked of the system itself so that access lists count too. */
function mayEnter(user: PostgresUser, folder: string): boolean {
  return spawnSync("/bin/sh", ["-c", 'cd "$1"', "sh", folder], { ...spawnAs(user), stdio: "ignore" }).status === 0;
}

/** @throws CannotStart naming the folder on the way that keeps the user out. */
export function requireEntry(user: PostgresUser, folder: string): void {
  if (mayEnter(user, folder)) return;
  let closed = folder;
  for (let parent = dirname(closed); !mayEnter(user, parent) && parent !== closed; parent = dirname(closed)) closed = parent;
  const name = user?.name ?? "";
  throw new CannotStart({
    ja: `データベースのユーザー「${name}」が ${closed} に入れません。--data で別のフォルダー(例: /var/lib/kuraban)を指定するか、chmod o+x ${closed} を実行してください。`,
    en: `The database's user "${name}" may not enter ${closed}. Choose another folder with --data (such as /var/lib/kuraban), or run: chmod o+x ${closed}`,
  });
}
