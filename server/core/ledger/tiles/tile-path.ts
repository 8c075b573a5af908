/** Which part of the tree a path of C2SP tlog-tiles names. */
export interface TileName {
  /** Number of the tile within its level, from 0. */
  readonly place: number;
  /** How many of its 256 hashes: 256 when it is complete. */
  readonly width: number;
}

export const tileWidth = 256;

const placeForm = /^((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** Reads `x001/x234/067` or `x001/x234/067.p/8`; undefined when it is not in the one form that a tile has. */
export function parseTilePath(path: string): TileName | undefined {
  const [, elements, partial] = placeForm.exec(path) ?? [];
  if (elements === undefined) return undefined;
  const place = Number(elements.replaceAll(/[x/]/g, ""));
  const width = partial === undefined ? tileWidth : Number(partial);
  const isOwnForm = Number.isSafeInteger(place) && formatTilePath({ place, width }) === path;
  return isOwnForm && (partial === undefined || width < tileWidth) ? { place, width } : undefined;
}

/** Three digits an element, all but the last marked by an x; `.p/W` where the tile is not complete. */
export function formatTilePath({ place, width }: TileName): string {
  const digits = String(place);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
  const elements = padded.match(/\d{3}/g) as string[];
  const path = elements.map((element, at) => (at < elements.length - 1 ? `x${element}` : element)).join("/");
  return width === tileWidth ? path : `${path}.p/${width}`;
}

/** Every tile of a tree of `size` leaves, level by level; a monitor fetches these and no others. */
export function tilesOf(size: number): (TileName & { readonly level: number })[] {
  const tiles: (TileName & { level: number })[] = [];
  for (let level = 0, count = size; count > 0; level += 1, count = Math.floor(count / tileWidth)) {
    for (let place = 0; place * tileWidth < count; place += 1) tiles.push({ level, place, width: Math.min(tileWidth, count - place * tileWidth) });
  }
  return tiles;
}
