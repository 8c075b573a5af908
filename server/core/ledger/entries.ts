import { ledgerKinds, type LedgerKind, type Release, type ReleaseLevel } from "./event.ts";
import { hashPlaced, hashRest, placeFor } from "./hash-in-lanes.ts";
import { emptyRoot, hashBytes, holdsInclusion, proveInclusion, rootOfHashes, rootOfLeaves } from "./merkle.ts";
import { createReader, createWriter } from "./packed-bytes.ts";
import { primitives } from "./primitives.ts";
import { laneMemory, reserveLaneMemory } from "./sha256-lanes.ts";

/**
 * The entries section of an event: of whom which fields were released, and how.
 *
 * Stored form: one byte of format (1), then groups: kind (1 byte), number of fields (varint), each field as
 * fieldNo × 2 + (level − 1) (varint, ascending), number of records (varint), the records ascending: the first as it is,
 * the others as the distance to the one before (varint). Groups are ordered by kind, then fields; no record stands twice.
 *
 * Hashed form: an entry for each record: kind (1 byte), number (varint), its fields (varints as above). Entries are
 * ordered by kind and number, and the section's root is the RFC 6962 root over SHA-256(0x00 ‖ salt ‖ entry). Salts are 16
 * bytes each, by position, from the ChaCha20 keystream (RFC 8439, nonce 0, counter 0) under the event's salt seed
 * (16 bytes) followed by the 16 bytes "kuraban salts v1". So an entry can be shown with its salt and path, and tells
 * nothing of its neighbours: without their salts they cannot be guessed.
 */
const entriesFormat = 1;
export const saltBytes = 16;
const mostNo = 2 ** 40;

const kindNames = new Map<number, LedgerKind>(Object.entries(ledgerKinds).map(([name, no]) => [no, name as LedgerKind]));

export function kindOf(kindNo: number): LedgerKind {
  const kind = kindNames.get(kindNo);
  if (kind === undefined) throw new Error(`kind ${kindNo} is unknown to the ledger`);
  return kind;
}

export function kindNoOf(kind: LedgerKind): number {
  const kindNo = ledgerKinds[kind] as number | undefined;
  if (kindNo === undefined) throw new Error(`kind ${kind} is unknown to the ledger`);
  return kindNo;
}

export function checkNo(no: number): number {
  if (!Number.isSafeInteger(no) || no < 0 || no >= mostNo) throw new Error("a record number is a whole number from 0 below 2^40");
  return no;
}

/** Records of which the same was released. */
export interface Group {
  readonly kindNo: number;
  readonly fields: readonly number[];
  readonly numbers: readonly number[];
}

const ascending = (a: number, b: number): number => a - b;

function fieldCodes(fields: Release["fields"]): number[] {
  const codes: number[] = [];
  for (const [fieldNo, level] of fields) {
    if (!Number.isInteger(fieldNo) || fieldNo < 1 || fieldNo > 8191) throw new Error("a field number is a whole number from 1 to 8191");
    if (level !== 1 && level !== 2) throw new Error("a release level is 1 (partial) or 2 (full)");
    codes.push(fieldNo * 2 + level - 1);
  }
  return settleCodes(codes);
}

/** Ascending, each field once, by its fullest release. */
function settleCodes(codes: number[]): number[] {
  codes.sort(ascending);
  return codes.filter((code, index) => codes[index + 1] === undefined || codes[index + 1]! >> 1 !== code >> 1);
}

function settleNumbers(numbers: readonly number[]): number[] {
  let isAscending = true;
  for (let index = 0; index < numbers.length; index++) {
    if (checkNo(numbers[index]!) <= (numbers[index - 1] ?? -1)) isAscending = false;
  }
  if (isAscending) return numbers.slice();
  const sorted = Float64Array.from(numbers).sort();
  const settled: number[] = [];
  for (const no of sorted) if (no !== settled[settled.length - 1]) settled.push(no);
  return settled;
}

function compareGroups(a: Group, b: Group): number {
  if (a.kindNo !== b.kindNo) return a.kindNo - b.kindNo;
  for (let index = 0; index < a.fields.length && index < b.fields.length; index++) {
    if (a.fields[index] !== b.fields[index]) return a.fields[index]! - b.fields[index]!;
  }
  return a.fields.length - b.fields.length;
}

