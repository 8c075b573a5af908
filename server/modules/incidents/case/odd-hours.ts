const hourMs = 3_600_000;
/** Asia/Tokyo is nine hours ahead of UTC, all year. */
const tokyoMs = 9 * hourMs;

/**
 * When the odd hours began in which `now` lies: from `fromHour` on, before `toHour`, hours of the day in Japan, over midnight
 * where the first is later than the second. Undefined outside of them.
 */
export function oddHours(now: Date, fromHour: number, toHour: number): Date | undefined {
  const local = new Date(now.getTime() + tokyoMs);
  const hour = local.getUTCHours();
  const isIn = fromHour < toHour ? hour >= fromHour && hour < toHour : hour >= fromHour || hour < toHour;
  if (!isIn) return undefined;
  const midnight = Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()) - tokyoMs;
  return new Date(midnight + fromHour * hourMs - (hour < fromHour ? 24 * hourMs : 0));
}
