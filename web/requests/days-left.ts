const dayMs = 86_400_000;
const today = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Tokyo", year: "numeric", month: "2-digit", day: "2-digit" });

/** Whole days from now to a day (`YYYY-MM-DD`) in Japan's calendar; negative when it is over. */
export function daysLeft(day: string, now: Date): number {
  return Math.round((Date.parse(`${day}T00:00:00Z`) - Date.parse(`${today.format(now)}T00:00:00Z`)) / dayMs);
}

/** Today in Japan as `YYYY-MM-DD`. */
export function todayInJapan(now: Date): string {
  return today.format(now);
}
