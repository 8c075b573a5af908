import { expect, test } from "vitest";
import { runImportKills } from "./import-kills.ts";

test("imports that are cut by kill -9 of the server and of PostgreSQL go on by themselves: nobody is lost, nobody doubled, the counts are right", async () => {
  const rounds = await runImportKills({ imports: 2, people: 6_000, killsEach: 3, seed: Math.floor(Date.now() / 1000) });
  expect(rounds.flatMap(({ failures }) => failures)).toEqual([]);
  // The kills cut into the work: some of it stood already, some was to come.
  for (const { kills } of rounds) expect(kills.length).toBeGreaterThan(0);
}, 600_000);
