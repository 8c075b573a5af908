import { branches, buildings, companyStems, companyTrades } from "./company-words.ts";
import { corporateNumber } from "#shared/corporate-number.ts";
import { makeRandom, type Random } from "./make-random.ts";
import { landline, seatOf } from "./phone-numbers.ts";
import type { Place } from "./places.ts";
import { romanise } from "./romanise.ts";

/** Keys are those of shared/fields.ts, kind company. */
export interface CompanyValues {
  readonly companyName: string;
  readonly kana: string;
  readonly corporateNumber: string;
  readonly phone: string;
  readonly postalCode: string;
  readonly address: string;
  readonly notes: string | null;
}

export interface SampleCompany {
  /** 0, 1, 2 … */
  readonly ordinal: number;
  readonly values: CompanyValues;
  /** How the name is met in other people's lists: ㈱ and (株) instead of 株式会社. */
  readonly shortName: string;
  readonly fax: string;
  readonly place: Place;
  /** Unique within its area code. */
  readonly rank: number;
  /** Reserved name space (RFC 2606, JPRS): no mail can reach anybody. */
  readonly mailDomain: string;
}

/** Written out, short, whether it stands before the name, type code in the corporate number. */
const forms = [
  ["株式会社", "㈱", true, "01"],
  ["株式会社", "(株)", true, "01"],
  ["株式会社", "㈱", false, "01"],
  ["株式会社", "（株）", false, "01"],
  ["有限会社", "㈲", true, "02"],
  ["有限会社", "(有)", false, "02"],
  ["合同会社", "(同)", true, "03"],
] as const;

const combinations = companyStems.length * companyTrades.length;

export const postalCodeOf = (place: Place, placeNo: number, town: number): string =>
  `${place.postal}-${String(((placeNo * 37 + town * 11) % 90) + 1).padStart(4, "0")}`;

/** 1-2-3, 1丁目2番3号 or １－２－３: all three stand in real lists. */
export function blockNumber(random: Random): string {
  const [chome, ban, go] = [1 + random.below(7), 1 + random.below(38), 1 + random.below(29)];
  const style = random.below(10);
  if (style < 7) return `${chome}-${ban}-${go}`;
  if (style < 9) return `${chome}丁目${ban}番${go}号`;
  return `${chome}-${ban}-${go}`.replace(/[0-9]/g, (digit) => String.fromCodePoint(digit.codePointAt(0)! + 0xfee0)).replaceAll("-", "－");
}

/** The company of an ordinal: the same for the same seed whatever else is made. Names are distinct within 3,330. */
export function generateCompany(seed: number, ordinal: number): SampleCompany {
  const random = makeRandom(seed, 1, ordinal);
  const combination = (ordinal * 1201 + (seed >>> 0)) % combinations;
  const lap = Math.floor(ordinal / combinations);
  const [stem, stemKana] = companyStems[combination % companyStems.length]!;
  const [trade, tradeKana] = companyTrades[Math.floor(combination / companyStems.length)]!;
  const { place, placeNo, rank } = seatOf(ordinal, seed);
  const name = `${stem}${trade}`;
  const [long, short, isBefore, code] = forms[random.pick([0, 0, 0, 0, 1, 1, 2, 2, 2, 3, 4, 5, 6])]!;
  const town = random.below(place.towns.length);
  const slug = `${romanise(stemKana)}-${romanise(tradeKana)}${lap === 0 ? "" : lap + 1}`;
  return {
    ordinal,
    values: {
      companyName: isBefore ? `${long}${name}` : `${name}${long}`,
      kana: `${stemKana}${tradeKana}`,
      corporateNumber: corporateNumber(`0${100 + (placeNo % 60) * 10}${code}${String(ordinal % 1_000_000).padStart(6, "0")}`),
      phone: landline(place.areaCode, seed, { company: rank, extension: 62 }),
      postalCode: postalCodeOf(place, placeNo, town),
      address: `${place.prefecture}${place.municipality}${place.towns[town]!}${blockNumber(random)}${random.chance(0.4) ? ` ${stem}${random.pick(buildings)}${1 + random.below(12)}F` : ""}`,
      notes: random.chance(0.2)
        ? `取引銀行は${random.pick(branches)}。支払いは${random.pick(["月末締め翌月末", "20日締め翌月末", "月末締め翌々月10日"])}。`
        : null,
    },
    shortName: isBefore ? `${short}${name}` : `${name}${short}`,
    fax: landline(place.areaCode, seed, { company: rank, extension: 63 }),
    place,
    rank,
    mailDomain: random.chance(0.6) ? `${slug}.example.co.jp` : `${slug}.example`,
  };
}
