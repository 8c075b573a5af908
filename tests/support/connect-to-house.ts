import { setTimeout as wait } from "node:timers/promises";
import type pg from "pg";
import { connectOwner } from "#server/platform/database/connect.ts";
import { findRunningServer } from "#server/platform/database/find-running-server.ts";

/**
 * The owner's connection to the database of the product that runs on this data folder, as soon as there is one: a database that
 * was just killed is away for a moment although requests were answered until then. Throws after half a minute.
 */
export async function connectToHouse(dataFolder: string): Promise<pg.Client> {
  const until = performance.now() + 30_000;
  for (;;) {
    const url = findRunningServer({ dataFolder, keysFolder: `${dataFolder}.keys` });
    try {
      if (url !== undefined) return await connectOwner(url);
    } catch (error) {
      if (performance.now() > until) throw error;
    }
    if (performance.now() > until) throw new Error(`no database of ${dataFolder} answers`);
    await wait(50);
  }
}
