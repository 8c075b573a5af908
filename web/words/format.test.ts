import { expect, it } from "vitest";
import { formatBytes, formatDateTime, formatEra, formatShort } from "#web/words/format.ts";

const at = new Date("2026-11-21T05:05:00Z");

it("writes dates as the office does, in Japan's time", () => {
  expect(formatDateTime(at, "ja")).toBe("2026年11月21日(土) 14:05");
  expect(formatDateTime(at, "en")).toBe("Sat 21 Nov 2026 14:05");
});
it("writes months and days without a leading zero", () => {
  expect(formatDateTime(new Date("2025-04-01T00:00:00Z"), "ja")).toBe("2025年4月1日(火) 09:00");
});
it("knows the day changes at Japan's midnight", () => {
  expect(formatDateTime(new Date("2026-11-21T15:00:00Z"), "ja")).toBe("2026年11月22日(日) 00:00");
});
it("gives the Japanese era on demand", () => {
  expect(formatEra(at)).toBe("令和8年11月21日");
});
it("shows the year in tables only when it is another one", () => {
  expect(formatShort(at, new Date("2026-12-01T00:00:00Z"))).toBe("11/21 14:05");
  expect(formatShort(at, new Date("2027-01-05T00:00:00Z"))).toBe("2026/11/21 14:05");
});
it("writes sizes short", () => {
  expect([formatBytes(512), formatBytes(34_200), formatBytes(1_234_567)]).toEqual(["512 B", "34 KB", "1.2 MB"]);
});
