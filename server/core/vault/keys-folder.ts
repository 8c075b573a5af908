import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, realpathSync, statSync, writeSync } from "node:fs";
import { open, rename, unlink } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { CannotStart } from "#server/platform/database/cannot-start.ts";

/** The folder of keys: beside the data folder and never inside it. */
export interface KeysFolder {
  readonly path: string;
  /** The content of a file, or undefined when there is none. Throws CannotStart when others than the owner may read it. */
  read(name: string): Buffer | undefined;
  /** Replaces a file as a whole (0600): durable when it resolves, the old content overwritten with zeros. */
  write(name: string, bytes: Buffer): Promise<void>;
  /** Overwrites a file with zeros and removes it. */
  remove(name: string): Promise<void>;
}

/**
 * Opens the keys folder (0700), made when `create` is set. Throws CannotStart when it lies inside the data folder (or
 * the data inside it), when others may enter it, or when it does not exist.
 */
export function openKeysFolder(given: { path: string; dataFolder: string; create?: boolean }): KeysFolder {
  const path = realPath(given.path);
  const dataFolder = realPath(given.dataFolder);
  if (lies(path, dataFolder)) {
    throw new CannotStart({
      ja: "鍵のフォルダーがデータのフォルダーの中にあります。鍵は別の場所に置いてください(--keys)。",
      en: "The keys folder lies inside the data folder. Put the keys somewhere else (--keys).",
    });
  }
  if (lies(dataFolder, path)) {
    throw new CannotStart({
      ja: "データのフォルダーが鍵のフォルダーの中にあります。別々の場所に置いてください(--keys)。",
      en: "The data folder lies inside the keys folder. Keep them apart (--keys).",
    });
  }
  if (given.create === true) mkdirSync(path, { recursive: true, mode: 0o700 });
  const folder = statSync(path, { throwIfNoEntry: false });
  if (folder === undefined || !folder.isDirectory()) {
    throw new CannotStart({
      ja: `鍵のフォルダーがありません: ${path}。鍵がなければデータは開けません。正しい場所を --keys で指定してください。`,
      en: `There is no keys folder at ${path}. Without its keys the data cannot be opened. Name the right place with --keys.`,
    });
  }
  refuseOpenToOthers(folder.mode, path);

  const pathOf = (name: string): string => {
    if (!/^[a-z][a-z0-9.-]*$/.test(name)) throw new Error("not a name for a file of keys");
    return join(path, name);
  };
  return {
    path,
    read(name) {
      const file = pathOf(name);
      const stat = statSync(file, { throwIfNoEntry: false });
      if (stat === undefined) return undefined;
      refuseOpenToOthers(stat.mode, file);
      return readFileSync(file);
    },
    async write(name, bytes) {
      const file = pathOf(name);
      const fresh = `${file}.new`;
      // What a crash left behind is overwritten as well.
      zeroFile(fresh);
      const to = await open(fresh, constants.O_CREAT | constants.O_WRONLY | constants.O_TRUNC, 0o600);
      try {
        await to.writeFile(bytes);
        await to.sync();
      } finally {
        await to.close();
      }
      const old = openIfThere(file);
      try {
        await rename(fresh, file);
        await syncFolder(path);
        if (old !== undefined) zero(old);
      } finally {
        if (old !== undefined) closeSync(old);
      }
    },
    async remove(name) {
      const file = pathOf(name);
      if (!zeroFile(file)) return;
      await unlink(file);
      await syncFolder(path);
    },
  };
}

function refuseOpenToOthers(mode: number, path: string): void {
  if ((mode & 0o077) === 0) return;
  throw new CannotStart({
    ja: `鍵がほかの利用者に開かれています: ${path}。chmod go= で閉じ、鍵が見られていないか確かめてください。`,
    en: `Others may read the keys at ${path}. Close it with chmod go= and consider whether someone has seen them.`,
  });
}

/** The path with symbolic links resolved, as far as it exists. */
function realPath(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    const above = dirname(whole);
    return above === whole ? whole : join(realPath(above), basename(whole));
  }
}

/** Whether `path` is `folder` or lies in it. */
function lies(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith("../") && !way.startsWith("/"));
}

/** Whether a file lies in a folder, symbolic links resolved. */
export function liesInside(file: string, folder: string): boolean {
  return lies(realPath(file), realPath(folder));
}

function openIfThere(file: string): number | undefined {
  try {
    return openSync(file, constants.O_RDWR);
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw problem;
  }
}

function zeroFile(file: string): boolean {
  const descriptor = openIfThere(file);
  if (descriptor === undefined) return false;
  try {
    zero(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return true;
}

/** Overwrites in place. A copying file system or a flash disk may keep the old blocks: they were wrapped. */
function zero(descriptor: number): void {
  const zeros = Buffer.alloc(65_536);
  const size = fstatSync(descriptor).size;
  for (let at = 0; at < size; at += zeros.length) writeSync(descriptor, zeros, 0, Math.min(zeros.length, size - at), at);
  fsyncSync(descriptor);
  ftruncateSync(descriptor);
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
