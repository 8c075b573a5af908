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
  writer.byte(format);
  writer.byte(hasOlder ? 1 : 0);
  let [eventNo, at] = [0, 0];
  for (const look of looks) {
    writer.varint(Math.abs(look.eventNo - eventNo));
    const step = look.at - at;
    writer.varint(step < 0 ? -step * 2 - 1 : step * 2);
    writer.varint(look.who);
    writer.varint(look.act * 2 + (look.listNo === null ? 0 : 1));
    if (look.listNo !== null) writer.varint(look.listNo);
    writer.varint(look.set);
    ({ eventNo, at } = look);
  }
  return writer.take();
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
    const step = reader.varint();
    at += step % 2 === 1 ? -(step + 1) / 2 : step / 2;
    const who = reader.varint();
    const act = reader.varint();
    const listNo = act % 2 === 1 ? reader.varint() : null;
    looks.push({ eventNo, at, who, act: Math.floor(act / 2), listNo, set: reader.varint() });
  }
  return { looks, hasOlder };
}
