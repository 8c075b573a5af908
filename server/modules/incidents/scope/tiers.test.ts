import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compress, decompress, packTiers, unpackTiers } from "./pack-tiers.ts";
import type { SeenNumber } from "./gather.ts";
import { hasExisted, makeTiers, personIn, waysOf, type Tiers } from "./tiers.ts";

const seen = (no: number, codes: readonly number[], eventNo = no): SeenNumber => ({
  no,
  events: 1,
  firstEvent: eventNo,
  lastEvent: eventNo,
  firstAt: eventNo,
  lastAt: eventNo,
  codes,
});
const [shape, full] = [12, 13];

function tiersOf(given: Partial<Parameters<typeof makeTiers>[0]> & { readonly seen?: SeenNumber[] }): Tiers {
  return makeTiers({
    gathered: { seen: given.seen ?? [], reached: [] },
    kept: new Map(),
    existing: Uint32Array.from([1, 2, 3, 4, 5]),
    named: [],
    everybody: [],
    ...given,
  });
}
const waysIn = (tiers: Tiers, no: number): string[] => waysOf(personIn(tiers, no)?.wayBits ?? 0);

describe("a person is", () => {
  test("confirmed by one value that left in full, and only possible by shapes however many", () => {
    const tiers = tiersOf({ seen: [seen(1, [full]), seen(2, [shape, 14])] });
    expect(personIn(tiers, 1)).toMatchObject({ isConfirmed: true });
    expect(personIn(tiers, 2)).toMatchObject({ isConfirmed: false });
    expect(waysIn(tiers, 2)).toEqual(["masked"]);
    expect(personIn(tiers, 3)).toBeUndefined();
    expect(hasExisted(tiers, 3)).toBe(true);
    expect(hasExisted(tiers, 6)).toBe(false);
  });

  test("the one who is kept after merges: with the most that was shown of any number, the first event and the last", () => {
    const tiers = tiersOf({ seen: [seen(3, [shape], 40), seen(5, [full, 21], 7)], kept: new Map([[5, 3]]) });
    expect(personIn(tiers, 3)).toMatchObject({ isConfirmed: true, firstEvent: 7, lastEvent: 40, events: 2, codes: [full, 21] });
    expect([...tiers.existed]).toEqual([1, 2, 3, 4]);
    expect(tiers.merged).toEqual(new Map([[5, 3]]));
  });

  test("possible by a copy of everybody, and confirmed all the same where a value left or a list names them", () => {
    const tiers = tiersOf({ seen: [seen(1, [full])], named: [2], everybody: [{ way: "copy", existing: Uint32Array.from([1, 2, 3]) }] });
    expect([1, 2, 3, 4].map((no) => personIn(tiers, no)?.isConfirmed)).toEqual([true, true, false, undefined]);
    expect(waysIn(tiers, 1)).toEqual(["released", "copy"]);
    expect(waysIn(tiers, 2)).toEqual(["named", "copy"]);
  });
});

test("packed tiers come back as they were, and the same tiers are the same bytes in whatever order they came", () => {
  const person = fc.record({
    no: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    codes: fc.uniqueArray(fc.integer({ min: 2, max: 16_000 }), { maxLength: 4 }),
    eventNo: fc.integer({ min: 1, max: 2 ** 40 }),
  });
  fc.assert(
    fc.property(fc.uniqueArray(person, { selector: ({ no }) => no, maxLength: 60 }), fc.array(fc.integer({ min: 1, max: 100 })), (people, existing) => {
      const rows = people.map(({ no, codes, eventNo }) =>
        seen(
          no,
          codes.toSorted((a, b) => a - b),
          eventNo,
        ),
      );
      const make = (order: SeenNumber[]): Tiers => tiersOf({ seen: order, existing: Uint32Array.from(new Set(existing)).sort(), named: existing.slice(0, 3) });
      const tiers = make(rows);
      const packed = packTiers(tiers, 77);
      expect(packTiers(make(rows.toReversed()), 77)).toEqual(packed);
      const { asOfEvent, ...back } = unpackTiers(decompress(compress(packed)));
      expect(asOfEvent).toBe(77);
      expect(back).toEqual(tiers);
    }),
  );
});
