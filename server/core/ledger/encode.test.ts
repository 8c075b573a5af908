import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";
import { decodeEvent, encodeEvent, leafOfHeader, leavesOfHeaders, parseHeader } from "./encode.ts";
import { decodeEntries, encodeEntries, proveEntry, rootOfEntries, verifyEntry } from "./entries.ts";
import { declareEvents, joinEvents, ledgerKinds, type Fact, type LedgerEvent, type LedgerKind, type Release, type Write } from "./event.ts";
import { hashLeaf, rootOfHashes } from "./merkle.ts";
import { sha256 } from "./primitives.ts";

const kind = fc.constantFrom(...(Object.keys(ledgerKinds) as LedgerKind[]));
const no = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 2 ** 40 - 1 }));
const release: fc.Arbitrary<Release> = fc.record({
  kind: fc.constantFrom<LedgerKind>("customer", "company"),
  numbers: fc.array(no, { maxLength: 30 }),
  fields: fc.array(fc.tuple(fc.oneof(fc.integer({ min: 1, max: 63 }), fc.integer({ min: 64, max: 8191 })), fc.constantFrom(1 as const, 2 as const)), {
    maxLength: 8,
  }),
});
const fact = fc.letrec<{ fact: Fact }>((tie) => ({
  fact: fc.oneof(
    { depthSize: "small" },
    fc.string({ unit: "grapheme" }),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("fact"), { maxLength: 3 }),
    fc.dictionary(fc.string(), tie("fact"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).fact;
const text = fc.string({ unit: "grapheme", maxLength: 20 });
const event: fc.Arbitrary<LedgerEvent> = fc.record({
  type: fc.constant("customer.viewed"),
  at: fc.date({ noInvalidDate: true, min: new Date("2020-01-01"), max: new Date("2200-01-01") }),
  principal: fc.constantFrom("account" as const, "system" as const, "console" as const, "anyone" as const),
  accountNo: fc.option(fc.integer({ min: 0, max: 2 ** 31 - 1 })),
  sessionId: fc.option(fc.uuid()),
  deviceId: fc.option(text, { nil: undefined }),
  address: fc.option(text, { nil: undefined }),
  requestId: text,
  purpose: fc.option(text, { nil: undefined }),
  outcome: fc.constantFrom("ok" as const, "refused" as const, "failed" as const),
  policyVersion: fc.nat(),
  facts: fc.dictionary(fc.string(), fact, { maxKeys: 4, noNullPrototype: true }),
  releases: fc.array(release, { maxLength: 5 }),
  writes: fc.array(fc.record({ kind, no, rowHash: fc.option(fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes))) }), {
    maxLength: 6,
  }),
  sealed: fc.array(
    fc.record({
      label: text,
      subject: fc.record({ kind, no }),
      fieldClass: fc.constantFrom("open" as const, "internal" as const, "personal" as const, "sensitive" as const),
      blob: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    }),
    { maxLength: 3 },
  ),
});

/** What the releases say of each record, by the plainest means. */
function said(releases: readonly Release[]): Map<string, Map<number, number>> {
  const all = new Map<string, Map<number, number>>();
  for (const group of releases) {
    for (const each of group.numbers) {
      const fields = all.get(`${group.kind} ${each}`) ?? new Map<number, number>();
      for (const [fieldNo, level] of group.fields) fields.set(fieldNo, Math.max(level, fields.get(fieldNo) ?? 0));
      all.set(`${group.kind} ${each}`, fields);
    }
  }
  return all;
}

function lastWrites(writes: readonly Write[]): Map<string, string | undefined> {
  return new Map(writes.map((write) => [`${write.kind} ${write.no}`, write.rowHash?.toString("hex")]));
}

describe("an event", () => {
  test("reads back as it was written", () => {
    fc.assert(
      fc.property(event, (original) => {
        const encoded = encodeEvent(original, randomBytes);
        const decoded = decodeEvent(encoded);
        const { releases, writes, ...rest } = decoded;
        const { releases: originalReleases, writes: originalWrites, ...originalRest } = original;
        expect(rest).toEqual(originalRest);
        expect(said(releases)).toEqual(said(originalReleases));
        expect(lastWrites(writes)).toEqual(lastWrites(originalWrites));
        // Settled groups are stored as they are: encoding again changes nothing.
        if (encoded.entries !== null) expect(encodeEntries(releases, encoded.salt!)!.packed).toEqual(encoded.entries);
      }),
    );
  });

  test("has a header in canonical form whose hashes bind the sections and whose leaf is RFC 6962's", () => {
    fc.assert(
      fc.property(event, (original) => {
        const encoded = encodeEvent(original, randomBytes);
        const header = parseHeader(encoded.header);
        expect(canonicalJson(JSON.parse(encoded.header) as Fact)).toBe(encoded.header);
        const leaf = sha256(Buffer.concat([Buffer.from([0]), Buffer.from(encoded.header, "utf8")]));
        expect(leafOfHeader(encoded.header)).toEqual(leaf);
        expect(leavesOfHeaders([Buffer.from("{}"), Buffer.from(encoded.header, "utf8")]).subarray(32)).toEqual(leaf);
        expect(header.writes).toBe(encoded.writes === null ? undefined : sha256(encoded.writes).toString("base64url"));
        expect(header.sealed).toBe(encoded.sealed === null ? undefined : sha256(encoded.sealed).toString("base64url"));
        if (encoded.entries === null) {
          expect(header.entries).toBeUndefined();
        } else {
          const { count, root } = rootOfEntries(encoded.entries, encoded.salt!);
          expect(header.entries).toEqual({ count, root: root.toString("base64url") });
          expect(count).toBe(said(original.releases).size);
        }
      }),
    );
  });

  test("shows one entry without the others, and the proof fits no other record, field, level or event", () => {
    fc.assert(
      fc.property(fc.array(release, { minLength: 1, maxLength: 4 }), fc.nat(), (releases, pick) => {
        const seed = randomBytes(16);
        const encoded = encodeEntries(releases, seed);
        fc.pre(encoded !== undefined);
        const all = decodeEntries(encoded.packed).flatMap((group) => group.numbers.map((each) => ({ kind: group.kind, no: each })));
        const one = all[pick % all.length]!;
        const proof = proveEntry(encoded.packed, seed, one.kind, one.no)!;
        expect(verifyEntry(proof, encoded.root, encoded.count)).toBe(true);
        expect(verifyEntry({ ...proof, entry: { ...proof.entry, no: one.no + 1 } }, encoded.root, encoded.count)).toBe(false);
        expect(verifyEntry({ ...proof, entry: { ...proof.entry, fields: [...proof.entry.fields, [8191, 1]] } }, encoded.root, encoded.count)).toBe(
          proof.entry.fields.some(([fieldNo, level]) => fieldNo === 8191 && level >= 1),
        );
        expect(verifyEntry({ ...proof, salt: randomBytes(16) }, encoded.root, encoded.count)).toBe(false);
        expect(verifyEntry(proof, randomBytes(32), encoded.count)).toBe(false);
        expect(verifyEntry(proof, encoded.root, encoded.count + 1)).toBe(false);
        expect(proveEntry(encoded.packed, seed, "role", 1)).toBeUndefined();
      }),
    );
  });

  test("hashes its entries as docs say: SHA-256(0x00, salt, kind, number, fields) in order of kind and number", () => {
    const seed = Buffer.alloc(16, 5);
    const encoded = encodeEntries(
      [
        { kind: "company", numbers: [3], fields: [[32, 2]] },
        {
          kind: "customer",
          numbers: [300, 7],
          fields: [
            [6, 1],
            [1, 2],
          ],
        },
        { kind: "customer", numbers: [8], fields: [] },
      ],
      seed,
    )!;
    expect(encoded.packed.toString("hex")).toBe("01" + "0100" + "0108" + "0102" + "030c" + "0207a502" + "0201" + "41" + "0103");
    const salts = [0, 1, 2, 3].map((index) => proveEntry(encoded.packed, seed, index === 3 ? "company" : "customer", [7, 8, 300, 3][index]!)!.salt);
    const entries = ["0107030c", "0108", "01ac02030c", "020341"].map((hex) => Buffer.from(hex, "hex"));
    expect(encoded.root).toEqual(rootOfHashes(entries.map((entry, index) => hashLeaf(Buffer.concat([salts[index]!, entry])))));
    expect(new Set(salts.map((salt) => salt.toString("hex"))).size).toBe(4);
  });

  test("of ten thousand records keeps every one of them", () => {
    const numbers = Array.from({ length: 10_000 }, (_, index) => index * 3 + 1);
    const seed = randomBytes(16);
    const encoded = encodeEntries([{ kind: "customer", numbers, fields: [[1, 2]] }], seed)!;
    expect(decodeEntries(encoded.packed)[0]!.numbers).toEqual(numbers);
    expect(rootOfEntries(encoded.packed, seed)).toEqual({ count: 10_000, root: encoded.root });
    expect(verifyEntry(proveEntry(encoded.packed, seed, "customer", 29_998)!, encoded.root, 10_000)).toBe(true);
  });

  test("with a part out of bounds is refused", () => {
    const base = fc.sample(event, { numRuns: 1, seed: 1 })[0]!;
    const encode = (change: Partial<LedgerEvent>) => () => encodeEvent({ ...base, ...change }, randomBytes);
    expect(encode({})).not.toThrow();
    expect(encode({ accountNo: 2 ** 31 })).toThrow();
    expect(encode({ sessionId: "not-a-uuid" })).toThrow();
    expect(encode({ facts: { bad: Number.NaN } })).toThrow();
    expect(encode({ facts: { bad: "\ud800" } })).toThrow();
    expect(encode({ releases: [{ kind: "customer", numbers: [2 ** 40], fields: [] }] })).toThrow();
    expect(encode({ releases: [{ kind: "customer", numbers: [1], fields: [[0, 1]] }] })).toThrow();
    expect(encode({ writes: [{ kind: "customer", no: 1, rowHash: Buffer.alloc(31) }] })).toThrow();
  });
});

test("canonical JSON sorts keys by code units and writes numbers as RFC 8785 shows", () => {
  // Sections 3.2.2 and 3.2.3 of RFC 8785.
  expect(
    canonicalJson({
      numbers: [Number("333333333.33333329"), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000f\nA\'B"\\\\"/',
      literals: [null, true, false],
    }),
  ).toBe('{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}');
  expect(canonicalJson({ "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\ud83d\ude00": 5, "\u0080": 6, "\u00f6": 7 })).toBe(
    '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}',
  );
});

test("an event type is declared once, in lower-case words joined by dots", () => {
  const own = declareEvents({ "customer.viewed": { description: "A customer's values were shown" } });
  expect([...joinEvents([own]).keys()]).toEqual(["customer.viewed"]);
  expect(() => joinEvents([own, own])).toThrow("declared twice");
  expect(() => declareEvents({ Viewed: { description: "" } })).toThrow();
});
