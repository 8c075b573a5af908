import { describe, expect, it } from "vitest";
import { calmMs, createGapWatch } from "./watch-gaps.ts";

function setting() {
  const state = { at: 0, isRecording: true, canRecord: true, told: [] as object[] };
  const watch = createGapWatch({
    now: () => new Date(state.at * 1000),
    elapsed: () => state.at * 1000,
    isRecording: () => state.isRecording,
    record: async (facts) => {
      if (!state.canRecord) throw new Error("not possible");
      state.told.push(facts);
    },
  });
  return { state, watch };
}
const second = (at: number): string => new Date(at * 1000).toISOString();

describe("the watch over gaps", () => {
  it("tells of a gap once it is over, with its length and how many acts it cost", async () => {
    const { state, watch } = setting();
    state.isRecording = false;
    await watch.look();
    state.at = 4;
    watch.unrecorded();
    watch.unrecorded();
    await watch.look();
    expect(state.told).toEqual([]);
    state.at = 9;
    state.isRecording = true;
    await watch.look();
    await watch.look();
    expect(state.told).toEqual([{ from: second(0), to: second(9), refused: 2, lastRefusedAt: second(4) }]);
  });

  it("tells nothing where everything was recorded", async () => {
    const { state, watch } = setting();
    for (state.at = 0; state.at < 5; state.at++) await watch.look();
    expect(state.told).toEqual([]);
  });

  it("loses no count when telling fails, or when more is refused meanwhile", async () => {
    const { state, watch } = setting();
    watch.unrecorded();
    state.canRecord = false;
    await watch.look();
    state.canRecord = true;
    state.at = 7;
    const looking = watch.look();
    watch.unrecorded();
    await looking;
    await watch.look();
    expect(state.told.map((facts) => (facts as { refused: number }).refused)).toEqual([1, 1]);
    expect(state.told[0]).toMatchObject({ from: second(0), to: second(7) });
  });

  it("holds the last refusal for past once something was recorded since, and nothing else was refused for a while", () => {
    const { state, watch } = setting();
    expect(watch.isPast()).toBe(true);
    watch.unrecorded();
    state.at = 10;
    expect(watch.isPast()).toBe(false);
    watch.unrecorded();
    watch.recorded();
    expect(watch.isPast()).toBe(false);
    state.at += calmMs / 1000;
    expect(watch.isPast()).toBe(true);
  });
});
