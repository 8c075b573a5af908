import { expect, test } from "vitest";
import { stepsOfTrend } from "./steps-of-trend.ts";

const size = { width: 84, height: 22 };
const given = { from: "2026-08-30", today: "2026-11-22", now: 50 };

test("a figure holds until its next change, and the last step is the figure of now", () => {
  const trend = [
    { day: "2026-07-01", people: 100 },
    { day: "2026-10-11", people: 50 },
  ];
  expect(stepsOfTrend({ ...given, trend }, size)).toEqual({ path: "M0 1 H42 V11 H84 V11", before: 100 });
});

test("a figure that rose since the last count rises at the end, and what began within the time begins there", () => {
  expect(stepsOfTrend({ ...given, now: 100, trend: [{ day: "2026-10-11", people: 50 }] }, size)).toEqual({ path: "M42 11 H84 V1", before: 50 });
});

test("one moment is no trend", () => {
  expect(stepsOfTrend({ ...given, trend: [] }, size)).toBeNull();
  expect(stepsOfTrend({ ...given, trend: [{ day: "2026-11-22", people: 3 }] }, size)).toBeNull();
});
