import { expect, it } from "vitest";
import { barsOf, heightOf } from "#web/ledger/bars.ts";

it("gives every bar of the window its place, the empty ones too", () => {
  const bars = barsOf({
    from: "2026-11-20T00:00:00.000Z",
    to: "2026-11-20T04:00:00.000Z",
    stepSeconds: 3600,
    bars: [{ at: "2026-11-20T02:00:00.000Z", events: 5, refused: 1 }],
    isComplete: true,
  });
  expect(bars.map(({ events, refused }) => [events, refused])).toEqual([
    [0, 0],
    [0, 0],
    [5, 1],
    [0, 0],
  ]);
  expect(bars.at(-1)?.to.toISOString()).toBe("2026-11-20T04:00:00.000Z");
});

it("leaves a single event in sight beside a million, and an empty bar empty", () => {
  expect(heightOf(0, 1_000_000)).toBe(0);
  expect(heightOf(1, 1_000_000)).toBeGreaterThanOrEqual(0.05);
  expect(heightOf(7, 7)).toBe(1);
});
