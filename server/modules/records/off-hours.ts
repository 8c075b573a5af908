const dayMs = 86_400_000;
const japanMs = 9 * 3_600_000;

/** Saturdays and Sundays, before 7 and from 20 o'clock, in Japan. */
export function isOffHours(at: Date): boolean {
  const inJapan = new Date(at.getTime() + japanMs);
  const hour = Math.floor((inJapan.getTime() % dayMs) / 3_600_000);
  return inJapan.getUTCDay() % 6 === 0 || hour < 7 || hour >= 20;
}
