import { formatUuid, parseUuid } from "../batch.ts";
import { outcomes, principals, type Outcome, type Principal } from "../event.ts";
import { createReader, createWriter, type PackedReader } from "../packed-bytes.ts";
import { chunkSize } from "./ranges.ts";

/**
 * A chunk: of 4,096 event numbers who acted (actors), what it was (acts), when (times) and which fields the records of each
 * event got (shapes). Each column but the times is an index, then a dictionary in the order of first use. Of the index: a byte with
 * the width of a place (0, 1 or 2 bytes), then the one place that all numbers share (width 0, varint) or 4,096 places
 * (little-endian). Place 0 says that there is no event of this number; entries of the dictionary count from 1.
 *
 * actors: principal (1 byte), account + 1 (varint, 0: none), session, device, address (texts).
 * acts: type (text), outcome (1 byte), purpose (text), list + 1 (varint): the fact `listNo`.
 * shapes: first the field sets (number of codes, then the codes, varints), then the shapes: number of kinds, then kind (1 byte)
 * and the set (varint) that most of the event's records of this kind have.
 * times: zigzag varints of the distance in ms to the number before; a number without an event has that of the one before.
 * A text: 0 none, 1 a UUID (16 bytes), else length + 2 (varint) and UTF-8.
 *
 * A code of a set is fieldNo × 2 + level − 1, ascending, as in entries.ts; before them 1 when the record was written.
 */
export const writtenCode = 1;

export interface Actor {
  readonly principal: Principal;
  readonly accountNo: number | null;
  readonly sessionId: string | null;
  readonly deviceId: string | null;
  readonly address: string | null;
}

export interface Act {
  readonly type: string;
  readonly outcome: Outcome;
  readonly purpose: string | null;
  readonly listNo: number | null;
}

/** What is packed of an event besides its postings. */
export interface EventFacts extends Actor, Act {
  /** Place in the chunk. */
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Kind number and set number of the usual field sets. */
  readonly shape: readonly (readonly [kindNo: number, set: number])[];
}

export interface Chunk {
  readonly actors: Buffer;
  readonly acts: Buffer;
  readonly times: Buffer;
  readonly shapes: Buffer;
}

const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const writer = createWriter(1 << 15);

function putText(text: string | null): void {
  if (text === null) {
    writer.varint(0);
  } else if (uuidForm.test(text)) {
    writer.varint(1);
    writer.bytes(parseUuid(text));
  } else {
    const bytes = Buffer.from(text, "utf8");
    writer.varint(bytes.length + 2);
    writer.bytes(bytes);
  }
}

function takeText(reader: PackedReader): string | null {
  const tag = reader.varint();
  if (tag === 0) return null;
  return tag === 1 ? formatUuid(reader.bytes(16)) : reader.bytes(tag - 2).toString("utf8");
}

/** A dictionary in the order of first use, and the places of all numbers in it. */
function columnOf<T>(events: readonly EventFacts[], keyOf: (event: EventFacts) => string, put: (entry: T) => void, entryOf: (event: EventFacts) => T): void {
  const known = new Map<string, number>();
  const places = new Uint16Array(chunkSize);
  const entries: T[] = [];
  for (const event of events) {
    const key = keyOf(event);
    let place = known.get(key);
    if (place === undefined) {
      entries.push(entryOf(event));
      known.set(key, (place = entries.length));
    }
    places[event.offset] = place;
  }
  const isConstant = places.every((place) => place === places[0]);
  if (isConstant) {
    writer.byte(0);
    writer.varint(places[0]!);
  } else if (entries.length < 256) {
    writer.byte(1);
    writer.bytes(Uint8Array.from(places));
  } else {
    writer.byte(2);
    const bytes = Buffer.allocUnsafe(chunkSize * 2);
    places.forEach((place, at) => bytes.writeUInt16LE(place, at * 2));
    writer.bytes(bytes);
  }
  writer.varint(entries.length);
  for (const entry of entries) put(entry);
}

