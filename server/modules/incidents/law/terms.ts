import holidayJp from "@holiday-jp/holiday_jp";
import { dayAfter, dayInJapan } from "#shared/day-in-japan.ts";
import { lawOn, type Day } from "./provisions.ts";

const nationalHolidays: Readonly<Record<string, unknown>> = holidayJp.holidays;

/** 行政機関の休日に関する法律1条: Saturdays, Sundays, national holidays, 29 December to 3 January. */
export function isClosedDay(day: Day): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  const dayOfYear = day.slice(5);
  return weekday === 0 || weekday === 6 || dayOfYear >= "12-29" || dayOfYear <= "01-03" || nationalHolidays[day] !== undefined;
}

/** The day itself, or the next on which offices are open (同法2条). */
export function nextOpenDay(day: Day): Day {
  let open = day;
  while (isClosedDay(open)) {
    open = dayAfter(open, 1);
  }
  return open;
}

export interface Terms {
  /** Day 1: the day of knowing, in Japan. */
  readonly knownOn: Day;
  /** 速報, 概ね3〜5日以内: no rule rolls these days on. */
  readonly preliminary: { readonly early: Day; readonly late: Day };
  /** 確報: `raw` is the day by counting, `due` the open day on which it ends. */
  readonly final: { readonly days: 30 | 60; readonly raw: Day; readonly due: Day };
  /** That the day of knowing is day 1 rests on the guideline (通則編3-5-3-4 注), which is to be checked. */
  readonly isToBeChecked: true;
}

/**
 * When the reports are due. The day of knowing counts as day 1 and closed days count too; a final report whose last day is closed
 * is due on the next open day. 60 days where 3号 applies, also beside others.
 */
export function terms(knownAt: Date, limbs: readonly { readonly no: number; readonly applies: string }[]): Terms {
  const knownOn = dayInJapan(knownAt);
  const law = lawOn(knownOn);
  const { early, late } = law?.preliminaryDays ?? { early: 3, late: 5 };
  const days = limbs.some((limb) => limb.no === 3 && limb.applies === "yes") ? 60 : 30;
  const dayNumber = (no: number): Day => dayAfter(knownOn, no - 1);
  return {
    knownOn,
    preliminary: { early: dayNumber(early), late: dayNumber(late) },
    final: { days, raw: dayNumber(days), due: nextOpenDay(dayNumber(days)) },
    isToBeChecked: true,
  };
}
