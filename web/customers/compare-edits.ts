import type { Shown } from "#shared/shown.ts";

export type Edits = Readonly<Record<string, string | null>>;
export interface Clash {
  readonly field: string;
  /** What stood there before either changed it. */
  readonly base: Shown;
  readonly mine: string | null;
  readonly theirs: Shown;
}

function same(one: Shown | undefined, other: Shown | undefined): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

/**
 * What two people changed at once. `base` is what I had before me, `theirs` what stands now. A field that both changed,
 * to different values, is a clash; what only they changed stays theirs; what only I changed stays mine.
 */
export function compareEdits(
  base: Readonly<Record<string, Shown>>,
  mine: Edits,
  theirs: Readonly<Record<string, Shown>>,
): { clashes: readonly Clash[]; theirsOnly: readonly string[] } {
  const movedByThem = Object.keys(theirs).filter((field) => !same(base[field], theirs[field]));
  const clashes = movedByThem
    .filter((field) => field in mine && !same(mine[field] ?? null, theirs[field]))
    .map((field) => ({ field, base: base[field] ?? null, mine: mine[field] ?? null, theirs: theirs[field] ?? null }));
  return { clashes, theirsOnly: movedByThem.filter((field) => !(field in mine)) };
}

/** What is left to save of mine once the fields in `dropped` stay as the other has them. */
export function keepMine(mine: Edits, dropped: ReadonlySet<string>): Edits {
  return Object.fromEntries(Object.entries(mine).filter(([field]) => !dropped.has(field)));
}
