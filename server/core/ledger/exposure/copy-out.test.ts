import fc from "fast-check";
import { expect, test } from "vitest";
import { createMessageReader } from "./copy-out.ts";
import { createRowReader } from "./row-reader.ts";

const message = (code: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.write(code);
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};

function rowOf(fields: readonly (Uint8Array | null)[]): Buffer {
  const count = Buffer.alloc(2);
  count.writeInt16BE(fields.length);
  const parts = fields.flatMap((field) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(field === null ? -1 : field.length);
    return field === null ? [length] : [length, Buffer.from(field)];
  });
  return Buffer.concat([count, ...parts]);
}

const field = fc.oneof(fc.constant(null), fc.uint8Array({ maxLength: 90 }));

test("rows come out as they went in, wherever the connection cuts them, and what follows the copy is left whole", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(field, { minLength: 1, maxLength: 3 }), { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 }),
      fc.constantFrom("c", "E", "Z"),
      (rows, steps, end) => {
        const head = Buffer.concat([Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"), Buffer.alloc(8)]);
        const follows = message("C", Buffer.from("COPY"));
        const sent = Buffer.concat([
          message("H", Buffer.alloc(5)),
          message("d", head),
          ...rows.flatMap((row, at) => [...(at % 3 === 1 ? [message("N", Buffer.from("notice"))] : []), message("d", rowOf(row))]),
          message("d", Buffer.from([0xff, 0xff])),
          message(end, Buffer.alloc(0)),
          follows,
        ]);
        const found: (readonly (number[] | null)[])[] = [];
        const rest: Buffer[] = [];
        const reader = createRowReader((row) => found.push(row.map((value) => value && [...value])));
        let take = createMessageReader(
          (bytes) => reader.read(bytes),
          (left) => {
            rest.push(Buffer.from(left));
            take = (bytes) => void rest.push(Buffer.from(bytes));
          },
        );
        // A buffer that is used again for what comes next.
        const shared = Buffer.alloc(64);
        for (let at = 0, turn = 0; at < sent.length; turn++) {
          const count = sent.copy(shared, 0, at, at + steps[turn % steps.length]!);
          take(shared.subarray(0, count));
          at += count;
        }
        expect(found).toEqual(rows.map((row) => row.map((value) => value && [...value])));
        expect(reader.isOver()).toBe(true);
        expect(Buffer.concat(rest)).toEqual(end === "c" ? follows : Buffer.concat([message(end, Buffer.alloc(0)), follows]));
      },
    ),
  );
});
