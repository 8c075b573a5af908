/** A row in PostgreSQL's binary form; null as in SQL. */
export type BinaryRow = readonly (Buffer | null)[];

const headerBytes = 19;

/** Cuts the bytes of a binary COPY into rows, however they come. */
export function createRowReader(onRow: (row: BinaryRow) => void): { read(bytes: Buffer): void; isOver(): boolean } {
  let room = Buffer.alloc(0);
  let kept = 0;
  let skip = headerBytes;
  let isOver = false;
  const keep = (bytes: Buffer): void => {
    if (kept + bytes.length > room.length) {
      const wider = Buffer.allocUnsafeSlow(Math.max(room.length * 2, kept + bytes.length));
      room.copy(wider, 0, 0, kept);
      room = wider;
    }
    kept += bytes.copy(room, kept);
  };
  const take = (bytes: Buffer): number => {
    let at = 0;
    if (skip > 0) {
      if (bytes.length < skip) return 0;
      at = skip;
      skip = 0;
    }
    for (;;) {
      if (at + 2 > bytes.length) return at;
      const count = bytes.readInt16BE(at);
      if (count < 0) {
        isOver = true;
        return bytes.length;
      }
      let end = at + 2;
      const row: (Buffer | null)[] = [];
      for (let index = 0; index < count; index++) {
        if (end + 4 > bytes.length) return at;
        const length = bytes.readInt32BE(end);
        end += 4;
        if (length < 0) {
          row.push(null);
          continue;
        }
        if (end + length > bytes.length) return at;
        row.push(bytes.subarray(end, end + length));
        end += length;
      }
      onRow(row);
      at = end;
    }
  };
  return {
    read(bytes) {
      if (kept === 0) {
        keep(bytes.subarray(take(bytes)));
        return;
      }
      keep(bytes);
      const taken = take(room.subarray(0, kept));
      room.copyWithin(0, taken, kept);
      kept -= taken;
    },
    isOver: () => isOver,
  };
}
