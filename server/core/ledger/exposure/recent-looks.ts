import { createReader, createWriter } from "../packed-bytes.ts";

/**
 * The newest looks at one record, in a row of its own. Bytes: format (1), 1 when there are older ones, then looks, newest first,
 * all varints: distance of the event to the one before (of the first: its number), zigzag distance of the time in ms (of the first: the
 * time), (account + 1, 0: none) × 4 + principal, (term of the act × 2 + 1 with a list) and then the list, term of the field set.
 */
const format = 1;
/** A page, and some more of which nothing was released. */
export const looksKept = 56;

export interface RecentLook {
  readonly eventNo: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly who: number;
  readonly act: number;
  readonly listNo: number | null;
  readonly set: number;
}

export interface RecentLooks {
  /** Newest first. */
  readonly looks: readonly RecentLook[];
  readonly hasOlder: boolean;
}

const writer = createWriter(1 << 10);

export function packLooks({ looks, hasOlder }: RecentLooks): Buffer {
  putLooks(looks, hasOlder);
  return writer.take();
}

function putLooks(looks: readonly RecentLook[], hasOlder: boolean): void {
  writer.byte(format);
  writer.byte(hasOlder ? 1 : 0);
  let [eventNo, at] = [0, 0];
  for (const look of looks) {
    writer.varint(Math.abs(look.eventNo - eventNo));
    writer.varint(fold(look.at - at));
    writer.varint(look.who);
    writer.varint(look.act * 2 + (look.listNo === null ? 0 : 1));
    if (look.listNo !== null) writer.varint(look.listNo);
    writer.varint(look.set);
    ({ eventNo, at } = look);
  }
}

/** Newer looks before those that are packed, as if all had been packed together; no more than are kept. */
export function prependLooks(newer: RecentLooks, older: Buffer): Buffer {
  const missing = looksKept - newer.looks.length;
  const count = countLooks(older);
  if (newer.hasOlder || newer.looks.length === 0 || count === 0 || count > missing) {
    const { looks, hasOlder } = readLooks(older);
    const isLeft = newer.hasOlder || looks.length > missing;
    return packLooks({ looks: [...newer.looks, ...(newer.hasOlder ? [] : looks.slice(0, missing))], hasOlder: isLeft || hasOlder });
  }
  const reader = createReader(older);
  reader.bytes(1);
  const hasOlder = reader.byte() === 1;
  // Of what is packed the first look alone stands by itself; all others are told by the one before.
  const eventNo = reader.varint();
  const at = unfold(reader.varint());
  const last = newer.looks[newer.looks.length - 1]!;
  putLooks(newer.looks, hasOlder);
  writer.varint(last.eventNo - eventNo);
  writer.varint(fold(at - last.at));
  writer.bytes(reader.rest());
  return writer.take();
}

const fold = (step: number): number => (step < 0 ? -step * 2 - 1 : step * 2);
const unfold = (folded: number): number => (folded % 2 === 1 ? -(folded + 1) / 2 : folded / 2);

/** How many looks are packed: of each five numbers, or six with a list. */
function countLooks(packed: Buffer): number {
  let count = 0;
  let place = 0;
  let isFirst = true;
  let hasList = false;
  for (let at = 2; at < packed.length; at++) {
    const byte = packed[at]!;
    if (place === 3 && isFirst) hasList = (byte & 1) === 1;
    isFirst = byte < 0x80;
    if (!isFirst) continue;
    place += 1;
    if (place < (hasList ? 6 : 5)) continue;
    count += 1;
    place = 0;
    hasList = false;
  }
  return count;
}

/** @throws Error when it is no row of looks */
export function readLooks(packed: Buffer): RecentLooks {
  const reader = createReader(packed);
  if (reader.byte() !== format) throw new Error("looks are of an unknown format");
  const hasOlder = reader.byte() === 1;
  const looks: RecentLook[] = [];
  let [eventNo, at] = [0, 0];
  while (!reader.isAtEnd()) {
    const distance = reader.varint();
    eventNo = looks.length === 0 ? distance : eventNo - distance;
    at += unfold(reader.varint());
    const who = reader.varint();
    const act = reader.varint();
    const listNo = act % 2 === 1 ? reader.varint() : null;
    looks.push({ eventNo, at, who, act: Math.floor(act / 2), listNo, set: reader.varint() });
  }
  return { looks, hasOlder };
}
