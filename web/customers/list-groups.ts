/** A group of rows that stand together in a list. */
export interface Group {
  readonly companyNo: number | null;
  readonly customers: number;
}

/** What stands on a line of a grouped list: the head of a group, or a row of it by its place in the list. */
export type Line = { readonly head: number } | { readonly row: number };

/** A grouped list as lines: a head for each group, below it its rows unless it is closed. */
export interface Lines {
  readonly total: number;
  readonly at: (line: number) => Line;
  /** The places of the rows that stand on some lines; undefined where only heads do. */
  readonly rowsWithin: (first: number, last: number) => { readonly first: number; readonly last: number } | undefined;
}

/** `isClosed` is asked once a group. */
export function layGroups(groups: readonly Group[], isClosed: (group: Group) => boolean): Lines {
  const headLines: number[] = [];
  const firstRows: number[] = [];
  let line = 0;
  let row = 0;
  for (const group of groups) {
    headLines.push(line);
    firstRows.push(row);
    line += 1 + (isClosed(group) ? 0 : group.customers);
    row += group.customers;
  }
  const groupOf = (at: number): number => {
    let [low, high] = [0, headLines.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((headLines[middle] as number) <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const at = (asked: number): Line => {
    const group = groupOf(asked);
    const below = asked - (headLines[group] ?? 0);
    return below === 0 ? { head: group } : { row: (firstRows[group] ?? 0) + below - 1 };
  };
  return {
    total: line,
    at,
    rowsWithin(first, last) {
      const rows = Array.from({ length: Math.max(0, Math.min(last, line - 1) - first + 1) }, (_, index) => at(first + index)).flatMap((one) =>
        "row" in one ? [one.row] : [],
      );
      return rows.length === 0 ? undefined : { first: rows[0] as number, last: rows.at(-1) as number };
    },
  };
}
