import { scopeFor, visibleScope, type Rights, type RowScope } from "#server/core/access/compile.ts";
import type { Place } from "#server/modules/reviews/index.ts";
import { fieldClasses, type FieldClass } from "#shared/rights.ts";

/** Active customers by where they stand, ready for being counted for many accounts. */
export interface PlaceIndex {
  readonly all: number;
  readonly byCell: ReadonlyMap<number, number>;
  readonly byOwner: ReadonlyMap<number, readonly Place[]>;
}

/** How many people rights reach, and of how many each class is read, and read unmasked. */
export interface Weight {
  readonly people: number;
  readonly classes: readonly { readonly class: FieldClass; readonly read: number; readonly full: number }[];
}

export function indexPlaces(places: readonly Place[]): PlaceIndex {
  const byCell = new Map<number, number>();
  const byOwner = new Map<number, Place[]>();
  let all = 0;
  for (const place of places) {
    all += place.customers;
    byCell.set(place.cellNo, (byCell.get(place.cellNo) ?? 0) + place.customers);
    if (place.ownerNo === null) continue;
    const known = byOwner.get(place.ownerNo);
    if (known === undefined) byOwner.set(place.ownerNo, [place]);
    else known.push(place);
  }
  return { all, byCell, byOwner };
}

/** People whom at least one of these rights reaches, each once. */
export function weighReach(index: PlaceIndex, together: readonly Rights[]): Weight {
  const count = (scopeOf: (rights: Rights) => RowScope): number => countOf(index, together, scopeOf);
  return {
    people: count((rights) => visibleScope(rights, "customer")),
    classes: fieldClasses.map((fieldClass) => ({
      class: fieldClass,
      read: count((rights) => scopeFor(rights, "customer", fieldClass, { level: "read" })),
      full: count((rights) => scopeFor(rights, "customer", fieldClass, { level: "read", unmasked: true })),
    })),
  };
}

function countOf(index: PlaceIndex, together: readonly Rights[], scopeOf: (rights: Rights) => RowScope): number {
  const cells = new Set<number>();
  const owners = new Set<number>();
  for (const rights of together) {
    const scope = scopeOf(rights);
    if (scope.all) return index.all;
    if (scope.cells) for (const cell of rights.cells) cells.add(cell);
    if (scope.own && rights.accountNo > 0) owners.add(rights.accountNo);
  }
  let people = 0;
  for (const cell of cells) people += index.byCell.get(cell) ?? 0;
  for (const owner of owners) {
    for (const place of index.byOwner.get(owner) ?? []) if (!cells.has(place.cellNo)) people += place.customers;
  }
  return people;
}
