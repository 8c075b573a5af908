import { openStorehouse } from "#server/app/open-storehouse.ts";
import { seedStorehouse, type Seeded, type Seeding } from "./seed-storehouse.ts";

/** Fills a new data folder, on an embedded PostgreSQL of its own, with sentinels and with signed-in callers; leaves it closed. */
export async function seedEmbedded(dataFolder: string, roleSets: readonly (readonly string[])[], given: Seeding = {}): Promise<Seeded> {
  const open = await openStorehouse({
    place: { dataFolder, keysFolder: `${dataFolder}.keys`, databaseUrl: undefined },
    onTrouble: () => undefined,
    appConnections: 2,
  });
  try {
    return await seedStorehouse(open.storehouse, roleSets, given);
  } finally {
    await open.close();
  }
}
