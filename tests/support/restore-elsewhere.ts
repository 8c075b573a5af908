import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import pg from "pg";
import { inject } from "vitest";
import { modules } from "#server/app/modules.ts";
import { openStorehouse, type OpenStorehouse, type Place } from "#server/app/open-storehouse.ts";
import { restoreStorehouse, type Restored } from "#server/app/restore-storehouse.ts";
import { serve } from "#server/app/serve.ts";
import { valueTypes } from "#server/platform/database/value-types.ts";
import { createEmptyDatabase } from "./empty-database.ts";
import { keepEvents } from "./keep-events.ts";

/** An empty place with keys, data and a database of its own, as on another machine. */
export interface OtherPlace {
  readonly place: Place;
  readonly folder: string;
  restore(from: string, recoveryKey: string): Promise<Restored>;
  /** Opens what was restored, listening to nobody. */
  open(): Promise<{ open: OpenStorehouse; app: FastifyInstance; close: () => Promise<void> }>;
  remove(): Promise<void>;
}

export async function findOtherPlace(): Promise<OtherPlace> {
  const database = await createEmptyDatabase();
  const folder = mkdtempSync(join(tmpdir(), "kuraban-other-"));
  const place = { dataFolder: join(folder, "data"), keysFolder: join(folder, "keys"), databaseUrl: database.ownerUrl };
  mkdirSync(place.keysFolder, { mode: 0o700 });
  // The logins are the cluster's: all test files share their passwords.
  writeFileSync(join(place.keysFolder, "database.json"), JSON.stringify({ owner: "unused", ...inject("templateDatabase").credentials }), { mode: 0o600 });
  return {
    place,
    folder,
    restore: (from, recoveryKey) => restoreStorehouse({ place, from, recoveryKey, onTrouble: () => undefined }),
    async open() {
      const open = await openStorehouse({ place, onTrouble: () => undefined, appConnections: 8 });
      const app = await serve({
        storehouse: open.storehouse,
        routes: modules.flatMap((module) => module.routes()),
        webFolder: undefined,
        tls: undefined,
        behindProxy: false,
        logLevel: "silent",
        requestsPerMinute: 1_000_000,
      });
      return {
        open,
        app,
        close: async () => {
          await app.close();
          await open.close();
        },
      };
    },
    async remove() {
      const owner = new pg.Pool({ connectionString: database.ownerUrl, types: valueTypes, max: 1 });
      await keepEvents(owner).catch(() => undefined);
      await owner.end();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
