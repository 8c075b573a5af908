import { expect, test } from "vitest";
import { daysLeft, todayInJapan } from "#web/requests/days-left.ts";

test.each([
  ["2026-11-22", "2026-11-21T15:00:00Z", 0],
  ["2026-11-22", "2026-11-21T14:59:59Z", 1],
  ["2026-11-22", "2026-11-24T03:00:00Z", -2],
  ["2027-01-04", "2026-12-30T03:00:00Z", 5],
])("until %s, seen at %s, it is %i days in Japan", (day, now, days) => {
  expect(daysLeft(day, new Date(now))).toBe(days);
});

test("the day begins at midnight in Japan", () => {
  expect(todayInJapan(new Date("2026-11-21T15:00:00Z"))).toBe("2026-11-22");
});
