import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CannotStart } from "./cannot-start.ts";
import { findProcess, isSameProcessAlive, type ProcessIdentity } from "./process-identity.ts";

/**
 * Makes this process the only one at work on the folder, by `FOLDER/lock`. A lock whose owner is gone (by number, start
 * and boot) is taken over.
 *
 * @throws CannotStart while another living process holds it.
 */
export function takeFolderLock(folder: string): { release: () => void } {
  const lock = join(folder, "lock");
  const own = findProcess(process.pid);
  if (!own) throw new Error("/proc is not readable: this process cannot identify itself");
  const text = JSON.stringify(own);
  const draft = `${lock}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    for (;;) {
      try {
        linkSync(draft, lock);
        return { release: () => removeLock(lock, text) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const holder = readLock(lock);
      if (holder.identity && isSameProcessAlive(holder.identity)) {
        const facts = `${folder} (pid ${holder.identity.pid})`;
        throw new CannotStart({
          ja: `このデータフォルダーでは、すでに蔵番が動いています: ${facts}`,
          en: `Kuraban is already running on this data folder: ${facts}`,
        });
      }
      if (holder.text !== undefined) removeLock(lock, holder.text);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Whether a living process holds the lock of this folder. */
export function isFolderHeld(folder: string): boolean {
  const { identity } = readLock(join(folder, "lock"));
  return identity !== undefined && isSameProcessAlive(identity);
}

function readLock(lock: string): { text?: string; identity?: ProcessIdentity } {
  let text: string;
  try {
    text = readFileSync(lock, "utf8");
  } catch {
    return {};
  }
  try {
    return { text, identity: JSON.parse(text) as ProcessIdentity };
  } catch {
    return { text };
  }
}

/** Two processes may find the same stale lock: what was moved away is looked at again, and a newer lock is put back. */
function removeLock(lock: string, expected: string): void {
  const moved = `${lock}.${process.pid}.old`;
  try {
    renameSync(lock, moved);
  } catch {
    return;
  }
  try {
    if (readFileSync(moved, "utf8") !== expected) linkSync(moved, lock);
  } finally {
    rmSync(moved, { force: true });
  }
}
