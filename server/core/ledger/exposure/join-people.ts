import { writtenCode } from "./chunk.ts";
import { createFieldSets, type FieldSet } from "./field-sets.ts";
import type { PeopleSeen } from "./people-tally.ts";

/** {@link PeopleSeen} as it travels between threads, with the field sets that it names. */
export interface PackedPeople extends Omit<PeopleSeen, "fieldSet"> {
  readonly sets: ReadonlyMap<number, FieldSet>;
}

export const packPeople = ({ fieldSet, ...people }: PeopleSeen): PackedPeople => ({
  ...people,
  sets: new Map(Array.from(new Set(people.fieldSets), (number) => [number, fieldSet(number)] as const)),
});

/** What parts of a set of events say, earlier events in earlier parts. The parts are used up. */
export function joinPeople(parts: readonly PackedPeople[]): PeopleSeen {
  const fieldSets = createFieldSets();
  const numbers = parts.map(({ sets }) => {
    const known = new Uint32Array(Math.max(-1, ...sets.keys()) + 1);
    for (const [number, { fields, isWritten }] of sets) {
      known[number] = fieldSets.numberOf([...(isWritten ? [writtenCode] : []), ...fields.map(([fieldNo, level]) => fieldNo * 2 + level - 1)]);
    }
    return known;
  });
  const most = countDistinct(parts.map(({ nos }) => nos));
  // A part that knows everybody is written over, place by place behind its reading: a million people are fifty megabytes.
  const joined = parts.find(({ nos }) => nos.length === most) ?? {
    nos: new Float64Array(most),
    events: new Uint32Array(most),
    firstAt: new Float64Array(most),
    lastAt: new Float64Array(most),
    firstEvent: new Float64Array(most),
    lastEvent: new Float64Array(most),
    fieldSets: new Uint32Array(most),
  };
  const places = parts.map(() => 0);
  for (let at = 0; at < most; at++) {
    let next = Infinity;
    for (let part = 0; part < parts.length; part++) next = Math.min(next, parts[part]!.nos[places[part]!] ?? Infinity);
    let [events, firstAt, lastAt, firstEvent, lastEvent, set] = [0, 0, 0, 0, 0, 0];
    for (let part = 0; part < parts.length; part++) {
      const own = parts[part]!;
      const place = places[part]!;
      if (own.nos[place] !== next) continue;
      if (events === 0) {
        firstAt = own.firstAt[place]!;
        firstEvent = own.firstEvent[place]!;
      }
      events += own.events[place]!;
      lastAt = own.lastAt[place]!;
      lastEvent = own.lastEvent[place]!;
      set = fieldSets.unite(set, numbers[part]![own.fieldSets[place]!]!);
      places[part] = place + 1;
    }
    joined.nos[at] = next;
    joined.events[at] = events;
    joined.firstAt[at] = firstAt;
    joined.lastAt[at] = lastAt;
    joined.firstEvent[at] = firstEvent;
    joined.lastEvent[at] = lastEvent;
    joined.fieldSets[at] = set;
  }
  const { nos, events, firstAt, lastAt, firstEvent, lastEvent, fieldSets: sets } = joined;
  return { nos, events, firstAt, lastAt, firstEvent, lastEvent, fieldSets: sets, fieldSet: (number) => fieldSets.get(number) };
}

/** How many numbers stand in any of some ascending lists. */
function countDistinct(lists: readonly Float64Array[]): number {
  const places = lists.map(() => 0);
  for (let count = 0; ; count++) {
    let next = Infinity;
    for (let list = 0; list < lists.length; list++) next = Math.min(next, lists[list]![places[list]!] ?? Infinity);
    if (next === Infinity) return count;
    for (let list = 0; list < lists.length; list++) if (lists[list]![places[list]!] === next) places[list]! += 1;
  }
}
