import fc from "fast-check";
import { expect, test } from "vitest";
import { looksKept, packLooks, prependLooks, readLooks, type RecentLook } from "./recent-looks.ts";

const look = fc.record({
  eventNo: fc.integer({ min: 1, max: 2 ** 40 }),
  at: fc.integer({ min: 0, max: 2 ** 41 }),
  who: fc.nat(2 ** 20),
  act: fc.nat(300),
  listNo: fc.option(fc.nat(1000)),
  set: fc.nat(300),
});
/** Newest first, each event once. */
const history = fc
  .uniqueArray(look, { selector: ({ eventNo }) => eventNo, maxLength: 3 * looksKept, size: "max" })
  .map((looks) => looks.sort((a, b) => b.eventNo - a.eventNo));
const kept = (looks: readonly RecentLook[]) => ({ looks: looks.slice(0, looksKept), hasOlder: looks.length > looksKept });

test("what was packed is read, newest first", () => {
  fc.assert(
    fc.property(history, (looks) => {
      expect(readLooks(packLooks(kept(looks)))).toEqual(kept(looks));
    }),
  );
});

test("looks put before others are, byte for byte, all packed together", () => {
  fc.assert(
    fc.property(history, fc.nat(3 * looksKept), (looks, at) => {
      const joined = prependLooks(kept(looks.slice(0, at)), packLooks(kept(looks.slice(at))));
      expect(joined).toEqual(packLooks(kept(looks)));
    }),
  );
});
