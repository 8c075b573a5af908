const dayMs = 86_400_000;
/** Asia/Tokyo is nine hours ahead, all year. */
const tokyoMs = 9 * 3_600_000;

/** The day in Japan at an instant, `YYYY-MM-DD`. */
export function dayInTokyo(at: Date): string {
  return new Date(at.getTime() + tokyoMs).toISOString().slice(0, 10);
}

/** The day `days` after another. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}
