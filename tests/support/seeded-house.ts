import { openHouse, type TestHouse } from "./open-house.ts";
import { seedStorehouse, type Seeded, type Seeding } from "./seed-storehouse.ts";

export { password, totpSecret, type Caller } from "./seed-storehouse.ts";

export type SeededHouse = TestHouse & Seeded;

/** A house in which every personal value is a sentinel. */
export async function openSeededHouse(roleSets: readonly (readonly string[])[], given: Seeding = {}): Promise<SeededHouse> {
  const house = await openHouse();
  return { ...house, ...(await seedStorehouse(house.open.storehouse, roleSets, given)) };
}
