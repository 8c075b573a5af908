const dayMs = 86_400_000;
/** Asia/Tokyo is nine hours ahead of UTC, all year. */
const tokyoMs = 9 * 3_600_000;

/** The calendar day in Japan at a moment: `2026-11-21`. */
export function dayInJapan(at: Date): string {
  return new Date(at.getTime() + tokyoMs).toISOString().slice(0, 10);
}

/** The day that lies `days` after a day (before it, when negative). */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** Its midnight in Japan, as a moment (ISO 8601). */
export function dayBegins(day: string): string {
  return `${day}T00:00:00+09:00`;
}
