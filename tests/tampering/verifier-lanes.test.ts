import fc from "fast-check";
import { expect, it } from "vitest";
import { encodeEvent } from "#server/core/ledger/encode.ts";
import type { LedgerEvent } from "#server/core/ledger/event.ts";
import { assembleModule } from "#server/core/ledger/sha256-lanes.ts";
import { testEvent } from "#tests/support/ledger.ts";
import { laneBytes, rootOfEntries } from "../../verifier/kuraban-verify.mjs";

it("hashes by no other bytes than the product's own file makes", () => {
  expect(laneBytes().equals(Buffer.from(assembleModule()))).toBe(true);
});

it("finds the root that the header states, four hashes at once and one by one, however many records and fields there are", () => {
  const fields = fc
    .uniqueArray(fc.integer({ min: 1, max: 2_000 }), { maxLength: 70 })
    .map((list) => list.toSorted((a, b) => a - b).map((field) => [field, 1] as [number, 1]));
  const group = fc.record({
    kind: fc.constantFrom("customer" as const, "company" as const),
    numbers: fc.uniqueArray(fc.integer({ min: 1, max: 2_147_483_647 }), { minLength: 1, maxLength: 60 }),
    fields,
  });
  const seed = fc.uint8Array({ minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(fc.array(group, { minLength: 1, maxLength: 5 }), seed, (groups, salt) => {
      const taken = new Set<string>();
      const releases = groups.map((each) => ({
        ...each,
        numbers: each.numbers.filter((no) => !taken.has(`${each.kind} ${no}`) && taken.add(`${each.kind} ${no}`)).toSorted((a, b) => a - b),
      }));
      holds(releases, salt);
    }),
    { numRuns: 150 },
  );
  const many = Array.from({ length: 2_500 }, (_, index) => index * 3 + 1);
  holds([{ kind: "customer", numbers: many, fields: [[1, 2]] }], new Uint8Array(16).fill(7));
});

function holds(releases: LedgerEvent["releases"], salt: Uint8Array): void {
  const encoded = encodeEvent(testEvent({ releases }), (bytes) => Buffer.from(salt.subarray(0, bytes)));
  const stated = (JSON.parse(encoded.header.toString()) as { entries: { count: number; root: string } }).entries;
  for (const isPlain of [false, true]) {
    const { count, root } = rootOfEntries(encoded.entries as Buffer, encoded.salt as Buffer, isPlain);
    expect({ count, root: root.toString("base64url") }).toEqual({ count: stated.count, root: stated.root });
  }
}
