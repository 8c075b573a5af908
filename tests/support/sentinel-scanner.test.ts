import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { fold } from "#server/core/vault/fold.ts";
import { makeRandom, type Random } from "#server/modules/sample/make-random.ts";
import { sentinelsOf, sentinelValues, type Sentinel } from "#server/modules/sample/sentinels.ts";
import { recordFields } from "#shared/fields.ts";
import { buildScanner, type Form } from "./sentinel-scanner.ts";

const sentinels: Sentinel[] = [];
for (let index = 0; index < 120; index += 1) sentinels.push(...sentinelsOf("customer", index));
for (let index = 0; index < 20; index += 1) sentinels.push(...sentinelsOf("company", index), ...sentinelsOf("account", index));
const scanner = buildScanner(sentinels, fold);
const typeOf = (sentinel: Sentinel) => recordFields.find((field) => field.kind === sentinel.kind && field.key === sentinel.field)!.type;
const scannable = sentinels.filter((sentinel) => sentinel.core !== null);

function noise(random: Random, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += 1) bytes[at] = random.next() & 255;
  return bytes;
}

/** The value as each leak would write it: the whole value, not just its core, and independent of how the scanner spells. */
const asLeaked: Record<Exclude<Form, "base64" | "base64url">, (value: string, sentinel: Sentinel) => Buffer> = {
  "utf-8": (value) => Buffer.from(value),
  folded: (value, sentinel) => Buffer.from(typeOf(sentinel) === "phone" ? value.replaceAll("-", "") : fold(typeOf(sentinel), value)),
  cp932: (value) => iconv.encode(value, "cp932"),
  "utf-16le": (value) => Buffer.from(value, "utf16le"),
  "utf-16be": (value) => Buffer.from(value, "utf16le").swap16(),
  hex: (value) => Buffer.from(Buffer.from(value).toString("hex")),
  percent: (value) => Buffer.from(encodeURIComponent(value)),
  json: (value) => Buffer.from(JSON.stringify(value).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)),
};

function expectFoundEverywhere(leak: (sentinel: Sentinel, random: Random) => Buffer): void {
  const random = makeRandom(42);
  const parts: Buffer[] = [];
  const spans = new Map<Sentinel, readonly [from: number, to: number]>();
  let at = 0;
  for (const sentinel of scannable) {
    const gap = noise(random, random.below(40));
    const planted = leak(sentinel, random);
    spans.set(sentinel, [at + gap.length, at + gap.length + planted.length]);
    parts.push(gap, planted);
    at += gap.length + planted.length;
  }
  const found = new Map<Sentinel, number>();
  for (const finding of scanner.scan(Buffer.concat(parts))) {
    const [from, to] = spans.get(finding.sentinel)!;
    // A zero byte before UTF-16LE reads as UTF-16BE one byte earlier.
    expect(finding.offset).toBeGreaterThanOrEqual(from - 1);
    expect(finding.offset).toBeLessThan(to);
    found.set(finding.sentinel, finding.offset);
  }
  expect(scannable.filter((sentinel) => !found.has(sentinel)).map((sentinel) => `${sentinel.kind} ${sentinel.index} ${sentinel.field}`)).toEqual([]);
}

describe("sentinels", () => {
  test("have a value for every standard field, all different, save closed ones", () => {
    expect(Object.keys(sentinelValues("customer", 5)).length).toBe(recordFields.filter((field) => field.kind === "customer").length);
    const cores = scannable.map((sentinel) => sentinel.core!);
    expect(new Set(cores).size).toBe(cores.length);
    expect(new Set(scannable.map((sentinel) => fold(typeOf(sentinel), sentinel.core!))).size).toBe(cores.length);
    expect(new Set(sentinels.filter((sentinel) => sentinel.core === null).map((sentinel) => sentinel.field))).toEqual(
      new Set(["birthDate", "gender", "postalCode"]),
    );
  });
  test("fit into a CP932 file unchanged", () => {
    for (const sentinel of sentinels) expect(iconv.decode(iconv.encode(sentinel.value, "cp932"), "cp932")).toBe(sentinel.value);
  });
});

