import type { ReplyOf } from "#shared/endpoint.ts";
import type { ledgerDensity } from "#shared/ledger.ts";

export type Density = ReplyOf<typeof ledgerDensity>;
export interface Bar {
  readonly from: Date;
  readonly to: Date;
  readonly events: number;
  readonly refused: number;
}

/** Every bar of a density, the empty ones too, in order. */
export function barsOf({ from, to, stepSeconds, bars }: Density): Bar[] {
  const known = new Map(bars.map((bar) => [Date.parse(bar.at), bar]));
  const all: Bar[] = [];
  for (let at = Date.parse(from); at < Date.parse(to); at += stepSeconds * 1000) {
    const bar = known.get(at);
    all.push({ from: new Date(at), to: new Date(at + stepSeconds * 1000), events: bar?.events ?? 0, refused: bar?.refused ?? 0 });
  }
  return all;
}

/** The height of a bar, 0 to 1. By the square root: one night's event beside a busy day can still be seen. */
export function heightOf(events: number, most: number): number {
  return events === 0 || most === 0 ? 0 : Math.max(0.06, Math.sqrt(events / most));
}

/** First and last bar of a chosen range, in order. */
export function rangeOf(a: number, b: number): { first: number; last: number } {
  return { first: Math.min(a, b), last: Math.max(a, b) };
}
