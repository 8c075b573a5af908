import { BlobRejected } from "#server/core/vault/index.ts";

/**
 * What lies in a data file once it is opened and unpacked: frames of a type (1), a length (4) and a content. A header, then
 * for each table its name and its rows as COPY gives them, and at the end what was counted.
 */
export const frameTypes = { header: 1, table: 2, rows: 3, end: 4 } as const;
export type FrameType = (typeof frameTypes)[keyof typeof frameTypes];

export interface Frame {
  readonly type: FrameType;
  readonly content: Buffer;
}

const headLength = 5;
const longestFrame = 16 * 1024 * 1024;

/** One frame as bytes; `content` is JSON unless it is bytes already. */
export function* writeFrame(type: FrameType, content: Buffer | object): Generator<Buffer> {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content), "utf8");
  const head = Buffer.alloc(headLength);
  head[0] = type;
  head.writeUInt32BE(bytes.length, 1);
  yield head;
  yield bytes;
}

/** The frames of a stream. @throws BlobRejected when it ends inside one */
export async function* readFrames(source: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let held: Buffer[] = [];
  let size = 0;
  const take = (length: number): Buffer => {
    const joined = held.length === 1 ? (held[0] as Buffer) : Buffer.concat(held, size);
    held = joined.length === length ? [] : [joined.subarray(length)];
    size -= length;
    return joined.subarray(0, length);
  };
  let head: Buffer | undefined;
  for await (const bytes of source) {
    held.push(bytes);
    size += bytes.length;
    for (;;) {
      if (head === undefined) {
        if (size < headLength) break;
        head = take(headLength);
      }
      const length = head.readUInt32BE(1);
      if (length > longestFrame) throw new BlobRejected();
      if (size < length) break;
      const content = length === 0 ? Buffer.alloc(0) : take(length);
      yield { type: head[0] as FrameType, content };
      head = undefined;
    }
  }
  if (size > 0 || head !== undefined) throw new BlobRejected();
}