describe("the sentinel scanner", () => {
  for (const [form, write] of Object.entries(asLeaked)) {
    test(`finds every sentinel written as ${form}`, () => expectFoundEverywhere((sentinel) => write(sentinel.value, sentinel)));
  }
  for (const form of ["hex", "percent", "json"] as const) {
    test(`finds every sentinel written as ${form} in the other case`, () =>
      expectFoundEverywhere((sentinel) => {
        const text = asLeaked[form](sentinel.value, sentinel).toString("latin1");
        const pattern = { hex: /[0-9a-f]+/g, percent: /%[0-9A-F]{2}/g, json: /(?<=\\u)[0-9a-f]{4}/g }[form];
        return Buffer.from(
          text.replace(pattern, (part) => (form === "percent" ? part.toLowerCase() : part.toUpperCase())),
          "latin1",
        );
      }));
  }
  for (const alphabet of ["base64", "base64url"] as const) {
    test(`finds every sentinel inside ${alphabet} at every alignment`, () => {
      for (const shift of [0, 1, 2]) {
        expectFoundEverywhere((sentinel, random) =>
          Buffer.from(Buffer.concat([noise(random, 30 + shift), Buffer.from(sentinel.value), noise(random, 20)]).toString(alphabet)),
        );
      }
    });
  }
  test("finds phones written without separators and with +81", () => {
    const phones = scannable.filter((sentinel) => typeOf(sentinel) === "phone");
    for (const sentinel of phones) {
      const digits = sentinel.value.replaceAll("-", "");
      for (const written of [digits, `+81${digits.slice(1)}`])
        expect(scanner.scan(Buffer.from(`{"x":"${written}"}`)).map((finding) => finding.sentinel)).toContain(sentinel);
    }
  });
  test("finds nothing in random bytes, random digits and ordinary Japanese", () => {
    const random = makeRandom(1);
    expect(scanner.scan(noise(random, 8 << 20))).toEqual([]);
    const digits = Buffer.from(Array.from({ length: 1 << 20 }, () => 48 + random.below(10)));
    expect(scanner.scan(digits)).toEqual([]);
    expect(scanner.scan(Buffer.from("営業本部の山田です。大阪府大阪市北区梅田1-2-3 株式会社北斗電機 03-1234-5678 ".repeat(20_000)))).toEqual([]);
  });
  test("finds nothing in masked values", () => {
    for (const sentinel of scannable) {
      expect(scanner.scan(Buffer.from(`z•••@sentinel.example 東京都千代田区•••• 090-••••-${sentinel.value.slice(-4)}`))).toEqual([]);
    }
  });
  test("finds a value that lies across two pieces of a large file, once, at its offset", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sentinels-"));
    try {
      const file = Buffer.alloc((9 << 20) + 5, "あ");
      const [one, two, three] = scannable as [Sentinel, Sentinel, Sentinel];
      Buffer.from(one.core!).copy(file, (4 << 20) - 5);
      Buffer.from(two.core!).copy(file, (8 << 20) - 1);
      Buffer.from(three.core!).copy(file, file.length - Buffer.byteLength(three.core!));
      await writeFile(join(folder, "heap"), file);
      expect((await scanner.scanFile(join(folder, "heap"))).map((finding) => [finding.sentinel.field, finding.offset])).toEqual([
        [one.field, (4 << 20) - 5],
        [two.field, (8 << 20) - 1],
        [three.field, file.length - Buffer.byteLength(three.core!)],
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
  test("refuses sentinels that look the same", () => {
    const [one] = sentinelsOf("customer", 1);
    expect(() => buildScanner([one!, { ...one!, index: 2 }], fold)).toThrow(/look the same/);
  });
});
