import { dayAfter } from "#shared/day-in-japan.ts";

/** A note as typed, taken apart. */
export interface ReadNote {
  /** The note without the lines of the next action. */
  readonly text: string;
  /** Words of the next action; null when no line says one. */
  readonly action: string | null;
  /** The day that the line names; null when it names none. */
  readonly dueOn: string | null;
}

const mark = /^\s*(?:→|⇒|->|=>|[>＞])\s*(.+)$/;
const weekdays = "日月火水木金土";
const weekdaysEn = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/**
 * Takes the next action out of a note: lines that begin with an arrow (→, ⇒, ->, > or ＞). A day named at the beginning or
 * the end of such a line is when it is due: 今日 明日 明後日 来週 来月, 金曜, 12/3, 12月3日, 2026/12/3, 3日後; today, tomorrow,
 * next week, friday. `today` is a day in Japan, `2026-11-21`.
 */
export function readAction(typed: string, today: string): ReadNote {
  const kept: string[] = [];
  const actions: string[] = [];
  let dueOn: string | null = null;
  for (const line of typed.split(/\r?\n/)) {
    const words = mark.exec(line)?.[1]?.trim();
    if (words === undefined) {
      kept.push(line);
      continue;
    }
    const found = takeDay(words, today);
    dueOn ??= found.day;
    if (found.rest !== "") actions.push(found.rest);
  }
  return { text: kept.join("\n").trim(), action: actions.length === 0 ? null : actions.join(" / "), dueOn };
}

/** Takes a day from the end or the beginning of some words; words that are nothing but a day stay. */
function takeDay(words: string, today: string): { rest: string; day: string | null } {
  const parts = words.split(/[\s　]+/);
  for (const at of [parts.length - 1, 0]) {
    const day = dayOf(parts[at] ?? "", today);
    if (day !== null && parts.length > 1) return { rest: parts.filter((_, index) => index !== at).join(" "), day };
  }
  const [first = "", second = ""] = parts.slice(-2);
  if (parts.length > 2 && /^next$/i.test(first) && /^week$/i.test(second)) return { rest: parts.slice(0, -2).join(" "), day: dayAfter(today, 7) };
  return { rest: words, day: null };
}

/** 「明日」「12/3」「金曜」 as a day at or after today; null for any other word. */
export function dayOf(word: string, today: string): string | null {
  const plain = word
    .normalize("NFKC")
    .replace(/(までに|まで|に)$/, "")
    .toLowerCase();
  const fixed: Readonly<Record<string, number>> = { 今日: 0, 本日: 0, 明日: 1, あす: 1, あした: 1, 明後日: 2, あさって: 2, 来週: 7, today: 0, tomorrow: 1 };
  if (Object.hasOwn(fixed, plain)) return dayAfter(today, fixed[plain] ?? 0);
  if (plain === "来月") return nextMonth(today);
  const later = /^(\d{1,3})日後$/.exec(plain)?.[1];
  if (later !== undefined) return dayAfter(today, Number(later));
  const weekday = /^([日月火水木金土])曜日?$/.exec(plain)?.[1];
  const weekdayNo = weekday === undefined ? weekdaysEn.indexOf(plain) : weekdays.indexOf(weekday);
  if (weekdayNo >= 0) return dayAfter(today, (weekdayNo - new Date(`${today}T00:00:00Z`).getUTCDay() + 7) % 7 || 7);
  const full = /^(\d{4})[/年-](\d{1,2})[/月-](\d{1,2})日?$/.exec(plain);
  if (full !== null) return realDay(Number(full[1]), Number(full[2]), Number(full[3]));
  const short = /^(\d{1,2})[/月](\d{1,2})日?$/.exec(plain);
  if (short === null) return null;
  const year = Number(today.slice(0, 4));
  const day = realDay(year, Number(short[1]), Number(short[2]));
  // In December a day of January is one of next year.
  return day !== null && day < today ? realDay(year + 1, Number(short[1]), Number(short[2])) : day;
}

function nextMonth(today: string): string {
  const [year = 0, month = 0] = today.split("-").map(Number);
  return month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, "0")}-01`;
}

function realDay(year: number, month: number, day: number): string | null {
  const at = new Date(Date.UTC(year, month - 1, day));
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === day ? at.toISOString().slice(0, 10) : null;
}