/** Each entry's place: `keys` ascending (kind × 2^40 + number), `groups` the group of each. */
interface Places {
  readonly keys: Float64Array;
  readonly groups: Uint32Array;
  readonly isUnique: boolean;
}

function place(groups: readonly Group[]): Places {
  let count = 0;
  let isAscending = true;
  let last = -1;
  for (const { kindNo, numbers } of groups) {
    if (numbers.length === 0) continue;
    count += numbers.length;
    if (kindNo * mostNo + numbers[0]! <= last) isAscending = false;
    last = kindNo * mostNo + numbers[numbers.length - 1]!;
  }
  if (!isAscending && groups.length <= 32) return mergePlaces(groups, count);
  const keys = new Float64Array(count);
  const owners = new Uint32Array(count);
  let at = 0;
  for (let index = 0; index < groups.length; index++) {
    const group = groups[index]!;
    const base = group.kindNo * mostNo;
    for (const no of group.numbers) {
      keys[at] = base + no;
      owners[at++] = index;
    }
  }
  return isAscending ? { keys, groups: owners, isUnique: true } : sortPlaces(keys, owners);
}

/** Few groups: takes the smallest head again and again, which costs a tenth of sorting. */
function mergePlaces(groups: readonly Group[], count: number): Places {
  const keys = new Float64Array(count);
  const owners = new Uint32Array(count);
  const heads = new Uint32Array(groups.length);
  const next = Float64Array.from(groups, (group) => group.kindNo * mostNo + (group.numbers[0] ?? Infinity));
  let isUnique = true;
  for (let at = 0; at < count; at++) {
    let owner = 0;
    for (let index = 1; index < next.length; index++) if (next[index]! < next[owner]!) owner = index;
    keys[at] = next[owner]!;
    owners[at] = owner;
    if (at > 0 && keys[at] === keys[at - 1]) isUnique = false;
    const group = groups[owner]!;
    const no = group.numbers[(heads[owner]! += 1)];
    next[owner] = no === undefined ? Infinity : group.kindNo * mostNo + no;
  }
  return { keys, groups: owners, isUnique };
}

function sortPlaces(keys: Float64Array, owners: Uint32Array): Places {
  const order = Array.from(keys, (_, index) => index).sort((a, b) => keys[a]! - keys[b]! || owners[a]! - owners[b]!);
  const sortedKeys = Float64Array.from(order, (index) => keys[index]!);
  const sortedOwners = Uint32Array.from(order, (index) => owners[index]!);
  const isUnique = sortedKeys.every((key, index) => index === 0 || key !== sortedKeys[index - 1]);
  return { keys: sortedKeys, groups: sortedOwners, isUnique };
}

/** Groups as they are stored: none twice, no record in two of them. */
function settleGroups(releases: readonly Release[]): { groups: Group[]; places: Places } {
  let groups: Group[] = [];
  for (const release of releases) {
    if (release.numbers.length === 0) continue;
    groups.push({ kindNo: kindNoOf(release.kind), fields: fieldCodes(release.fields), numbers: settleNumbers(release.numbers) });
  }
  groups.sort(compareGroups);
  const hasTwins = groups.some((group, index) => index > 0 && compareGroups(groups[index - 1]!, group) === 0);
  const places = place(groups);
  if (!hasTwins && places.isUnique) return { groups, places };

  const codesOf = new Map<number, number[]>();
  for (const group of groups) {
    for (const no of group.numbers) {
      const key = group.kindNo * mostNo + no;
      codesOf.set(key, settleCodes([...(codesOf.get(key) ?? []), ...group.fields]));
    }
  }
  const regrouped = new Map<string, { kindNo: number; fields: number[]; numbers: number[] }>();
  for (const [key, fields] of codesOf) {
    const kindNo = Math.floor(key / mostNo);
    const name = `${kindNo}:${fields.join()}`;
    const group = regrouped.get(name) ?? { kindNo, fields, numbers: [] };
    group.numbers.push(key % mostNo);
    regrouped.set(name, group);
  }
  groups = [...regrouped.values()].map((group) => ({ ...group, numbers: settleNumbers(group.numbers) })).sort(compareGroups);
  return { groups, places: place(groups) };
}

