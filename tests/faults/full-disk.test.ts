import { spawnSync } from "node:child_process";
import { closeSync, fstatSync, ftruncateSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { askOverHttp, type WireReply } from "../support/ask-over-http.ts";
import { runKuraban } from "../support/run-kuraban.ts";
import { seedEmbedded } from "../support/seed-embedded.ts";
import type { Caller } from "../support/seed-storehouse.ts";
import { verifyHouse } from "./verify-house.ts";

const allowed = ["ledger-unavailable", "storehouse-unavailable"];

/** Takes all the room there is, whoever else takes some meanwhile, and gives a little back. */
function fill(path: string, sparedBytes: number): void {
  const file = openSync(path, "w", 0o600);
  const piece = Buffer.alloc(1 << 16);
  try {
    for (;;) writeSync(file, piece);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    ftruncateSync(file, Math.max(0, fstatSync(file).size - sparedBytes));
  } finally {
    closeSync(file);
  }
}

test("on a full disk changes are refused in words and none that was acknowledged is lost; with space again all goes on by itself", async (context) => {
  const disk = mkdtempSync(join(tmpdir(), "kuraban-disk-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=300m,mode=0711", "tmpfs", disk]);
  if (mounted.status !== 0) {
    rmSync(disk, { recursive: true });
    context.skip("a small disk of its own needs the right to mount one");
    return;
  }
  try {
    const dataFolder = join(disk, "data");
    const house = await seedEmbedded(dataFolder, [["office"], ["privacy-officer"]]);
    const product = await runKuraban(dataFolder);
    const [office, officer] = house.callers as [Caller, Caller];
    const ask = (caller: Caller, method: string, path: string, body?: unknown): Promise<WireReply> =>
      askOverHttp(product.url, { method, path, body, cookie: caller.cookie, timeoutMs: 60_000 });
    const create = (): Promise<WireReply> => ask(office, "POST", "/api/customers", { values: { fullName: "満杯 太郎", notes: "長い備考。".repeat(800) } });
    try {
      const filler = join(disk, "filler");
      fill(filler, 64 * statfsSync(disk).bsize);
      const kept: number[] = [];
      const answers = new Map<string, number>();
      let refusals = 0;
      for (let tries = 0; tries < 6_000 && refusals < 8; tries += 1) {
        const replies = await Promise.all([create(), create(), create(), create()]);
        for (const { status, body, isWhole } of replies) {
          const answer = status === 200 ? "kept" : `${status} ${String(body["code"])}`;
          answers.set(answer, (answers.get(answer) ?? 0) + 1);
          if (status === 200 && isWhole) kept.push(Number(body["customerNo"]));
          else refusals += 1;
        }
      }
      expect([...answers.keys()].filter((answer) => answer !== "kept" && !allowed.some((code) => answer === `503 ${code}`))).toEqual([]);
      expect(refusals).toBeGreaterThan(0);

      rmSync(filler);
      for (let tries = 0; (await create()).status !== 200; tries += 1) {
        expect(tries).toBeLessThan(300);
        await wait(100);
      }
      for (const no of kept.slice(-50)) expect((await ask(office, "GET", `/api/customers/${no}`)).status).toBe(200);
      const list = await ask(office, "POST", "/api/customers/views", { first: 1 });
      expect(Number(list.body["total"])).toBeGreaterThanOrEqual(kept.length);
      expect((await verifyHouse(product.url, officer)).body).toMatchObject({ ok: true, findings: [] });
    } finally {
      await product.stop();
    }
  } finally {
    if (spawnSync("umount", [disk]).status !== 0) spawnSync("umount", ["-l", disk]);
    rmSync(disk, { recursive: true, force: true });
  }
}, 600_000);
