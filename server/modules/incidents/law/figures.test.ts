import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { damagesOf, damagesPerPerson, usualCosts } from "./damages.ts";
import { erlangC, presetStaffing, staffing } from "./staffing.ts";

describe("what a person might claim (JNSA)", () => {
  const claim = (items: readonly string[], more = {}): number => damagesPerPerson({ ...damagesOf(items), responsibility: 1, handling: 1, ...more });

  it.each([
    [["name", "address"], 6000],
    [["name"], 3000],
    [["mail"], 1000],
    [["name", "address", "purchases"], 18_000],
    [["name", "address", "password"], 18_000],
    [["name", "address", "card"], 78_000],
    [["name", "address", "sensitive"], 33_000],
    [["address", "phone"], 3000],
  ])("%j comes to %i yen", (items, yen) => {
    expect(claim(items)).toBe(yen);
  });

  it("comes to 606,000 yen for the gravest distress with a medical body, and to twice as much when handled badly", () => {
    const grave = { mental: 3, economic: 1, identifiability: 6, responsibility: 2 } as const;
    expect(damagesPerPerson({ ...grave, handling: 1 })).toBe(606_000);
    expect(damagesPerPerson({ ...grave, handling: 2 })).toBe(1_212_000);
  });
});

describe("what handling usually costs", () => {
  it("takes letters and vouchers by the person and everything else as it stands", () => {
    const lines = new Map(usualCosts({ persons: 10_000, isAttack: true, hasCards: false, isPublished: false }).map((line) => [line.key, line]));
    expect(lines.get("letters")).toMatchObject({ low: 1_300_000, high: 1_300_000 });
    expect(lines.get("vouchers")).toMatchObject({ low: 6_500_000, high: 6_500_000 });
    expect(lines.get("desk")).toMatchObject({ low: 7_000_000, high: 10_000_000 });
    expect(lines.get("investigation")).toMatchObject({ low: 3_000_000, high: 4_000_000 });
    expect([...lines.keys()]).not.toContain("cards");
  });
});

describe("the size of the desk (Erlang C)", () => {
  it("finds that of 5 erlangs and 8 agents 0.1673 of the calls wait", () => {
    expect(erlangC(5, 8)).toBeCloseTo(0.1673, 4);
  });

  // reference: notified, share of callers, calls in the busiest hour, erlangs, agents, with shrinkage
  it.each([
    [10_000, 0.03, 13.5, 1.8, 4, 6],
    [100_000, 0.01, 45, 6, 9, 13],
    [100_000, 0.03, 135, 18, 23, 33],
    [100_000, 0.05, 225, 30, 36, 52],
    [1_000_000, 0.01, 450, 60, 68, 98],
    [1_000_000, 0.03, 1350, 180, 191, 273],
  ])(
    "for %i people notified of whom %d call: %d calls an hour, %d erlangs, %i agents, %i with breaks",
    (notified, callShare, peakCalls, erlangs, agents, staff) => {
      const sized = staffing(notified, { ...presetStaffing, callShare });
      expect(sized.peakCalls).toBeCloseTo(peakCalls, 6);
      expect(sized.erlangs).toBeCloseTo(erlangs, 6);
      expect({ agents: sized.agents, staff: sized.staff }).toEqual({ agents, staff });
    },
  );

  it("needs nobody where nobody is notified, and cuts the busiest hour in proportion to the waves", () => {
    expect(staffing(0, presetStaffing)).toMatchObject({ agents: 0, staff: 0 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000_000 }), fc.integer({ min: 1, max: 20 }), (notified, waves) => {
        const once = staffing(notified, presetStaffing);
        const parted = staffing(notified, { ...presetStaffing, waves });
        expect(parted.peakCalls * waves).toBeCloseTo(once.peakCalls, 6);
        expect(parted.agents).toBeLessThanOrEqual(once.agents);
        expect(parted.agents).toBeGreaterThan(parted.erlangs);
      }),
      { numRuns: 60 },
    );
  });
});
