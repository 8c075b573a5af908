import fc from "fast-check";
import { expect, it } from "vitest";
import { comparePlaces, joinSources, readPlace, writePlace, type Found, type Place } from "./page-back.ts";

const place = fc.record({ at: fc.integer({ min: 0, max: 40 }), rank: fc.integer({ min: 0, max: 2 }), no: fc.integer({ min: 1, max: 99 }) });

/** Looks for at most `limit` items of one rank behind a place, as the sources of a timeline do. */
function look(all: readonly Place[], rank: number, behind: Place | undefined, limit: number): Found<object> {
  const older = all
    .filter((one) => one.rank === rank && (behind === undefined || comparePlaces(one, behind) > 0))
    .toSorted(comparePlaces)
    .slice(0, limit);
  return { items: older.map((one) => ({ place: one })), lookedTo: older.length < limit ? null : (older.at(-1) as Place) };
}

it("pages shown one after the other hold everything once, newest first", () => {
  fc.assert(
    fc.property(fc.uniqueArray(place, { selector: writePlace, maxLength: 60 }), fc.integer({ min: 1, max: 7 }), (all, limit) => {
      const shown: Place[] = [];
      let behind: Place | undefined;
      for (let pages = 0; pages <= all.length + 1; pages += 1) {
        const { items, next } = joinSources([0, 1, 2].map((rank) => look(all, rank, behind, limit)));
        shown.push(...items.map((item) => item.place));
        if (next === null) break;
        behind = readPlace(writePlace(next));
      }
      expect(shown).toEqual(all.toSorted(comparePlaces));
    }),
  );
});
