import { randomUUID } from "node:crypto";
import { actAs, type Storehouse } from "#server/core/door/index.ts";
import type { Fact, Ledger } from "#server/core/ledger/index.ts";
import type { RunPresence } from "./run-presence.ts";
import { createClockWatch } from "./watch-clocks.ts";
import { createGapWatch, type GapWatch } from "./watch-gaps.ts";

const clocksEveryMs = 5_000;
const gapsEveryMs = 250;

/** The gap watch of a ledger; told of by the door, and looked after by {@link startWatches}. */
export function gapWatchOf(ledger: Ledger, run: string, clock: () => Date, policyVersion: () => number): GapWatch {
  return createGapWatch({
    now: clock,
    elapsed: () => performance.now(),
    // Not whether it records: its own attempts are how that is found out where nobody else asks.
    isRecording: () => ledger.isConnected(),
    record: async (facts) => {
      await ledger.append({
        type: "ledger.gap",
        at: clock(),
        principal: "system",
        accountNo: null,
        sessionId: null,
        requestId: randomUUID(),
        outcome: "ok",
        policyVersion: policyVersion(),
        facts: { run, ...facts },
        releases: [],
        writes: [],
        sealed: [],
      });
    },
  });
}

/** Looks at clocks and gaps for as long as the storehouse is open; gives the function that stops it. */
export function startWatches(given: {
  readonly storehouse: Storehouse;
  readonly presence: RunPresence;
  readonly gaps: GapWatch;
  /** The node's clock, in ms since 1970. */
  readonly wall: () => number;
  readonly everyMs?: number;
}): () => Promise<void> {
  const { storehouse, presence, gaps, wall, everyMs = clocksEveryMs } = given;
  const watch = createClockWatch();
  let looking: Promise<void> | undefined;
  const lookAtClocks = async (): Promise<void> => {
    const database = await presence.databaseTime();
    const steps = watch({ running: performance.now(), node: wall(), database });
    if (steps === undefined) return;
    await actAs(storehouse, "system", "clock.changed", randomUUID(), async ({ journal }) => {
      for (const [key, value] of Object.entries(steps) as [string, Fact][]) journal.fact(key, value);
    });
  };
  const look = (): void => {
    looking ??= lookAtClocks()
      .catch(() => undefined)
      .finally(() => (looking = undefined));
  };
  look();
  const clocks = setInterval(look, everyMs);
  const ofGaps = setInterval(() => void gaps.look(), gapsEveryMs);
  clocks.unref();
  ofGaps.unref();
  return async () => {
    clearInterval(clocks);
    clearInterval(ofGaps);
    await looking;
    await gaps.look(true);
  };
}
