import { partsOfAddress } from "./mask.ts";

/** Longest name of a town as it is let out; what is longer is no name of a town (京都's streets included). */
const longestTown = 18;

/** 北1条西 (札幌, 旭川 …): the number belongs to the name. */
const jo = /^(?:[東西南北]?\d{1,2}条[東西南北]?)/u;
/** Where a town's name ends: at the first number, or a numeral in kanji that counts blocks. 三番町 and 八丁堀 are names. */
const blocks = /\d|[〇一二三四五六七八九十百]+(?:丁目|番(?!町)|番地|号|-)/u;
/** What stands between a town and a number and is a name of a house or a person. */
const house = /ビル|マンション|ハイツ|コーポ|アパート|タワー|メゾン|レジデンス|ハウス|荘|寮|団地|病院|学校|様|方$|株式会社|\(|\)|,|、|\s/u;

/**
 * Of an address what leads to the town and not to the house: prefecture, municipality and the town's name, in NFKC, without
 * any number of a block. Where no number shows the end of the town's name, or a name of a house may be in it, the municipality
 * is all; null when not even that is recognised.
 */
export function townOf(address: string): string | null {
  const { inPrefecture, inMunicipality, rest } = partsOfAddress(address.normalize("NFKC"));
  if (inMunicipality === "") {
    return null;
  }
  const upTo = inPrefecture + inMunicipality;
  const inJo = jo.exec(rest)?.[0] ?? "";
  const behind = rest.slice(inJo.length);
  const end = blocks.exec(behind)?.index;
  if (end === undefined) {
    return upTo;
  }
  // 字 names a part of a town that may be three houses.
  const named = behind.slice(0, end).replace(/(?<!大)字.*$/u, "");
  return house.test(named) || named.length > longestTown ? upTo : upTo + inJo + named;
}
