/**
 * The packed parts of the ledger are written and read byte by byte: unsigned LEB128 varints up to 2^53, single bytes,
 * and byte strings with their length before them.
 */
export interface PackedWriter {
  byte(value: number): void;
  varint(value: number): void;
  bytes(value: Uint8Array): void;
  /** A copy of what was written; the writer starts anew. */
  take(): Buffer;
}

export function createWriter(initialBytes = 4096): PackedWriter {
  let room = Buffer.allocUnsafeSlow(initialBytes);
  let end = 0;
  const ensure = (more: number): void => {
    if (end + more <= room.length) return;
    const wider = Buffer.allocUnsafeSlow(Math.max(room.length * 2, end + more));
    room.copy(wider, 0, 0, end);
    room = wider;
  };
  return {
    byte(value) {
      ensure(1);
      room[end++] = value;
    },
    varint(value) {
      ensure(8);
      let rest = value;
      while (rest >= 0x80) {
        room[end++] = (rest % 0x80) | 0x80;
        rest = Math.floor(rest / 0x80);
      }
      room[end++] = rest;
    },
    bytes(value) {
      ensure(value.length);
      room.set(value, end);
      end += value.length;
    },
    take() {
      const taken = Buffer.allocUnsafe(end);
      room.copy(taken, 0, 0, end);
      end = 0;
      return taken;
    },
  };
}

export interface PackedReader {
  byte(): number;
  varint(): number;
  bytes(length: number): Buffer;
  /** All that is left. */
  rest(): Buffer;
  isAtEnd(): boolean;
}

/** Reads what a writer wrote; bytes are views. Throws when the end comes too early or a varint exceeds 2^53. */
export function createReader(packed: Buffer): PackedReader {
  let at = 0;
  const byte = (): number => {
    const value = packed[at++];
    if (value === undefined) throw new Error("packed part ends too early");
    return value;
  };
  return {
    byte,
    varint() {
      let value = 0;
      let scale = 1;
      for (;;) {
        const next = byte();
        value += (next & 0x7f) * scale;
        if (next < 0x80) break;
        scale *= 0x80;
        if (scale > 2 ** 49) throw new Error("packed part holds a number out of range");
      }
      if (value > Number.MAX_SAFE_INTEGER) throw new Error("packed part holds a number out of range");
      return value;
    },
    bytes(length) {
      if (at + length > packed.length) throw new Error("packed part ends too early");
      at += length;
      return packed.subarray(at - length, at);
    },
    rest() {
      const from = at;
      at = packed.length;
      return packed.subarray(from);
    },
    isAtEnd: () => at === packed.length,
  };
}
