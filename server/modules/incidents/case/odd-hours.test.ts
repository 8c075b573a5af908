import fc from "fast-check";
import { expect, it } from "vitest";
import { oddHours } from "./odd-hours.ts";

const at = (time: string): Date => new Date(`${time}+09:00`);

it("odd hours reach over midnight, and begin on the evening before", () => {
  expect(oddHours(at("2026-11-20T21:59:59"), 22, 5)).toBeUndefined();
  expect(oddHours(at("2026-11-20T22:00:00"), 22, 5)).toEqual(at("2026-11-20T22:00:00"));
  expect(oddHours(at("2026-11-21T04:59:59"), 22, 5)).toEqual(at("2026-11-20T22:00:00"));
  expect(oddHours(at("2026-11-21T05:00:00"), 22, 5)).toBeUndefined();
  expect(oddHours(at("2026-11-21T12:30:00"), 12, 13)).toEqual(at("2026-11-21T12:00:00"));
});

it("whatever the hours, they began less than a day ago and not after now", () => {
  fc.assert(
    fc.property(fc.date({ min: new Date("2020-01-01"), max: new Date("2040-01-01"), noInvalidDate: true }), fc.nat(23), fc.nat(23), (now, from, to) => {
      fc.pre(from !== to);
      const began = oddHours(now, from, to);
      if (began === undefined) return;
      const ms = now.getTime() - began.getTime();
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(ms).toBeLessThan(((to - from + 24) % 24) * 3_600_000);
    }),
  );
});
