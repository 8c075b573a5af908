import { createHash } from "node:crypto";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { createReader, createWriter } from "#server/core/ledger/packed-bytes.ts";
import type { TierPerson, Tiers } from "./tiers.ts";

/**
 * Tiers as bytes: format (1 byte), the last event that was looked at, field sets (count; of each its codes), people (count; of each
 * the distance of its number to the one before × 2 + 1 when confirmed, ways, field set, events; where there are events the first,
 * the distance to the last, and both times in ms), numbers that stood for another (count; distance, kept), who existed (count;
 * distances). All varints. The same tiers give the same bytes; their SHA-256 is the hash of a run.
 */
const format = 1;

export function packTiers(tiers: Tiers, asOfEvent: number): Buffer {
  const writer = createWriter(1 << 16);
  writer.byte(format);
  writer.varint(asOfEvent);
  const sets = new Map<string, number>();
  const lists: (readonly number[])[] = [];
  const known = new Map<readonly number[], number>();
  const setOf = (codes: readonly number[]): number => {
    let set = known.get(codes);
    if (set !== undefined) return set;
    const key = codes.join();
    set = sets.get(key);
    if (set === undefined) sets.set(key, (set = lists.push(codes) - 1));
    known.set(codes, set);
    return set;
  };
  const setNos = Uint32Array.from(tiers.people, ({ codes }) => setOf(codes));
  writer.varint(lists.length);
  for (const codes of lists) {
    writer.varint(codes.length);
    for (const code of codes) writer.varint(code);
  }
  writer.varint(tiers.people.length);
  let last = 0;
  tiers.people.forEach((person, index) => {
    writer.varint((person.no - last) * 2 + (person.isConfirmed ? 1 : 0));
    last = person.no;
    writer.varint(person.wayBits);
    writer.varint(setNos[index]!);
    writer.varint(person.events);
    if (person.events === 0) return;
    writer.varint(person.firstEvent);
    writer.varint(person.lastEvent - person.firstEvent);
    writer.varint(person.firstAt);
    writer.varint(person.lastAt);
  });
  writer.varint(tiers.merged.size);
  last = 0;
  for (const [no, kept] of [...tiers.merged].sort(([a], [b]) => a - b)) {
    writer.varint(no - last);
    writer.varint(kept);
    last = no;
  }
  writer.varint(tiers.existed.length);
  last = 0;
  for (const no of tiers.existed) {
    writer.varint(no - last);
    last = no;
  }
  return writer.take();
}

export const hashTiers = (packed: Buffer): Buffer => createHash("sha256").update(packed).digest();

/** @throws Error for bytes of another form */
export function unpackTiers(packed: Buffer): Tiers & { readonly asOfEvent: number } {
  const reader = createReader(packed);
  if (reader.byte() !== format) throw new Error("tiers are of an unknown form");
  const asOfEvent = reader.varint();
  const lists = Array.from({ length: reader.varint() }, () => Array.from({ length: reader.varint() }, () => reader.varint()));
  let last = 0;
  const people = Array.from({ length: reader.varint() }, (): TierPerson => {
    const code = reader.varint();
    const isConfirmed = code % 2 === 1;
    const no = (last += (code - (isConfirmed ? 1 : 0)) / 2);
    const [wayBits, set, events] = [reader.varint(), reader.varint(), reader.varint()];
    const firstEvent = events === 0 ? 0 : reader.varint();
    const lastEvent = events === 0 ? 0 : firstEvent + reader.varint();
    const [firstAt, lastAt] = events === 0 ? [0, 0] : [reader.varint(), reader.varint()];
    return { no, isConfirmed, wayBits, events, firstEvent, lastEvent, firstAt, lastAt, codes: lists[set]! };
  });
  last = 0;
  const merged = new Map(Array.from({ length: reader.varint() }, () => [(last += reader.varint()), reader.varint()] as const));
  last = 0;
  const existed = Uint32Array.from({ length: reader.varint() }, () => (last += reader.varint()));
  return { asOfEvent, people, merged, existed };
}

export const compress = (packed: Buffer): Buffer => zstdCompressSync(packed);
export const decompress = (compressed: Buffer): Buffer => zstdDecompressSync(compressed);
