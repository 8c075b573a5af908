const runLength = 1_024;
/** Items moved between two turns of the event loop: about a millisecond. */
const itemsATurn = 8_192;

/** Sorts as `toSorted` does, in pieces, so that whoever waits for this node gets a turn between them. */
export async function sortInTurns<Item>(items: readonly Item[], compare: (a: Item, b: Item) => number): Promise<Item[]> {
  let moved = 0;
  const giveTurn = async (count: number): Promise<void> => {
    moved += count;
    if (moved >= itemsATurn) {
      moved = 0;
      await new Promise(setImmediate);
    }
  };
  let runs: Item[][] = [];
  for (let at = 0; at < items.length; at += runLength) {
    runs.push(items.slice(at, at + runLength).sort(compare));
    await giveTurn(runLength * 2);
  }
  while (runs.length > 1) {
    const merged: Item[][] = [];
    for (let at = 0; at < runs.length; at += 2) {
      const a = runs[at] as Item[];
      const b = runs[at + 1];
      if (b === undefined) {
        merged.push(a);
        continue;
      }
      const into: Item[] = [];
      for (let i = 0, j = 0; i < a.length || j < b.length;) {
        const isFirst = j === b.length || (i < a.length && compare(a[i] as Item, b[j] as Item) <= 0);
        into.push((isFirst ? a[i++] : b[j++]) as Item);
        if (into.length % runLength === 0) {
          await giveTurn(runLength);
        }
      }
      merged.push(into);
    }
    runs = merged;
  }
  return runs[0] ?? [];
}
