import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openStorehouse, type OpenStorehouse } from "#server/app/open-storehouse.ts";
import { serve } from "#server/app/serve.ts";
import { actAs } from "#server/core/door/index.ts";
import { listEvents, type RecordedEvent } from "#server/core/ledger/index.ts";
import { findMigrations } from "#server/platform/database/find-migrations.ts";
import { Problem } from "#shared/problems.ts";
import { beginRun } from "./run-presence.ts";
import { gapWatchOf, startWatches } from "./start-watches.ts";
import { cloneDatabase, type TestDatabase } from "#tests/support/database.ts";

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await cloneDatabase();
  folder = mkdtempSync(join(tmpdir(), "kuraban-runs-"));
  mkdirSync(join(folder, "keys"), { mode: 0o700 });
  writeFileSync(join(folder, "keys", "database.json"), JSON.stringify({ owner: "unused", ...database.credentials }), { mode: 0o600 });
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

const openRun = (): Promise<OpenStorehouse> =>
  openStorehouse({
    place: { dataFolder: join(folder, "data"), keysFolder: join(folder, "keys"), databaseUrl: database.ownerUrl },
    onTrouble: () => undefined,
    appConnections: 4,
  });
const eventsOf = async (...types: string[]): Promise<RecordedEvent[]> => (await listEvents(database.owner, { types, limit: 100 })).events;
const lastOpening = async (): Promise<RecordedEvent["facts"]> => (await eventsOf("storehouse.opened"))[0]?.facts ?? {};
const runOf = async (): Promise<string> => String((await lastOpening())["run"]);

describe("the life of the installation", () => {
  it("names every migration with its hash in the ledger, once", async () => {
    await (await openRun()).close();
    await (await openRun()).close();
    const recorded = await eventsOf("storehouse.migrated");
    expect(recorded).toHaveLength(1);
    expect(recorded[0]?.facts["migrations"]).toEqual(
      findMigrations()
        .map(({ number, name, sha256 }) => ({ number, name, sha256 }))
        .toSorted((a, b) => a.number - b.number),
    );
  });

  it("says of each start and stop which run it was, and nothing more where all went in order", async () => {
    const open = await openRun();
    const run = await runOf();
    await open.close();
    expect((await eventsOf("storehouse.closed"))[0]?.facts).toEqual({ run });
    await (await openRun()).close();
    expect(Object.keys(await lastOpening())).not.toContain("uncleanEnds");
    expect(Object.keys(await lastOpening())).not.toContain("clockBehindMs");
  });

  it("names a run that ended without a word at the next start, once, and no run that is still there", async () => {
    const killed = await openRun();
    const run = await runOf();
    const beside = await openRun();
    expect(Object.keys(await lastOpening())).not.toContain("uncleanEnds");
    await beside.close();
    // What the database sees of a killed process: its connections are gone, and nothing was said.
    await database.owner.query(
      "select pg_terminate_backend(pid, 10000) from pg_stat_activity where application_name = 'kuraban run' and datname = current_database()",
    );
    for (const expected of [[run], undefined]) {
      await (await openRun()).close();
      expect((await lastOpening())["uncleanEnds"]).toEqual(expected);
    }
    await killed.close();
  });
});

describe("the clock of a node", () => {
  it("that is set while the storehouse is open stands in the ledger with its step", async () => {
    const open = await openRun();
    const run = "00000000-0000-4000-8000-000000000001";
    const presence = await beginRun(open.pools.app.options, run);
    let setBy = 0;
    let looks = 0;
    const stop = startWatches({
      storehouse: open.storehouse,
      presence,
      everyMs: 20,
      wall: () => Date.now() + (looks++ > 0 ? setBy : 0),
      gaps: gapWatchOf(open.ledger, run, open.storehouse.clock, () => 0),
    });
    setBy = -3_600_000;
    await vi.waitFor(async () => expect(await eventsOf("clock.changed")).toHaveLength(1), { timeout: 20_000 });
    await stop();
    await presence.end();
    await open.close();
    const [changed] = await eventsOf("clock.changed");
    expect(changed).toMatchObject({ principal: "system", facts: { databaseStepMs: 0 } });
    expect(Math.abs(Number(changed?.facts["nodeStepMs"]) + 3_600_000)).toBeLessThan(1_000);
  });
});

describe("an act of the house", () => {
  it("that comes to nothing is recorded as refused or failed, without what it would have written", async () => {
    const open = await openRun();
    const attempt = (error: Error): Promise<unknown> =>
      actAs(open.storehouse, "system", "policy.installed", crypto.randomUUID(), async ({ journal }) => {
        journal.fact("step", 1);
        journal.wrote("role", 1, null);
        throw error;
      }).catch(() => undefined);
    await attempt(new Problem("conflict"));
    await attempt(new Error("a secret stands here"));
    const [failed, refused] = await eventsOf("policy.installed");
    expect(refused).toMatchObject({ outcome: "refused", principal: "system", facts: { step: 1, code: "conflict" }, writes: [] });
    expect(failed).toMatchObject({ outcome: "failed", facts: { code: "unexpected" } });
    expect(JSON.stringify(failed)).not.toContain("secret");
    await open.close();
  });

  it("that could not be recorded is counted, and the gap named when the ledger records again", async () => {
    const open = await openRun();
    await database.owner.query("revoke insert on ledger_events from kuraban_app");
    const acted = actAs(open.storehouse, "system", "policy.installed", crypto.randomUUID(), async () => undefined);
    await expect(acted).rejects.toMatchObject({ code: "ledger-unavailable" });
    await database.owner.query("grant insert on ledger_events to kuraban_app");
    await open.close();
    const [gap] = await eventsOf("ledger.gap");
    expect(gap).toMatchObject({ principal: "system", facts: { run: await runOf(), refused: 1 } });
    expect(Date.parse(String(gap?.facts["from"]))).toBeLessThanOrEqual(Date.parse(String(gap?.facts["to"])));
  });
});

describe("a request that reaches no route", () => {
  it("is recorded by its number, with nothing of what was asked", async () => {
    const open = await openRun();
    const app = await serve({
      storehouse: open.storehouse,
      routes: [],
      webFolder: undefined,
      tls: undefined,
      behindProxy: false,
      logLevel: "silent",
      requestsPerMinute: 3,
    });
    for (let asked = 0; asked < 5; asked++) await app.inject({ method: "GET", url: "/api/nakamura-hanako", remoteAddress: "192.0.2.7" });
    await app.close();
    await open.close();
    const recorded = await eventsOf("request.refused");
    expect(recorded.map(({ facts }) => [facts["code"], facts["count"]]).toSorted()).toEqual([
      ["not-found", 3],
      ["too-many-requests", 2],
    ]);
    expect(recorded[0]).toMatchObject({ principal: "anyone", outcome: "refused", address: "192.0.2.7" });
    expect(JSON.stringify(recorded)).not.toContain("nakamura");
  });
});
