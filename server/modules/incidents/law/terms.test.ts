import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayAfter, dayInJapan } from "#shared/day-in-japan.ts";
import { isClosedDay, nextOpenDay, terms } from "./terms.ts";

const none = [{ no: 1, applies: "yes" }];
const wrongful = [{ no: 3, applies: "yes" }];
const at = (day: string): Date => new Date(`${day}T03:00:00Z`);

describe("terms of the reports", () => {
  // reference: known on, 30th day, due, 60th day, due
  it.each([
    ["2026-12-01", "2026-12-30", "2027-01-04", "2027-01-29", "2027-01-29"],
    ["2026-11-21", "2026-12-20", "2026-12-21", "2027-01-19", "2027-01-19"],
    ["2026-10-16", "2026-11-14", "2026-11-16", "2026-12-14", "2026-12-14"],
  ])("known on %s: 30 days end on %s and are due on %s; 60 days end on %s and are due on %s", (known, raw30, due30, raw60, due60) => {
    expect(terms(at(known), none).final).toEqual({ days: 30, raw: raw30, due: due30 });
    expect(terms(at(known), wrongful).final).toEqual({ days: 60, raw: raw60, due: due60 });
  });

  it("counts the day of knowing in Japan's time as day 1", () => {
    const late = terms(new Date("2026-11-30T15:30:00Z"), none);
    expect(late.knownOn).toBe("2026-12-01");
    expect(late.preliminary).toEqual({ early: "2026-12-03", late: "2026-12-05" });
  });

  it("takes 60 days also where other limbs apply beside the third", () => {
    expect(terms(at("2026-12-01"), [...none, ...wrongful]).final.days).toBe(60);
    expect(terms(at("2026-12-01"), [{ no: 3, applies: "unknown" }]).final.days).toBe(30);
  });

  it("knows national holidays, days in lieu of them and the turn of the year as closed", () => {
    expect(["2026-11-23", "2026-05-06", "2026-12-29", "2027-01-03", "2026-11-22"].map(isClosedDay)).toEqual([true, true, true, true, true]);
    expect(["2026-11-24", "2026-12-28", "2027-01-04"].map(isClosedDay)).toEqual([false, false, false]);
  });

  it("is always due on an open day, never before the counted day, and every day between is closed", () => {
    fc.assert(
      fc.property(fc.date({ min: new Date("2022-04-01"), max: new Date("2049-10-01"), noInvalidDate: true }), fc.boolean(), (known, isWrongful) => {
        const { final, knownOn } = terms(known, isWrongful ? wrongful : none);
        const between: string[] = [];
        for (let day = final.raw; day < final.due; day = dayAfter(day, 1)) between.push(day);
        expect(knownOn).toBe(dayInJapan(known));
        expect(Date.parse(final.raw) - Date.parse(knownOn)).toBe((final.days - 1) * 86_400_000);
        expect(isClosedDay(final.due)).toBe(false);
        expect(between.every(isClosedDay)).toBe(true);
        expect(nextOpenDay(final.due)).toBe(final.due);
      }),
      { numRuns: 300 },
    );
  });
});
