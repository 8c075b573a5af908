/** A figure from a day on. Ascending; the first may lie before the time that is drawn. */
export interface Change {
  readonly day: string;
  readonly people: number;
}

const dayMs = 86_400_000;
const dayOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) / dayMs;

/**
 * The path of a figure over a time (SVG), in steps: it holds until the next change, and is `now` at the end. Null where only one
 * moment is known. The largest figure touches the upper edge, 0 the lower one.
 */
export function stepsOfTrend(
  given: { readonly trend: readonly Change[]; readonly from: string; readonly today: string; readonly now: number },
  size: { readonly width: number; readonly height: number },
): { readonly path: string; readonly before: number } | null {
  const { trend, from, today, now } = given;
  const [first] = trend;
  if (first === undefined || first.day >= today) return null;
  const most = Math.max(1, now, ...trend.map(({ people }) => people));
  const begin = dayOf(from);
  const span = Math.max(1, dayOf(today) - begin);
  const x = (day: string): number => Math.round((Math.max(0, dayOf(day) - begin) / span) * size.width * 10) / 10;
  const y = (people: number): number => Math.round((1 - people / most) * (size.height - 2) * 10) / 10 + 1;
  const parts = [`M${x(first.day)} ${y(first.people)}`];
  for (const { day, people } of trend.slice(1)) parts.push(`H${x(day)}`, `V${y(people)}`);
  parts.push(`H${size.width}`, `V${y(now)}`);
  return { path: parts.join(" "), before: first.people };
}
