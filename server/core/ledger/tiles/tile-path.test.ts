import fc from "fast-check";
import { expect, test } from "vitest";
import { formatTilePath, parseTilePath, tilesOf } from "./tile-path.ts";

test("a tile has the path that C2SP tlog-tiles gives it", () => {
  // The examples of the specification.
  expect(formatTilePath({ place: 1_234_067, width: 256 })).toBe("x001/x234/067");
  expect(parseTilePath("x001/x234/067")).toEqual({ place: 1_234_067, width: 256 });
  expect(parseTilePath("000.p/8")).toEqual({ place: 0, width: 8 });
  fc.assert(
    fc.property(fc.nat({ max: 10 ** 12 }), fc.integer({ min: 1, max: 256 }), (place, width) => {
      expect(parseTilePath(formatTilePath({ place, width }))).toEqual({ place, width });
    }),
  );
});

test.each(["", "0", "67", "x067", "001/067", "x000/067", "067.p/0", "067.p/256", "067.p/08", "067.p/", "067/", "../067", "x001/x234/067/", "०६७"])(
  "%j is no path of a tile",
  (path) => {
    expect(parseTilePath(path)).toBeUndefined();
  },
);

test("a tree has the tiles that C2SP tlog-tiles says", () => {
  // "A tree of size 70,000 will be represented by 273 full level 0 tiles, one partial level 0 tile of width 112, one full level
  // 1 tile, one partial level 1 tile of width 17, and one partial level 2 tile of width 1."
  const tiles = tilesOf(70_000);
  const count = (level: number, isFull: boolean): number => tiles.filter((tile) => tile.level === level && (tile.width === 256) === isFull).length;
  expect([count(0, true), count(0, false), count(1, true), count(1, false), count(2, true), count(2, false)]).toEqual([273, 1, 1, 1, 0, 1]);
  expect(tiles.filter((tile) => tile.width < 256)).toEqual([
    { level: 0, place: 273, width: 112 },
    { level: 1, place: 1, width: 17 },
    { level: 2, place: 0, width: 1 },
  ]);
  expect(tilesOf(256)).toEqual([
    { level: 0, place: 0, width: 256 },
    { level: 1, place: 0, width: 1 },
  ]);
  expect(tilesOf(0)).toEqual([]);
});
