interface Era {
  /** First and last day, ISO 8601. Meiji is read from 1873, when Japan took the Gregorian calendar (太政官布告337号). */
  readonly from: string;
  readonly to: string;
  /** Year 0 of the era. */
  readonly base: number;
}

const meiji: Era = { from: "1873-01-01", to: "1912-07-29", base: 1867 };
const taisho: Era = { from: "1912-07-30", to: "1926-12-24", base: 1911 };
const showa: Era = { from: "1926-12-25", to: "1989-01-07", base: 1925 };
const heisei: Era = { from: "1989-01-08", to: "2019-04-30", base: 1988 };
const reiwa: Era = { from: "2019-05-01", to: "9999-12-31", base: 2018 };

const eras: Readonly<Record<string, Era>> = {
  明治: meiji,
  明: meiji,
  m: meiji,
  大正: taisho,
  大: taisho,
  t: taisho,
  昭和: showa,
  昭: showa,
  s: showa,
  平成: heisei,
  平: heisei,
  h: heisei,
  令和: reiwa,
  令: reiwa,
  r: reiwa,
};

const time = "(?:[ t]*\\d{1,2}[:時]\\d{1,2}.*)?";
const weekday = "(?:\\s*\\([月火水木金土日]\\)|\\s*[月火水木金土日]曜日?)?";
const western = new RegExp(`^(?:西暦)?(\\d{4})\\s*[-/.年]\\s*(\\d{1,2})\\s*[-/.月]\\s*(\\d{1,2})\\s*日?${weekday}${time}$`);
const japanese = new RegExp(
  `^(明治|大正|昭和|平成|令和|[明大昭平令mtshr])\\s*[./-]?\\s*(元|\\d{1,2})\\s*[-/.年]\\s*(\\d{1,2})\\s*[-/.月]\\s*(\\d{1,2})\\s*日?${weekday}${time}$`,
);

/**
 * Read a date as people write it and give ISO 8601 (`1984-04-01`): 1984/4/1, 1984年4月1日, 19840401, 昭和59年4月1日, S59.4.1,
 * 元年, kanji numerals.
 * `undefined`: impossible dates, years of two digits (58/4/1 may be 1958 or 昭和58), day-month-year orders, dates
 * outside their era.
 */
export function readDate(text: string): string | undefined {
  // NFKC would write the square era signs (㍼) out, which is just right here.
  let folded = text
    .normalize("NFKC")
    .replace(/[‐‑‒–—―−ー]/g, "-")
    .trim()
    .toLowerCase();
  if (/[〇一二三四五六七八九十]/.test(folded)) folded = digitsForKanji(folded);
  const inWestern = western.exec(folded);
  if (inWestern !== null) return writeDate(Number(inWestern[1]), Number(inWestern[2]), Number(inWestern[3]));
  const inJapanese = japanese.exec(folded);
  if (inJapanese !== null) {
    const era = eras[inJapanese[1] ?? ""] as Era;
    const year = inJapanese[2] === "元" ? 1 : Number(inJapanese[2]);
    const date = year < 1 ? undefined : writeDate(era.base + year, Number(inJapanese[3]), Number(inJapanese[4]));
    return date !== undefined && date >= era.from && date <= era.to ? date : undefined;
  }
  const compact = /^(\d{4})(\d{2})(\d{2})$/.exec(folded);
  if (compact !== null) return writeDate(Number(compact[1]), Number(compact[2]), Number(compact[3]));
  return undefined;
}

function writeDate(year: number, month: number, day: number): string | undefined {
  if (year < 1868 || year > 2199 || month < 1 || month > 12 || day < 1) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 ? date.toISOString().slice(0, 10) : undefined;
}

const kanjiDigits = "〇一二三四五六七八九";

/** 五十八年四月一日 → 58年4月1日, 一九五八年 → 1958年. A weekday (日, 月 …) holds none of these characters. */
function digitsForKanji(text: string): string {
  return text.replace(/[〇一二三四五六七八九十]+/g, (run) => {
    if (!run.includes("十")) return [...run].map((digit) => kanjiDigits.indexOf(digit)).join("");
    const [tens = "", ones = ""] = run.split("十");
    const ten = tens === "" ? 1 : kanjiDigits.indexOf(tens);
    const one = ones === "" ? 0 : kanjiDigits.indexOf(ones);
    return ten < 0 || one < 0 ? run : String(ten * 10 + one);
  });
}
