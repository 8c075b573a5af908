import { canRead, compileRights, levelOf, relationOf, type Rights } from "#server/core/access/compile.ts";
import { cellsBelow, type Policy } from "#server/core/access/policy.ts";
import type { ClassReach } from "#shared/reviews.ts";
import { fieldClasses, type FieldClass } from "#shared/rights.ts";

/** Active customers that stand alike: to every account each of them stands in the same relation. */
export interface Place {
  readonly cellNo: number;
  readonly ownerNo: number | null;
  readonly customers: number;
}

/** The rights of an account under some of its roles, compiled as at every look. */
export function rightsWith(policy: Policy, accountNo: number, roles: readonly string[]): Rights {
  return compileRights({
    roles: roles.flatMap((key) => policy.roles.get(key) ?? []),
    accountNo,
    cells: cellsBelow(policy, policy.departmentOf.get(accountNo) ?? null),
  });
}

type Sight = (place: Place, fieldClass: FieldClass) => { readonly read: boolean; readonly full: boolean };

function sightOf(rights: Rights): Sight {
  return (place, fieldClass) => {
    const right = levelOf(rights, "customer", relationOf(rights, place), fieldClass);
    return { read: canRead(right), full: !right.masked };
  };
}

function count(places: readonly Place[], holds: (place: Place, fieldClass: FieldClass, how: "read" | "full") => boolean): ClassReach {
  const sum = (fieldClass: FieldClass, how: "read" | "full"): number =>
    places.reduce((total, place) => (holds(place, fieldClass, how) ? total + place.customers : total), 0);
  return fieldClasses.map((fieldClass) => ({ class: fieldClass, read: sum(fieldClass, "read"), full: sum(fieldClass, "full") }));
}

/** How many customers the rights reach, class by class. */
export function reachOf(places: readonly Place[], rights: Rights): ClassReach {
  const sight = sightOf(rights);
  return count(places, (place, fieldClass, how) => sight(place, fieldClass)[how]);
}

/**
 * How many distinct customers somebody no longer reads, or no longer unmasked, when each of these goes from its former rights to
 * its later ones: those whom at least one of them loses.
 */
export function lossOf(places: readonly Place[], changes: readonly { readonly before: Rights; readonly after: Rights }[]): ClassReach {
  const sights = changes.map(({ before, after }) => [sightOf(before), sightOf(after)] as const);
  return count(places, (place, fieldClass, how) => sights.some(([before, after]) => before(place, fieldClass)[how] && !after(place, fieldClass)[how]));
}

export const isNone = (reach: ClassReach): boolean => reach.every(({ read, full }) => read === 0 && full === 0);
