import { normaliseDate } from "./normalise-date.ts";
import { normalisePhone } from "./normalise-phone.ts";

/** What the cells of one column look like: shares of its filled cells, 0 to 1. */
export interface ColumnContents {
  readonly filled: number;
  readonly mail: number;
  readonly phone: number;
  readonly mobile: number;
  /** Digits that are too few for a whole phone number. */
  readonly shortDigits: number;
  readonly postal: number;
  readonly birthDate: number;
  readonly gender: number;
  readonly address: number;
  readonly company: number;
  readonly kana: number;
  readonly name: number;
  /** 1, 2, 3 … from row to row: a counter and not a number of the customer's. */
  readonly isCounter: boolean;
}

const prefectures =
  "北海道|青森県|岩手県|宮城県|秋田県|山形県|福島県|茨城県|栃木県|群馬県|埼玉県|千葉県|東京都|神奈川県|新潟県|富山県|石川県|福井県|山梨県|長野県|岐阜県|静岡県|愛知県|三重県|滋賀県|京都府|大阪府|兵庫県|奈良県|和歌山県|鳥取県|島根県|岡山県|広島県|山口県|徳島県|香川県|愛媛県|高知県|福岡県|佐賀県|長崎県|熊本県|大分県|宮崎県|鹿児島県|沖縄県";
const address = new RegExp(`^(?:〒?\\d{3}-?\\d{4}\\s*)?(?:${prefectures})|^.{1,6}[市区郡].{1,8}[町村区0-9]`, "u");
const company =
  /株式会社|有限会社|合同会社|合資会社|合名会社|㈱|㈲|[(（](?:株|有|同|医|財|社|学)[)）]|(?:社団|財団|医療|学校|社会福祉|宗教|NPO|特定非営利活動)法人|協同組合|\b(?:inc|ltd|llc|corp|gmbh|co)\b\.?/iu;
const kana = /^[ァ-ヶーｦ-ﾟぁ-ゖ・\s]{2,}$/u;
const name = /^[\p{Script=Han}々ヶケノ]{1,4}[\s\u3000]?[\p{Script=Han}々ぁ-んァ-ヶー]{1,5}$/u;
const organisational = /[部課室係長店局所員会社学校組]$|^[男女]$|[都道府県市区町村]$/u;

export function describeContents(cells: readonly string[]): ColumnContents {
  const filled = cells.map((cell) => cell.trim()).filter((cell) => cell !== "");
  const wide = filled.map((cell) => cell.normalize("NFKC").replace(/[‐‑–—―−ー](?=\d)/g, "-"));
  const share = (test: (cell: string, i: number) => boolean): number =>
    filled.length === 0 ? 0 : filled.filter((_, i) => test(wide[i] as string, i)).length / filled.length;
  const distinct = new Set(wide).size / Math.max(1, wide.length);
  const isWhole = (cell: string): boolean => /\d/.test(cell) && /^\+|^\(?0|-/.test(cell) && normalisePhone(cell) !== undefined;
  return {
    filled: filled.length,
    mail: share((cell) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(cell)),
    phone: share(isWhole),
    mobile: share((cell) => isWhole(cell) && /^(?:\+81[- ]?|0)[789]0/.test(cell)),
    shortDigits: share((cell) => /^\d{1,5}$/.test(cell)),
    postal: share((cell) => /^〒?\s*\d{3}-\d{4}$|^〒\s*\d{7}$/.test(cell)),
    birthDate: share(isBirthDate),
    gender: distinct > 0.6 && filled.length > 4 ? 0 : share((cell) => /^(?:男|女)(?:性|子)?$|^(?:male|female)$/i.test(cell)),
    address: share((cell) => address.test(cell)),
    company: share((cell, i) => company.test(cell) || company.test(filled[i] as string)),
    kana: share((_, i) => kana.test(filled[i] as string)),
    name: distinct < 0.3 && filled.length > 4 ? 0 : share((cell) => name.test(cell) && !organisational.test(cell)),
    isCounter: filled.length >= 3 && wide.every((cell, i) => /^\d{1,7}$/.test(cell) && Number(cell) === Number(wide[0]) + i) && Number(wide[0]) <= 1,
  };
}

/** A date on which someone alive may have been born; contract dates of the last years are not. */
function isBirthDate(cell: string): boolean {
  if (/^\d{1,7}(?:\.\d+)?$/.test(cell)) return false;
  const date = normaliseDate(cell);
  return date !== undefined && date < "2012";
}
