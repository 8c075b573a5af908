import { isVisible, levelOf, noRights, relations } from "#server/core/access/compile.ts";
import { fieldOf, type Field } from "#server/core/access/policy.ts";
import { BlobRejected, KeyErased } from "#server/core/vault/index.ts";
import type { Kind } from "#shared/rights.ts";
import type { Context } from "./context.ts";
import { compareOrderKeys, orderKeyOf, type OrderedFor, type OrderKey } from "./order-keys.ts";
import type { SealedRecord } from "./sealed-record.ts";
import { sortInTurns } from "./sort-in-turns.ts";

/** Reads records by number, a few at a time, so that others get their turn. Numbers without a record are left out. */
export type ReadInTurns = (numbers: readonly number[]) => AsyncIterable<readonly SealedRecord[]>;

/** Numbers in ascending order of a field, each with the version of its record for which that holds. */
export interface Placed {
  readonly numbers: Int32Array;
  readonly versions: Int32Array;
}

export interface Places {
  /** In ascending order of the folded value, then of number. */
  readonly known: Int32Array;
  /** Without a value, or one not to be seen in full: ascending by number. */
  readonly rest: readonly number[];
  /** That could not be opened, for the house alone; for a caller that is thrown. */
  readonly unopened: readonly number[];
  /** How many records were opened. */
  readonly examined: number;
}

/** Most records of the given order that are opened at once to find the places among them. */
const probesAtOnce = 1_024;
const probesAtMost = 63;

/**
 * Opens records and finds their places by a field in an order that stands already, opening as few of that as it takes;
 * forgets all values. Null where the given order does not hold for this caller or not any more: then begin without it.
 */
export async function examinePlaces(
  context: Context,
  kind: Kind,
  key: string,
  given: { readonly placed: Placed; readonly numbers: readonly number[]; readonly read: ReadInTurns; readonly orderedFor: OrderedFor },
): Promise<Places | null> {
  const { placed, orderedFor } = given;
  const field = fieldOf(context.policy, kind, key);
  if (field === undefined) {
    throw new Error("there is no field to order by");
  }
  if (orderedFor === "house" && context.actor.rights !== noRights) {
    throw new Error("an account's work is ordered by its own rights");
  }
  if (orderedFor === "caller" && placed.numbers.length > 0 && !seesInFull(context, kind, field)) {
    return null;
  }
  const found: OrderKey[] = [];
  const rest: number[] = [];
  const unopened: number[] = [];
  for await (const records of given.read(given.numbers)) {
    for (const record of records) {
      const opened = tryKey(context, record, field, orderedFor);
      if (opened === "unopened") unopened.push(record.no);
      else if (opened === undefined) rest.push(record.no);
      else found.push(opened);
    }
  }
  const known = await sortInTurns(found, compareOrderKeys);
  const places = await findPlaces(context, field, known, given);
  if (places === null) {
    return null;
  }
  rest.sort((a, b) => a - b);
  return { known: merge(placed.numbers, known, places.before), rest, unopened, examined: found.length + rest.length + places.examined };
}

/** A row that was changed around the product, or whose key is gone, keeps the house from nothing else; the sweep names it. */
function tryKey(context: Context, record: SealedRecord, field: Field, orderedFor: OrderedFor): OrderKey | "unopened" | undefined {
  try {
    return orderKeyOf(context, record, field, orderedFor);
  } catch (error) {
    if (orderedFor === "house" && (error instanceof BlobRejected || error instanceof KeyErased)) {
      return "unopened";
    }
    throw error;
  }
}

/** Whether a field is seen in full on every row that is seen at all. */
function seesInFull({ actor }: Context, kind: Kind, field: Field): boolean {
  return relations.every((relation) => {
    const { level, masked } = levelOf(actor.rights, kind, relation, field.class);
    return !isVisible(actor.rights, kind, relation) || (level !== "none" && !(masked && field.mask !== "none"));
  });
}

/** Known keys `from` to `to` lie between the placed numbers `low` and `high`. */
interface Gap {
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
}

/**
 * How many of the placed numbers stand before each known key: all keys at once, by opening some numbers of each gap in
 * which keys may still lie. No number is opened twice.
 */
async function findPlaces(
  context: Context,
  field: Field,
  known: readonly OrderKey[],
  { placed, read, orderedFor }: { placed: Placed; read: ReadInTurns; orderedFor: OrderedFor },
): Promise<{ before: Int32Array; examined: number } | null> {
  const before = new Int32Array(known.length);
  let examined = 0;
  let gaps: Gap[] = [{ from: 0, to: known.length, low: 0, high: placed.numbers.length }];
  for (;;) {
    gaps = gaps.filter(({ from, to, low, high }) => {
      if (low === high) before.fill(low, from, to);
      return low < high && from < to;
    });
    if (gaps.length === 0) {
      return { before, examined };
    }
    const each = Math.min(probesAtMost, Math.max(1, Math.floor(probesAtOnce / gaps.length)));
    const probed = gaps.map((gap) => probesOf(gap, each));
    const keys = await openPlaced(context, field, placed, probed.flat(), { read, orderedFor });
    if (keys === null) {
      return null;
    }
    examined += keys.size;
    gaps = gaps.flatMap((gap, index) => split(gap, probed[index] as number[], keys, known));
  }
}

/** At most `most` places within a gap, evenly spread. */
function probesOf({ low, high }: Gap, most: number): number[] {
  const count = Math.min(most, high - low);
  return Array.from({ length: count }, (_, index) => low + Math.floor(((index + 0.5) * (high - low)) / count));
}

/** Keys of the placed numbers at the given places; null when one is not any more what it was placed as. */
async function openPlaced(
  context: Context,
  field: Field,
  placed: Placed,
  places: readonly number[],
  { read, orderedFor }: { read: ReadInTurns; orderedFor: OrderedFor },
): Promise<Map<number, OrderKey> | null> {
  const placeOf = new Map(places.map((place) => [placed.numbers[place] as number, place]));
  const keys = new Map<number, OrderKey>();
  for await (const records of read([...placeOf.keys()])) {
    for (const record of records) {
      const place = placeOf.get(record.no) as number;
      const key = record.version === placed.versions[place] ? tryKey(context, record, field, orderedFor) : undefined;
      if (key === undefined || key === "unopened") {
        return null;
      }
      keys.set(place, key);
    }
  }
  return keys.size === places.length ? keys : null;
}

function split(gap: Gap, probes: readonly number[], keys: ReadonlyMap<number, OrderKey>, known: readonly OrderKey[]): Gap[] {
  const parts: Gap[] = [];
  let { from, low } = gap;
  for (const place of probes) {
    const key = keys.get(place) as OrderKey;
    let to = from;
    for (let end = gap.to; to < end;) {
      const middle = (to + end) >> 1;
      if (compareOrderKeys(known[middle] as OrderKey, key) < 0) to = middle + 1;
      else end = middle;
    }
    parts.push({ from, to, low, high: place });
    from = to;
    low = place + 1;
  }
  parts.push({ from, to: gap.to, low, high: gap.high });
  return parts.filter((part) => part.from < part.to);
}

function merge(placed: Int32Array, known: readonly OrderKey[], before: Int32Array): Int32Array {
  const merged = new Int32Array(placed.length + known.length);
  let at = 0;
  let taken = 0;
  known.forEach((key, index) => {
    const part = placed.subarray(taken, before[index]);
    merged.set(part, at);
    at += part.length;
    taken += part.length;
    merged[at++] = key.no;
  });
  merged.set(placed.subarray(taken), at);
  return merged;
}