const writer = createWriter();

function packGroups(groups: readonly Group[]): Buffer {
  writer.byte(entriesFormat);
  for (const group of groups) {
    writer.byte(group.kindNo);
    writer.varint(group.fields.length);
    for (const code of group.fields) writer.varint(code);
    writer.varint(group.numbers.length);
    let last = 0;
    for (const no of group.numbers) {
      writer.varint(no - last);
      last = no;
    }
  }
  return writer.take();
}

/** @throws Error for anything that {@link packGroups} would not have written so */
export function parseGroups(packed: Buffer): Group[] {
  const reader = createReader(packed);
  if (reader.byte() !== entriesFormat) throw new Error("entries are of an unknown format");
  const groups: Group[] = [];
  while (!reader.isAtEnd()) {
    const kindNo = reader.byte();
    const fields: number[] = [];
    for (let rest = reader.varint(); rest > 0; rest--) fields.push(reader.varint());
    const count = reader.varint();
    if (count > packed.length) throw new Error("entries hold fewer records than they say");
    const numbers: number[] = [];
    let last = 0;
    for (let index = 0; index < count; index++) {
      const step = reader.varint();
      if (step === 0 && index > 0) throw new Error("entries name a record twice");
      last += step;
      numbers.push(last);
    }
    groups.push({ kindNo, fields, numbers });
  }
  return groups;
}

const nonce = Buffer.alloc(12);
const saltKey = Buffer.alloc(32);
saltKey.write("kuraban salts v1", 16, "latin1");
let keystream = Buffer.allocUnsafeSlow(4096);

/** The salts of an event's entries, one after the other; valid until the next call. */
function saltsOf(seed: Buffer, count: number): Buffer {
  const wanted = count * saltBytes;
  if (keystream.length < wanted) keystream = Buffer.allocUnsafeSlow(Math.max(wanted, keystream.length * 2));
  saltKey.set(seed.subarray(0, saltBytes));
  primitives.crypto_stream_chacha20_ietf(wanted === keystream.length ? keystream : keystream.subarray(0, wanted), nonce, saltKey);
  saltKey.fill(0, 0, saltBytes);
  return keystream;
}

const beforeEntry = 1 + saltBytes;

/** Length of a leaf: 0x00, salt, kind, number, fields. */
function leafBytes(no: number, fields: readonly number[]): number {
  let bytes = beforeEntry + 2 + fields.length;
  for (let rest = no; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes += 1;
  return bytes;
}

/** Hashes an entry's leaf into the lanes' memory at `to` (hash-in-lanes.ts); its salt stands in `salts` at `saltAt`. */
function hashLeafTo(to: number, kindNo: number, no: number, fields: readonly number[], salts: Uint8Array, saltAt: number): void {
  const bytes = leafBytes(no, fields);
  const from = placeFor(bytes);
  laneMemory[from] = 0;
  for (let index = 0; index < saltBytes; index++) laneMemory[from + 1 + index] = salts[saltAt + index]!;
  laneMemory[from + beforeEntry] = kindNo;
  let end = from + beforeEntry + 1;
  let rest = no;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) laneMemory[end++] = (rest % 0x80) | 0x80;
  laneMemory[end++] = rest;
  for (let index = 0; index < fields.length; index++) laneMemory[end++] = fields[index]!;
  hashPlaced(bytes, to);
}

/** The codes as varints: they are below 2^14. */
function packFields(codes: readonly number[]): number[] {
  const bytes: number[] = [];
  for (const code of codes) {
    if (code < 0x80) bytes.push(code);
    else bytes.push((code & 0x7f) | 0x80, code >> 7);
  }
  return bytes;
}

function rootOfPlaces(groups: readonly Group[], places: Places, seed: Buffer): Buffer {
  const count = places.keys.length;
  const salts = saltsOf(seed, count);
  const fields = groups.map((group) => packFields(group.fields));
  const bases = groups.map((group) => group.kindNo * mostNo);
  return rootOfLeaves(count, (index, to) => {
    const group = places.groups[index]!;
    hashLeafTo(to, groups[group]!.kindNo, places.keys[index]! - bases[group]!, fields[group]!, salts, index * saltBytes);
  });
}

