import type { RoleDefinition } from "#shared/rights.ts";

/** The account that asks, and its cells, in the proofs about rights. */
export const myNo = 7;
export const myCells: readonly number[] = [3, 5];

/** Every way in which a row can stand to the account: owned by it, by another, by nobody; in its cells, elsewhere, nowhere. */
export const everyRow: readonly { name: string; ownerNo: number | null; cellNo: number | null }[] = [
  [myNo, "mine"] as const,
  [8, "another's"] as const,
  [null, "nobody's"] as const,
].flatMap(([ownerNo, owner]) =>
  [[5, "in my cells"] as const, [4, "elsewhere"] as const, [null, "without cell"] as const].map(([cellNo, cell]) => ({
    name: `${owner} ${cell}`,
    ownerNo,
    cellNo,
  })),
);

/** No role, every single one, every pair. */
export function roleSets(roles: readonly RoleDefinition[]): RoleDefinition[][] {
  const pairs = roles.flatMap((first, at) => roles.slice(at + 1).map((second) => [first, second]));
  return [[], ...roles.map((role) => [role]), ...pairs];
}
