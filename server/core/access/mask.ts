import type { Mask } from "#shared/fields.ts";

const veil = "••••";

/** A masked value is never longer than this, in UTF-16 code units, whatever was typed. */
export const longestMasked = 72;

/** The last four digits stay, and the first group as far as at least four digits are hidden. Separators become hyphens. */
function maskPhone(value: string): string {
  const number = /^\s*(\+?)([0-9()\-‐‑–—−ー.\s]+)(.*)$/su.exec(value);
  if (number === null) return veil;
  const groups = (number[2] ?? "").split(/[^0-9]+/).filter((group) => group !== "");
  const digits = groups.join("");
  if (digits.length < 9 || digits.length > 15) return veil;
  const first = groups.length > 1 ? (groups[0] ?? "").length : /^0[5789]0/.test(digits) ? 3 : 2;
  const shown = Math.min(first, digits.length - 8, 4);
  let at = 0;
  const masked = groups.map((group) => {
    let out = "";
    for (const digit of group) {
      out += at < shown || at >= digits.length - 4 ? digit : "•";
      at += 1;
    }
    return out;
  });
  const isUngrouped = masked.length === 1;
  const text = isUngrouped ? digits.slice(0, shown) + "-" + "•".repeat(digits.length - 4 - shown) + "-" + digits.slice(-4) : masked.join("-");
  return number[1] + text + ((number[3] ?? "") === "" ? "" : veil);
}

/** The domain stays, and the first letter of a name of three letters or more. The number of dots says nothing. */
function maskMail(value: string): string {
  const mail = /^\s*([^\s@]+)@([\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)\s*$/u.exec(value);
  const name = mail?.[1];
  const domain = mail?.[2];
  if (name === undefined || domain === undefined || domain.length > 60) return veil;
  const letters = [...name];
  return `${letters.length >= 3 ? letters[0] : ""}•••@${domain}`;
}

const prefecture =
  /^(東京都|北海道|京都府|大阪府|(?:青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|神奈川|新潟|富山|石川|福井|山梨|長野|岐阜|静岡|愛知|三重|滋賀|兵庫|奈良|和歌山|鳥取|島根|岡山|広島|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島|沖縄)県)/;

/** Cities whose names hold 市, 郡, 町, 村 before their end, and would be cut short or drawn too long. */
const oddCities =
  "四日市市|廿日市市|野々市市|大和郡山市|郡山市|蒲郡市|小郡市|郡上市|東村山市|武蔵村山市|羽村市|町田市|大町市|十日町市|村上市|村山市|大村市|田村市|佐波郡玉村町|杵島郡大町町";
/** Cities with wards (地方自治法252条の19). */
const citiesWithWards = "札幌|仙台|さいたま|千葉|横浜|川崎|相模原|新潟|静岡|浜松|名古屋|京都|大阪|堺|神戸|岡山|広島|北九州|福岡|熊本";
const wardsOfTokyo = "千代田|中央|港|新宿|文京|台東|墨田|江東|品川|目黒|大田|世田谷|渋谷|中野|杉並|豊島|北|荒川|板橋|練馬|足立|葛飾|江戸川";
const letter = "[^\\s\\d\\-]";
/** 鹿児島市郡山町 is a city and its town, no county. */
const countyLetter = "[^\\s\\d\\-市区]";
const municipality = new RegExp(
  `^(?:(?:${oddCities})|(?:${citiesWithWards})市(?:${letter}{1,4}?区)?|(?:${wardsOfTokyo})区|(?:余市|高市|${countyLetter}{1,4}?)郡${letter}{1,6}?[町村]|${letter}{1,6}?市|${letter}{1,5}?[町村])`,
  "u",
);

/** An address in its parts as far as they are recognised; `""` where not. `rest` begins behind the municipality (with its ward). */
export function partsOfAddress(value: string): { readonly inPrefecture: string; readonly inMunicipality: string; readonly rest: string } {
  const written = value.replace(/^\s*〒?\s*\d{3}-?\d{4}\s*/, "").replace(/^\s+/, "");
  const inPrefecture = prefecture.exec(written)?.[0] ?? "";
  const behind = written.slice(inPrefecture.length).replace(/^\s+/, "");
  const inMunicipality = municipality.exec(behind)?.[0] ?? "";
  return { inPrefecture, inMunicipality, rest: behind.slice(inMunicipality.length).trim() };
}

/** Prefecture and municipality (with its ward) stay; whatever follows is hidden. An address that says no more than that loses its last part. */
function maskAddress(value: string): string {
  const { inPrefecture, inMunicipality, rest } = partsOfAddress(value);
  if (inMunicipality !== "" && rest !== "") return inPrefecture + inMunicipality + veil;
  if (inPrefecture !== "" && inMunicipality + rest !== "") return inPrefecture + veil;
  return veil;
}

/**
 * A value with its shape kept and its content hidden: `090-••••-1234`, `t•••@example.co.jp`, `大阪府大阪市北区••••`, `••••`.
 * What does not look as its style expects is hidden whole; so is a value of style `none`, which nobody should ask to mask.
 */
export function mask(style: Mask, value: string): string {
  const plain = value.normalize("NFKC");
  switch (style) {
    case "phone":
      return maskPhone(plain);
    case "mail":
      return maskMail(plain);
    case "address":
      return maskAddress(plain);
    case "all":
    case "none":
      return veil;
  }
}
