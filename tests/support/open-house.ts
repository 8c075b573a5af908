import { randomUUID } from "node:crypto";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { modules } from "#server/app/modules.ts";
import { openStorehouse, type OpenStorehouse } from "#server/app/open-storehouse.ts";
import { serve } from "#server/app/serve.ts";
import type { Route } from "#server/core/door/index.ts";
import { cloneDatabase, type TestDatabase } from "./database.ts";

/** A whole storehouse on a database of its own, with real keys and a real ledger, listening to nobody. */
export interface TestHouse {
  readonly open: OpenStorehouse;
  readonly app: FastifyInstance;
  readonly routes: readonly Route[];
  readonly database: TestDatabase;
  readonly folder: string;
  /** The time that the house believes; tests may move it. */
  readonly time: { now: Date };
  close(): Promise<void>;
}

/** All test files share one PostgreSQL, which may stall for seconds when one of them drops its database. */
export const ledgerMaxWaitMs = 30_000;

export async function openHouse(given: { now?: Date } = {}): Promise<TestHouse> {
  const database = await cloneDatabase();
  const folder = mkdtempSync(join(tmpdir(), "kuraban-house-"));
  const keysFolder = join(folder, "keys");
  mkdirSync(keysFolder, { mode: 0o700 });
  // The logins are the cluster's: all test files share their passwords.
  writeFileSync(join(keysFolder, "database.json"), JSON.stringify({ owner: "unused", ...database.credentials }), { mode: 0o600 });
  const startedAt = Date.now();
  const time = { now: given.now ?? new Date(startedAt) };
  const first = time.now.getTime();
  const open = await openStorehouse({
    place: { dataFolder: join(folder, "data"), keysFolder, databaseUrl: database.ownerUrl },
    clock: () => (given.now === undefined && time.now.getTime() === first ? new Date(first + Date.now() - startedAt) : new Date(time.now)),
    onTrouble: () => undefined,
    appConnections: 8,
    ledgerMaxWaitMs,
  });
  const routes = modules.flatMap((module) => module.routes());
  const app = await serveApart(open, routes);
  return {
    open,
    app,
    routes,
    database,
    folder,
    time,
    async close() {
      await app.close();
      await open.close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function serveApart(open: OpenStorehouse, routes: readonly Route[]): Promise<FastifyInstance> {
  return serve({
    storehouse: open.storehouse,
    routes,
    webFolder: undefined,
    tls: undefined,
    behindProxy: false,
    logLevel: process.env["KURABAN_TEST_LOG"] === "1" ? "warn" : "silent",
    requestsPerMinute: 1_000_000,
  });
}

/** Another node of the product on the same database and keys, in this process: it shares nothing else with the first. */
export async function openAnotherNode(house: TestHouse): Promise<{ readonly node: TestHouse; readonly close: () => Promise<void> }> {
  const place = { ...house.open.place, dataFolder: join(house.folder, `node-${randomUUID()}`) };
  const open = await openStorehouse({ place, clock: house.open.storehouse.clock, onTrouble: () => undefined, appConnections: 4, ledgerMaxWaitMs });
  const routes = modules.flatMap((module) => module.routes());
  const app = await serveApart(open, routes);
  const close = async (): Promise<void> => {
    await app.close();
    await open.close();
  };
  return { node: { ...house, open, app, routes }, close };
}
