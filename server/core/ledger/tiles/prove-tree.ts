import { emptyRoot, proveConsistency, proveInclusion, type SubtreeRoot } from "../merkle.ts";
import type { Query } from "../query.ts";
import { fillTiles, rootsOfRanges } from "./tree-hashes.ts";

/** Inclusion proof (RFC 9162, 2.1.3.1) of the event at `sequence` in the tree of `size` events, from what is stored. */
export function proveInclusionIn(query: Query, sequence: number, size: number): Promise<Buffer[]> {
  return proveFrom(query, size, (subtree) => proveInclusion(sequence, size, subtree));
}

/** Consistency proof (RFC 9162, 2.1.4.1) between the trees of `first` and of `second` events, from what is stored. */
export function proveConsistencyIn(query: Query, first: number, second: number): Promise<Buffer[]> {
  return proveFrom(query, second, (subtree) => proveConsistency(first, second, subtree));
}

/** Asks once which subtrees the proof is made of, reads them, and makes it of them. */
async function proveFrom(query: Query, size: number, prove: (subtree: SubtreeRoot) => Buffer[]): Promise<Buffer[]> {
  const ranges: (readonly [number, number])[] = [];
  prove((from, to) => {
    ranges.push([from, to]);
    return emptyRoot;
  });
  await fillTiles(query, size);
  const roots = await rootsOfRanges(query, ranges);
  let at = 0;
  return prove(() => roots[at++] as Buffer);
}
