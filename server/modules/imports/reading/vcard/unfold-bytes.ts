/**
 * Takes folds out of a vCard while it is still bytes: RFC 2426 lets a writer fold between any two octets, so a character of
 * UTF-8 may stand on two lines. A soft break of quoted-printable (`=` before the line break) is no fold. UTF-16 passes as it is.
 */
export async function* unfoldBytes(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held = Buffer.alloc(0);
  let isFirst = true;
  let isWide = false;
  let before = 0;
  for await (const chunk of chunks) {
    if (isFirst) {
      isWide = (chunk[0] === 0xff && chunk[1] === 0xfe) || (chunk[0] === 0xfe && chunk[1] === 0xff);
      isFirst = false;
    }
    if (isWide) {
      yield chunk;
      continue;
    }
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    // A line break at the end is judged by what follows it.
    let end = bytes.length;
    while (end > 0 && bytes.length - end < 2 && (bytes[end - 1] === lineFeed || bytes[end - 1] === carriageReturn)) end -= 1;
    held = Buffer.from(bytes.subarray(end));
    const out = withoutFolds(bytes.subarray(0, end), before);
    if (out.length > 0) {
      before = out[out.length - 1] as number;
      yield out;
    }
  }
  if (held.length > 0) yield held;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

function withoutFolds(bytes: Buffer, before: number): Buffer {
  const pieces: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) {
    const next = bytes[at + 1];
    const start = bytes[at - 1] === carriageReturn ? at - 1 : at;
    const last = start > 0 ? bytes[start - 1] : before;
    if ((next === 0x20 || next === 0x09) && last !== 0x3d) {
      pieces.push(bytes.subarray(from, start));
      from = at + 2;
    }
  }
  pieces.push(bytes.subarray(from));
  return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
}