export interface EncodedEntries {
  readonly packed: Buffer;
  readonly count: number;
  readonly root: Buffer;
}

/** The entries of an event, or undefined when it releases and touches nothing. `seed`: 16 random bytes. */
export function encodeEntries(releases: readonly Release[], seed: Buffer): EncodedEntries | undefined {
  if (releases.length === 0) return undefined;
  const { groups, places } = settleGroups(releases);
  if (groups.length === 0) return undefined;
  return { packed: packGroups(groups), count: places.keys.length, root: rootOfPlaces(groups, places, seed) };
}

/** What {@link encodeEntries} packed. */
export function decodeEntries(packed: Buffer): Release[] {
  return parseGroups(packed).map((group) => ({
    kind: kindOf(group.kindNo),
    numbers: group.numbers,
    fields: group.fields.map((code) => [code >> 1, ((code & 1) + 1) as ReleaseLevel] as const),
  }));
}

/** Count and root of packed entries, computed anew. @throws Error when they are not as {@link encodeEntries} writes them */
export function rootOfEntries(packed: Buffer, seed: Buffer): { count: number; root: Buffer } {
  const groups = parseGroups(packed);
  const places = place(groups);
  if (!places.isUnique) throw new Error("entries name a record twice");
  return { count: places.keys.length, root: rootOfPlaces(groups, places, seed) };
}

/** Calls back for each group of a kind without building objects: numbers ascending. Bounded work for scans. */
export function scanEntries(packed: Buffer, kind: LedgerKind, onGroup: (numbers: readonly number[], hasFields: boolean) => void): void {
  const wanted = kindNoOf(kind);
  for (const group of parseGroups(packed)) if (group.kindNo === wanted) onGroup(group.numbers, group.fields.length > 0);
}

/** One entry with all that shows it to be part of an event, and nothing of the others. */
export interface EntryProof {
  readonly entry: { readonly kind: LedgerKind; readonly no: number; readonly fields: Release["fields"] };
  readonly salt: Buffer;
  readonly index: number;
  readonly count: number;
  readonly path: readonly Buffer[];
}

/** The proof of one record's entry, or undefined when the event says nothing of it. */
export function proveEntry(packed: Buffer, seed: Buffer, kind: LedgerKind, no: number): EntryProof | undefined {
  const groups = parseGroups(packed);
  const places = place(groups);
  const index = places.keys.indexOf(kindNoOf(kind) * mostNo + checkNo(no));
  if (index < 0) return undefined;
  const count = places.keys.length;
  const salts = Buffer.from(saltsOf(seed, count).subarray(0, count * saltBytes));
  const saltAt = (at: number): Buffer => salts.subarray(at * saltBytes, (at + 1) * saltBytes);
  const hashes = Array.from(places.keys, (key, at) => {
    const group = groups[places.groups[at]!]!;
    return hashEntry(group.kindNo, key - group.kindNo * mostNo, packFields(group.fields), saltAt(at));
  });
  const group = groups[places.groups[index]!]!;
  return {
    entry: { kind, no, fields: group.fields.map((code) => [code >> 1, ((code & 1) + 1) as ReleaseLevel] as const) },
    salt: Buffer.from(saltAt(index)),
    index,
    count,
    path: proveInclusion(index, count, (from, to) => rootOfHashes(hashes.slice(from, to))),
  };
}

/** Whether the proof holds against the root and count that stand in an event's header. */
export function verifyEntry(proof: EntryProof, root: Buffer, count: number): boolean {
  if (proof.count !== count || proof.salt.length !== saltBytes || root.equals(emptyRoot)) return false;
  const leaf = hashEntry(kindNoOf(proof.entry.kind), proof.entry.no, packFields(fieldCodes(proof.entry.fields)), proof.salt);
  return holdsInclusion(leaf, proof.index, count, proof.path, root);
}

const singleAt = reserveLaneMemory(hashBytes);

function hashEntry(kindNo: number, no: number, fields: readonly number[], salt: Buffer): Buffer {
  hashLeafTo(singleAt, kindNo, no, fields, salt, 0);
  hashRest();
  return Buffer.from(laneMemory.subarray(singleAt, singleAt + hashBytes));
}
