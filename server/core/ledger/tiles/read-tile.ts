import type { Query } from "../query.ts";
import { readHeaders } from "./read-headers.ts";
import { tileWidth, type TileName } from "./tile-path.ts";
import { fillTiles, readHashes } from "./tree-hashes.ts";

/** Largest entry of a bundle: its length is a 16-bit number. */
const longestEntry = 65_535;

/** The hashes of a tile (C2SP tlog-tiles) one after the other; undefined when a tree of `size` leaves has no such tile. */
export async function readTile(query: Query, level: number, { place, width }: TileName, size: number): Promise<Buffer | undefined> {
  const from = place * tileWidth;
  if (from + width > Math.floor(size / tileWidth ** level)) return undefined;
  await fillTiles(query, size);
  return Buffer.concat(await readHashes(query, level, from, from + width));
}

/**
 * The leaves of a tile (C2SP tlog-tiles, entry bundle): of each the length as 16 bits, then the UTF-8 of its header. Undefined
 * when a tree of `size` leaves has no such tile, or when a header is longer than a bundle can say: the export holds that one.
 */
export async function readEntryBundle(query: Query, { place, width }: TileName, size: number): Promise<Buffer | undefined> {
  const from = place * tileWidth;
  const to = from + width;
  if (to > size) return undefined;
  const headers = await readHeaders(query, from, to);
  if (headers.length !== width) throw new Error("a round of the tree is missing");
  const parts: Buffer[] = [];
  for (const { header } of headers) {
    if (header === null) throw new Error("an event of the tree is missing");
    const entry = Buffer.from(header, "utf8");
    if (entry.length > longestEntry) return undefined;
    const length = Buffer.alloc(2);
    length.writeUInt16BE(entry.length);
    parts.push(length, entry);
  }
  return Buffer.concat(parts);
}