/** Packs the events of a chunk, ascending. `sets`: the field sets by number. */
export function packChunk(events: readonly EventFacts[], sets: readonly (readonly number[])[]): Chunk {
  columnOf<Actor>(
    events,
    (event) => `${event.principal}|${event.accountNo}|${event.sessionId}|${event.address}|${event.deviceId}`,
    (actor) => {
      writer.byte(principals.indexOf(actor.principal));
      writer.varint(actor.accountNo === null ? 0 : actor.accountNo + 1);
      putText(actor.sessionId);
      putText(actor.deviceId);
      putText(actor.address);
    },
    (event) => event,
  );
  const actors = writer.take();
  columnOf<Act>(
    events,
    (event) => `${event.type}|${event.outcome}|${event.listNo}|${event.purpose}`,
    (act) => {
      putText(act.type);
      writer.byte(outcomes.indexOf(act.outcome));
      putText(act.purpose);
      writer.varint(act.listNo === null ? 0 : act.listNo + 1);
    },
    (event) => event,
  );
  const acts = writer.take();
  writer.varint(sets.length);
  for (const codes of sets) {
    writer.varint(codes.length);
    for (const code of codes) writer.varint(code);
  }
  columnOf<EventFacts["shape"]>(
    events,
    (event) => event.shape.join("|"),
    (shape) => {
      writer.varint(shape.length);
      for (const [kindNo, set] of shape) {
        writer.byte(kindNo);
        writer.varint(set);
      }
    },
    (event) => event.shape,
  );
  const shapes = writer.take();
  let last = 0;
  let next = 0;
  for (let offset = 0; offset < chunkSize; offset++) {
    const event = events[next];
    if (event?.offset !== offset) {
      writer.varint(0);
      continue;
    }
    next += 1;
    const step = event.at - last;
    writer.varint(step < 0 ? -step * 2 - 1 : step * 2);
    last = event.at;
  }
  return { actors, acts, times: writer.take(), shapes };
}

/** The index of a column behind its width: the shared place, or the bytes of all. */
function placesOf(width: number, constant: () => number, index: () => Uint8Array): Uint16Array {
  return fillPlaces(new Uint16Array(chunkSize), width, constant, index);
}

function fillPlaces(places: Uint16Array, width: number, constant: () => number, index: () => Uint8Array): Uint16Array {
  if (width === 0) return places.fill(constant());
  const bytes = index();
  if (bytes.length !== chunkSize * width || width > 2) throw new Error("a chunk is of an unknown form");
  if (width === 1) places.set(bytes);
  else for (let at = 0; at < chunkSize; at++) places[at] = bytes[at * 2]! | (bytes[at * 2 + 1]! << 8);
  return places;
}

/** The offsets that match, a bit each: by both columns, or by the one there is. */
export function bitsOf(one: Matches, other: Matches | undefined): Uint32Array {
  const words = new Uint32Array(chunkSize / 32);
  const [places, isMatch] = [one.places, one.isMatch];
  const [placesToo, isMatchToo] = other === undefined ? [places, isMatch] : [other.places, other.isMatch];
  for (let at = 0, offset = 0; at < words.length; at++) {
    let word = 0;
    for (let bit = 0; bit < 32; bit++, offset++) word |= (isMatch[places[offset]!]! & isMatchToo[placesToo[offset]!]!) << bit;
    words[at] = word;
  }
  return words;
}

/** The entries of some numbers, reading no more than it takes. @throws Error for a number without an event */
function readEntries<T>(packed: Buffer, offsets: readonly number[], take: (reader: PackedReader) => T, pass: (reader: PackedReader) => void): T[] {
  const reader = createReader(packed);
  const width = reader.byte();
  const shared = width === 0 ? reader.varint() : 0;
  const index = reader.bytes(chunkSize * width);
  const placeAt = (offset: number): number => (width === 0 ? shared : width === 1 ? index[offset]! : index.readUInt16LE(offset * 2));
  const places = offsets.map(placeAt);
  const count = reader.varint();
  const last = Math.max(...places);
  if (last > count || places.includes(0)) throw new Error("a chunk has no such event");
  const found = new Map<number, T>();
  for (let place = 1; place <= last; place++) {
    if (places.includes(place)) found.set(place, take(reader));
    else pass(reader);
  }
  return places.map((place) => found.get(place)!);
}

function at<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new Error("a chunk is of an unknown form");
  return value;
}

function passText(reader: PackedReader): void {
  const tag = reader.varint();
  if (tag > 0) reader.bytes(tag === 1 ? 16 : tag - 2);
}

function takeActor(reader: PackedReader): Actor {
  const principal = at(principals, reader.byte());
  const account = reader.varint();
  return {
    principal,
    accountNo: account === 0 ? null : account - 1,
    sessionId: takeText(reader),
    deviceId: takeText(reader),
    address: takeText(reader),
  };
}

function passActor(reader: PackedReader): void {
  reader.byte();
  reader.varint();
  for (let rest = 3; rest > 0; rest--) passText(reader);
}

function takeAct(reader: PackedReader): Act {
  const type = takeText(reader) ?? "";
  const outcome = at(outcomes, reader.byte());
  const purpose = takeText(reader);
  const list = reader.varint();
  return { type, outcome, purpose, listNo: list === 0 ? null : list - 1 };
}

