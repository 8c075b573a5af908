/**
 * A place in a timeline: newest first by `at` (milliseconds), within a moment by `rank` (which source), then the higher number
 * first.
 */
export interface Place {
  readonly at: number;
  readonly rank: number;
  readonly no: number;
}

/** What one source found behind a place: its items, and the place up to which it looked; null when there is nothing older. */
export interface Found<Item> {
  readonly items: readonly (Item & { readonly place: Place })[];
  readonly lookedTo: Place | null;
}

/** Negative when `a` is newer than `b`. */
export function comparePlaces(a: Place, b: Place): number {
  return b.at - a.at || a.rank - b.rank || b.no - a.no;
}

/**
 * One page out of several sources: nothing older than where some source stopped looking, so that the next page goes on there
 * without a gap and without showing anything twice.
 */
export function joinSources<Item>(found: readonly Found<Item>[]): { items: (Item & { readonly place: Place })[]; next: Place | null } {
  const stops = found.flatMap(({ lookedTo }) => (lookedTo === null ? [] : [lookedTo]));
  const next = stops.toSorted(comparePlaces)[0] ?? null;
  const items = found.flatMap((source) => source.items).filter((item) => next === null || comparePlaces(item.place, next) <= 0);
  return { items: items.toSorted((a, b) => comparePlaces(a.place, b.place)), next };
}

export function writePlace({ at, rank, no }: Place): string {
  return `${at}-${rank}-${no}`;
}

/** The form is checked by the contract. */
export function readPlace(text: string): Place {
  const [at = 0, rank = 0, no = 0] = text.split("-").map(Number);
  return { at, rank, no };
}
