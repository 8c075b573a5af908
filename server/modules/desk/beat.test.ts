import { expect, test } from "vitest";
import { beatMs, beginBeat, leftOfBeat } from "./beat.ts";

test("whatever a look took, its reply leaves at a beat", async () => {
  for (const took of [0, 3, 80, 399, 401, 1250]) {
    let at = 1000;
    const rest = beginBeat({ monotonicMs: () => at, pause: async (ms) => void (at += ms) });
    at += took;
    await rest();
    expect((at - 1000) % beatMs).toBe(0);
    expect(at - 1000).toBeGreaterThanOrEqual(took);
  }
  expect(leftOfBeat(0)).toBe(beatMs);
});
