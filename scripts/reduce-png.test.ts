import { deflateSync, crc32, inflateSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { reducePng } from "./reduce-png.ts";

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function head(width: number, height: number): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([8, 2, 0, 0, 0], 8);
  return data;
}

/** Rows of RGB with the filter "Sub", the other way round than it is undone. */
function writePng(width: number, rows: readonly (readonly number[])[]): Buffer {
  const lines = rows.map((row) => Buffer.from([1, ...row.map((byte, at) => (byte - (at < 3 ? 0 : (row[at - 3] ?? 0))) & 255)]));
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", head(width, rows.length)),
    chunk("IDAT", deflateSync(Buffer.concat(lines))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function readReduced(png: Buffer): number[][] {
  const find = (name: string): Buffer => {
    const at = png.indexOf(name, 8, "latin1");
    return png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4));
  };
  const [width, palette, rows] = [png.readUInt32BE(16), find("PLTE"), inflateSync(find("IDAT"))];
  return Array.from({ length: png.readUInt32BE(20) }, (_, y) =>
    [...rows.subarray(y * (width + 1) + 1, (y + 1) * (width + 1))].flatMap((place) => [...palette.subarray(place * 3, place * 3 + 3)]),
  );
}

test("a picture of few colours comes out with each pixel as it was", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 12 }),
      fc.array(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)), { minLength: 1, maxLength: 20 }),
      fc.nat(),
      (width, height, colours, seed) => {
        const rows = Array.from({ length: height }, (_, y) =>
          Array.from({ length: width }, (_one, x) => colours[(seed + 7 * y + 3 * x) % colours.length] ?? [0, 0, 0]).flat(),
        );
        expect(readReduced(reducePng(writePng(width, rows)))).toEqual(rows);
      },
    ),
  );
});

test("of more than 256 colours the frequent ones stay exact", () => {
  const rows = [Array.from({ length: 900 }, (_, x) => (x < 600 ? [10, 20, 30] : [x & 255, (x * 7) & 255, (x * 13) & 255])).flat()];
  const [row = []] = readReduced(reducePng(writePng(900, rows)));
  expect(row.slice(0, 1800)).toEqual(rows[0]?.slice(0, 1800));
});

test("what is no PNG of a browser is refused", () => {
  expect(() => reducePng(Buffer.from("GIF89a"))).toThrow("not a PNG");
});