function passAct(reader: PackedReader): void {
  passText(reader);
  reader.byte();
  passText(reader);
  reader.varint();
}

/** Whether a text passes, as it is packed: from its tag on. */
export type TextTest = (packed: Uint8Array, from: number, to: number) => boolean;

/** The packed form of a text. */
export function packedText(text: string): Buffer {
  putText(text);
  return writer.take();
}

/** A test of texts, asked once of each: years of chunks name the same few again and again. */
export function rememberTexts(isWanted: (text: string) => boolean): TextTest {
  const known = new Map<number, { readonly packed: Uint8Array; readonly isWanted: boolean }[]>();
  return (packed, from, to) => {
    let hash = 0x811c9dc5;
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ packed[at]!, 0x01000193);
    let alike = known.get(hash);
    if (alike === undefined) known.set(hash, (alike = []));
    for (const each of alike) if (isSame(each.packed, packed, from, to)) return each.isWanted;
    const copy = Uint8Array.prototype.slice.call(packed, from, to);
    const text = takeText(createReader(Buffer.from(copy.buffer, copy.byteOffset, copy.length))) ?? "";
    const found = { packed: copy, isWanted: isWanted(text) };
    alike.push(found);
    return found.isWanted;
  };
}

function isSame(known: Uint8Array, packed: Uint8Array, from: number, to: number): boolean {
  if (known.length !== to - from) return false;
  for (let at = 0; at < known.length; at++) if (known[at] !== packed[from + at]) return false;
  return true;
}

export interface ActorTest {
  readonly accountNo?: ((accountNo: number | null) => boolean) | undefined;
  readonly sessionId?: TextTest | undefined;
  readonly deviceId?: TextTest | undefined;
  readonly address?: TextTest | undefined;
}

export interface ActTest {
  readonly type?: TextTest | undefined;
  readonly purpose?: TextTest | undefined;
  readonly listNo?: ((listNo: number | null) => boolean) | undefined;
}

/** Which places of a column match, and whether any does; place 0, no event, never does. Good until the next column of its kind. */
export interface Matches {
  readonly places: Uint16Array;
  readonly isMatch: Uint8Array;
  readonly isNone: boolean;
}

export function matchActors(packed: Buffer, test: ActorTest): Matches {
  return matchColumn(packed, actorPlaces, (cursor) => {
    cursor.at += 1;
    const account = cursor.varint();
    const isAccount = test.accountNo === undefined || test.accountNo(account === 0 ? null : account - 1);
    // All three are passed over, whatever the first says.
    const [isSession, isDevice, isAddress] = [cursor.text(test.sessionId), cursor.text(test.deviceId), cursor.text(test.address)];
    return isAccount && isSession && isDevice && isAddress;
  });
}

export function matchActs(packed: Buffer, test: ActTest): Matches {
  return matchColumn(packed, actPlaces, (cursor) => {
    const isType = cursor.text(test.type);
    cursor.at += 1;
    const isPurpose = cursor.text(test.purpose);
    const list = cursor.varint();
    return isType && isPurpose && (test.listNo === undefined || test.listNo(list === 0 ? null : list - 1));
  });
}

interface Cursor {
  at: number;
  varint(): number;
  /** Passes over a text; whether it is there and passes the test, if there is one. */
  text(test: TextTest | undefined): boolean;
}

const actorPlaces = new Uint16Array(chunkSize);
const actPlaces = new Uint16Array(chunkSize);

function matchColumn(packed: Buffer, places: Uint16Array, isWanted: (cursor: Cursor) => boolean): Matches {
  const cursor: Cursor = {
    at: 0,
    varint() {
      let value = 0;
      for (let scale = 1; ; scale *= 0x80) {
        const byte = packed[this.at++];
        if (byte === undefined) throw new Error("a chunk is of an unknown form");
        value += (byte & 0x7f) * scale;
        if (byte < 0x80) return value;
      }
    },
    text(test) {
      const from = this.at;
      const tag = this.varint();
      if (tag > 0) this.at += tag === 1 ? 16 : tag - 2;
      return test === undefined || (tag > 0 && test(packed, from, this.at));
    },
  };
  const width = packed[cursor.at++] ?? Infinity;
  fillPlaces(
    places,
    width,
    () => cursor.varint(),
    () => packed.subarray(cursor.at, (cursor.at += chunkSize * width)),
  );
  const count = cursor.varint();
  let highest = 0;
  for (let offset = 0; offset < chunkSize; offset++) highest = Math.max(highest, places[offset]!);
  if (highest > count) throw new Error("a chunk is of an unknown form");
  const isMatch = new Uint8Array(count + 1);
  let isNone = true;
  for (let place = 1; place <= count; place++) {
    if (!isWanted(cursor)) continue;
    isMatch[place] = 1;
    isNone = false;
  }
  return { places, isMatch, isNone };
}

