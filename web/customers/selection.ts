/** Which customers of an opened list are chosen, by number. `anchor` is where a range begins. */
export interface Selection {
  readonly numbers: ReadonlySet<number>;
  readonly anchor: number | null;
}

export const nobody: Selection = { numbers: new Set(), anchor: null };

/** Chooses a customer, or lets go of one. */
export function toggle(selection: Selection, customerNo: number): Selection {
  const numbers = new Set(selection.numbers);
  if (!numbers.delete(customerNo)) numbers.add(customerNo);
  return { numbers, anchor: customerNo };
}

/**
 * Chooses everybody from the anchor to `customerNo` in the order of the list, and lets go of nobody. `order` is the part of
 * the list that is known; an anchor outside of it begins anew.
 */
export function extend(selection: Selection, customerNo: number, order: readonly number[]): Selection {
  const from = selection.anchor === null ? -1 : order.indexOf(selection.anchor);
  const to = order.indexOf(customerNo);
  if (from < 0 || to < 0) return { numbers: new Set([...selection.numbers, customerNo]), anchor: customerNo };
  const range = order.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { numbers: new Set([...selection.numbers, ...range]), anchor: selection.anchor };
}

/** Chooses all of these, or nobody when they are chosen already. */
export function toggleAll(selection: Selection, all: readonly number[]): Selection {
  const hasAll = all.length > 0 && all.every((no) => selection.numbers.has(no));
  return hasAll ? nobody : { numbers: new Set(all), anchor: selection.anchor };
}

/** The chosen in the order of the list; those that it does not hold, or whose place is unknown, come last. */
export function numbersIn(selection: Selection, order: readonly number[]): number[] {
  const placed = order.filter((no) => selection.numbers.has(no));
  const known = new Set(placed);
  return [...placed, ...[...selection.numbers].filter((no) => !known.has(no))];
}
