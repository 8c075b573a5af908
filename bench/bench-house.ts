import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { modules } from "#server/app/modules.ts";
import { openStorehouse, type OpenStorehouse } from "#server/app/open-storehouse.ts";
import { serve } from "#server/app/serve.ts";
import { startWork } from "#server/app/start-work.ts";
import type { Route } from "#server/core/door/index.ts";
import { makeTemporaryFolder } from "#tests/support/throwaway-server.ts";

/** A whole storehouse in this process, on a PostgreSQL of its own as the product starts it, without the bound on requests a minute. */
export interface BenchHouse {
  readonly open: OpenStorehouse;
  readonly app: FastifyInstance;
  /** Listens on loopback, and says at which port. */
  listen(): Promise<number>;
  /** Background work, until the house is closed. */
  startWork(): void;
  /** Removes the folder, where none was given. */
  close(): Promise<void>;
}

export interface BenchHouseOptions {
  readonly say: (text: string) => void;
  /** Holds data and keys, and is kept. */
  readonly folder?: string;
  readonly webFolder?: string;
  /** Routes that only the bench has, made of the product's. */
  readonly addRoutes?: (routes: readonly Route[]) => readonly Route[];
}

export async function openBenchHouse({ say, folder: given, webFolder, addRoutes }: BenchHouseOptions): Promise<BenchHouse> {
  const { folder, remove } = given === undefined ? makeTemporaryFolder() : { folder: given, remove: () => undefined };
  const open = await openStorehouse({
    place: { dataFolder: join(folder, "data"), keysFolder: join(folder, "data.keys"), databaseUrl: undefined },
    onTrouble: say,
  });
  const routes = modules.flatMap((module) => module.routes());
  const app = await serve({
    storehouse: open.storehouse,
    routes: [...routes, ...(addRoutes?.(routes) ?? [])],
    webFolder,
    tls: undefined,
    behindProxy: false,
    logLevel: "silent",
    requestsPerMinute: 1_000_000_000,
  });
  let stopWork: (() => Promise<void>) | undefined;
  return {
    open,
    app,
    async listen() {
      await app.listen({ host: "127.0.0.1", port: 0 });
      return (app.server.address() as AddressInfo).port;
    },
    startWork: () => void (stopWork = startWork(open)),
    async close() {
      try {
        await app.close();
        await stopWork?.();
        await open.close();
      } finally {
        remove();
      }
    },
  };
}
