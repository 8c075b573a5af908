import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createClockWatch, leastStepMs } from "./watch-clocks.ts";

/** Readings of clocks that go right, five seconds apart, with what is set or shaken in between. */
function readings(steps: readonly { node: number; database: number; shake: number }[]) {
  let [node, database] = [1_000_000, 1_000_300];
  return steps.map((step, at) => {
    node += step.node;
    database += step.database;
    return { running: at * 5000, node: node + at * 5000 + step.shake, database: database + at * 5000 - step.shake };
  });
}

describe("the watch over the clocks", () => {
  it("says nothing of clocks that go right, however shakily they are read", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -200, max: 200 }), { maxLength: 40 }), (shakes) => {
        const watch = createClockWatch();
        for (const reading of readings(shakes.map((shake) => ({ node: 0, database: 0, shake })))) expect(watch(reading)).toBeUndefined();
      }),
    );
  });

  it("says once, with its size, that either clock was set forward or back", () => {
    const anyStep = fc.integer({ min: -86_400_000, max: 86_400_000 }).filter((ms) => Math.abs(ms) >= leastStepMs);
    fc.assert(
      fc.property(anyStep, fc.boolean(), (ms, isDatabase) => {
        const watch = createClockWatch();
        const still = { node: 0, database: 0, shake: 0 };
        const said = readings([still, still, isDatabase ? { ...still, database: ms } : { ...still, node: ms }, still]).map(watch);
        expect(said.map((steps) => steps?.[isDatabase ? "databaseStepMs" : "nodeStepMs"])).toEqual([undefined, undefined, ms, undefined]);
        expect(said[2]?.[isDatabase ? "nodeStepMs" : "databaseStepMs"]).toBe(0);
      }),
    );
  });

  it("is not deceived by a clock that is set back a little every time", () => {
    const watch = createClockWatch();
    const said = readings(Array.from({ length: 12 }, () => ({ node: -100, database: 0, shake: 0 }))).map(watch);
    expect(said.filter((steps) => steps !== undefined)).toEqual([{ nodeStepMs: -1000, databaseStepMs: 0, databaseAheadMs: 1400 }]);
  });

  it("goes on where the database did not answer for a while", () => {
    const watch = createClockWatch();
    watch({ running: 0, node: 0, database: 0 });
    expect(watch({ running: 5000, node: 5000, database: null })).toBeUndefined();
    expect(watch({ running: 10_000, node: 10_000, database: 70_000 })?.databaseStepMs).toBe(60_000);
  });
});
