import { expect, test } from "vitest";
import { keepPace, mostInMinute, type Pace } from "./read-by-token.ts";

test("too many requests of one token are refused until the minute is over, and others go on", () => {
  const pace: Pace = { minute: 0, counts: new Map() };
  const at = new Date("2026-11-22T01:00:59.999Z");
  for (let count = 0; count < mostInMinute; count += 1) keepPace(pace, 1, at);
  expect(() => keepPace(pace, 1, at)).toThrow(expect.objectContaining({ code: "too-many-requests" }));
  keepPace(pace, 2, at);
  keepPace(pace, 1, new Date(at.getTime() + 1));
  expect(pace.counts.get(1)).toBe(1);
});
