import { expect, test } from "vitest";
import { runKillRounds, victims, type Round } from "./kill-rounds.ts";

test("ten kills of the server and of PostgreSQL under mixed load lose nothing acknowledged and release nothing without its event", async () => {
  const told: string[] = [];
  const rounds: Round[] = await runKillRounds({
    rounds: 10,
    seed: Math.floor(Date.now() / 1000),
    onRound: (nth, { victim, failures }) => told.push(...failures.map((failure) => `${nth + 1} ${victim}: ${failure}`)),
  });
  expect(told.slice(0, 20)).toEqual([]);
  expect(rounds).toHaveLength(10);
  // The load was there: values were shown, changes were kept, and every kill struck somebody who waited. Not everybody is then
  // refused or cut off: a database that is back at once may answer as if nothing had been. Some are, in ten rounds.
  for (const round of rounds) expect(Math.min(round.values, round.edits + round.creates, round.struck)).toBeGreaterThan(0);
  expect(new Set(rounds.map(({ victim }) => victim))).toEqual(new Set(victims));
  expect(rounds.reduce((sum, round) => sum + round.cutOff + round.refused, 0)).toBeGreaterThan(0);
}, 600_000);
