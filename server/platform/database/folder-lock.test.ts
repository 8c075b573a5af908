import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CannotStart } from "./cannot-start.ts";
import { takeFolderLock } from "./folder-lock.ts";
import { findProcess } from "./process-identity.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "kuraban-lock-"))));
afterEach(() => rmSync(folder, { recursive: true }));

describe("takeFolderLock", () => {
  it("lets one in until it lets go", () => {
    const lock = takeFolderLock(folder);
    expect(() => takeFolderLock(folder)).toThrow(CannotStart);
    lock.release();
    takeFolderLock(folder).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("takes over from a process that is gone, though its number lives on as another process", () => {
    const own = findProcess(process.pid);
    for (const gone of [
      { ...own, startTicks: "1" },
      { ...own, bootId: "an-earlier-boot" },
      { ...own, pid: 2 ** 22 + 1 },
    ]) {
      writeFileSync(join(folder, "lock"), JSON.stringify(gone));
      takeFolderLock(folder).release();
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it("takes over a lock that was cut off while it was written", () => {
    writeFileSync(join(folder, "lock"), '{"pid":');
    takeFolderLock(folder).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("leaves alone what another process has taken since", () => {
    const lock = takeFolderLock(folder);
    writeFileSync(join(folder, "lock"), JSON.stringify({ ...findProcess(process.ppid) }));
    lock.release();
    expect(() => takeFolderLock(folder)).toThrow(`pid ${process.ppid}`);
  });
});