/** Who and what of some places of a chunk, in their order. */
export function readSome(chunk: Pick<Chunk, "actors" | "acts">, offsets: readonly number[]): (Actor & Act)[] {
  const acts = readEntries(chunk.acts, offsets, takeAct, passAct);
  return readEntries(chunk.actors, offsets, takeActor, passActor).map((actor, index) => ({ ...actor, ...acts[index]! }));
}

/** Who acted without where and how: account + 1 (0: none) × 4 + principal. */
export const readWho = (who: number): Pick<Actor, "principal" | "accountNo"> => ({
  principal: at(principals, who % principals.length),
  accountNo: who < principals.length ? null : Math.floor(who / principals.length) - 1,
});

/** Who and what of all numbers: the entries, and the places of the numbers in them, 0 where there is no event. */
export function readEvery(chunk: Pick<Chunk, "actors" | "acts">): {
  readonly who: readonly number[];
  readonly actorPlaces: Uint16Array;
  readonly acts: readonly Act[];
  readonly actPlaces: Uint16Array;
} {
  const actors = readColumn(chunk.actors, (reader) => {
    const principal = reader.byte();
    const account = reader.varint();
    for (let rest = 3; rest > 0; rest--) passText(reader);
    return account * principals.length + principal;
  });
  const acts = readColumn(chunk.acts, takeAct);
  return { who: actors.entries, actorPlaces: actors.places, acts: acts.entries, actPlaces: acts.places };
}

function readColumn<T>(packed: Buffer, take: (reader: PackedReader) => T): { entries: T[]; places: Uint16Array } {
  const reader = createReader(packed);
  const width = reader.byte();
  const places = placesOf(
    width,
    () => reader.varint(),
    () => reader.bytes(chunkSize * width),
  );
  return { entries: Array.from({ length: reader.varint() }, () => take(reader)), places };
}

/** Everything that a chunk's dictionaries name, in no connection: each actor, and each act with its list. */
export function readNamed(chunk: Pick<Chunk, "actors" | "acts">): (Actor & Pick<Act, "listNo">)[] {
  const nobody = { principal: "system", accountNo: null, sessionId: null, deviceId: null, address: null } as const;
  const actors = readDictionary(chunk.actors, takeActor).map((actor) => ({ ...actor, listNo: null }));
  return [...actors, ...readDictionary(chunk.acts, takeAct).map(({ listNo }) => ({ ...nobody, listNo }))];
}

function readDictionary<T>(packed: Buffer, take: (reader: PackedReader) => T): T[] {
  const reader = createReader(packed);
  const width = reader.byte();
  if (width === 0) reader.varint();
  else reader.bytes(chunkSize * width);
  return Array.from({ length: reader.varint() }, () => take(reader));
}

/** Times of all numbers in ms; those of numbers without an event mean nothing. */
export function readTimes(packed: Buffer): Float64Array {
  const times = new Float64Array(chunkSize);
  let [last, at] = [0, 0];
  for (let offset = 0; offset < chunkSize; offset++) {
    let byte = packed[at++]!;
    let step = byte & 0x7f;
    if (byte >= 0x80) {
      byte = packed[at++]!;
      step |= (byte & 0x7f) << 7;
      for (let scale = 2 ** 14; byte >= 0x80; scale *= 0x80) {
        byte = packed[at++]!;
        step += (byte & 0x7f) * scale;
      }
    }
    last += step % 2 === 0 ? step / 2 : -(step + 1) / 2;
    times[offset] = last;
  }
  if (at > packed.length) throw new Error("a chunk is of an unknown form");
  return times;
}

type Shape = EventFacts["shape"];
export interface Shapes {
  readonly sets: readonly (readonly number[])[];
  readonly entries: readonly Shape[];
  /** By place in the chunk: 0, or one more than the entry's index. */
  readonly places: Uint16Array;
}

export function readShapes(packed: Buffer): Shapes {
  const reader = createReader(packed);
  const sets: number[][] = [];
  for (let rest = reader.varint(); rest > 0; rest--) sets.push(Array.from({ length: reader.varint() }, () => reader.varint()));
  const width = reader.byte();
  const places = placesOf(
    width,
    () => reader.varint(),
    () => reader.bytes(chunkSize * width),
  );
  const entries = Array.from({ length: reader.varint() }, () => takeShape(reader));
  return { sets, entries, places };
}

function takeShape(reader: PackedReader): Shape {
  return Array.from({ length: reader.varint() }, () => [reader.byte(), reader.varint()] as const);
}
