import { shippedRoles } from "#server/core/access/shipped-roles.ts";
import type { SearchKey } from "#server/core/vault/search-key.ts";
import type { Grant, RoleDefinition } from "#shared/rights.ts";
import { openHouse } from "../support/open-house.ts";
import type { KnownCustomer } from "../support/read-oracle.ts";
import { seedStorehouse } from "../support/seed-storehouse.ts";
import type { SeededHouse } from "../support/seeded-house.ts";

const grantOf = (scope: Grant["scope"], levels: Partial<Grant["levels"]>, masked: Grant["masked"] = []): Grant => ({
  kind: "customer",
  scope,
  levels: { open: "none", internal: "none", personal: "none", sensitive: "none", ...levels },
  masked,
});
const roleOf = (key: string, ...grants: Grant[]): RoleDefinition => ({ key, labelJa: key, labelEn: key, grants, verbs: ["reveal"], purposes: ["inquiry"] });
const mixedRoles: readonly RoleDefinition[] = [
  roleOf("front", grantOf("all", { open: "read", internal: "read" }), grantOf("own", { personal: "read" })),
  roleOf("veiled", grantOf("all", { personal: "read" }, ["personal"])),
  roleOf("near-clear", grantOf("department", { personal: "read" }), grantOf("all", { personal: "read", internal: "read" }, ["personal"])),
  roleOf("own-only", grantOf("own", { internal: "read", personal: "read", sensitive: "read" })),
];
export const roles = new Map([...shippedRoles, ...mixedRoles].map((role) => [role.key, role]));

/**
 * A house with the shipped roles and with roles that read some classes here and others there. Houses with one `searchKey` have
 * the same tokens for the same texts.
 */
export async function openMixedHouse(
  sets: Parameters<typeof seedStorehouse>[1],
  seeding: Parameters<typeof seedStorehouse>[2],
  searchKey?: SearchKey,
): Promise<SeededHouse> {
  const bare = await openHouse();
  if (searchKey !== undefined) bare.open.storehouse.door.vault.searchKeys = () => ({ current: searchKey, all: [searchKey] });
  await bare.database.owner.query("insert into roles (role_key, definition) select r->>'key', r from jsonb_array_elements($1::jsonb) r", [
    JSON.stringify(mixedRoles),
  ]);
  await bare.database.owner.query("update organisation set policy_version = policy_version + 1");
  return { ...bare, ...(await seedStorehouse(bare.open.storehouse, sets, seeding)) };
}

/** What is known of every customer of a house. */
export const knownOf = (of: SeededHouse, valuesOf: (index: number) => Readonly<Record<string, string | null>>): KnownCustomer[] =>
  of.customerNos.map((no) => ({
    no,
    ownerNo: of.ownerOf.get(no) ?? null,
    cellNo: of.cellOf.get(no) as number,
    values: valuesOf(of.customerIndex.get(no) as number),
  }));

export const digitsOf = (value: string): string => value.replaceAll(/\D/g, "");

/** Every way of asking for a value: whole, by its beginning, by its inside, by its last four. */
export function waysToAsk(type: string, value: string): string[] {
  const core = value
    .replace("株式会社", "")
    .replace("東京都千代田区", "")
    .replace(/　.*/u, "")
    .replace(/町1-2-3$/, "")
    .replace(/@.*/, "");
  switch (type) {
    case "phone":
      return [value, digitsOf(value), digitsOf(value).slice(0, 6), digitsOf(value).slice(3, 9), digitsOf(value).slice(-4), digitsOf(value).slice(-5)];
    case "code":
      return [value, value.slice(0, 5), value.slice(2, 8)];
    default:
      return [value, core, core.slice(0, 2), core.slice(1, 5), core.slice(0, 1)].filter((term) => term.length > 1 || /\p{Script=Han}/u.test(term));
  }
}
