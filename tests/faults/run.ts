import { runImportKills } from "./import-kills.ts";
import { runKillRounds } from "./kill-rounds.ts";

/** `npm run faults -- ROUNDS [SEED]`: kills the product under load as often as asked, and in the middle of an import for every ten of them, and prints a tally. Exit code 1 when anything was found. */
const rounds = Number(process.argv[2] ?? 10);
const seed = Number(process.argv[3] ?? 1);
if (!Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(seed)) {
  process.stderr.write("npm run faults -- ROUNDS [SEED]\n");
  process.exit(2);
}
const done = await runKillRounds({
  rounds,
  seed,
  onRound: (nth, round) => {
    process.stdout.write(
      `${String(nth + 1).padStart(4)}  ${round.victim.padEnd(10)} back after ${String(round.recoveryMs).padStart(5)} ms  ${round.replies} replies (${round.cutOff} cut off, ${round.refused} refused), ${round.values} values, ${round.edits} changes, ${round.creates} new, ${round.events} events\n`,
    );
    for (const failure of round.failures.slice(0, 20)) process.stdout.write(`      ${failure}\n`);
  },
});
const sum = (of: (round: (typeof done)[number]) => number): number => done.reduce((total, round) => total + of(round), 0);
process.stdout.write(
  `${done.length} kills: ${sum((one) => one.replies)} replies with ${sum((one) => one.values)} values, ${sum((one) => one.edits + one.creates)} writes acknowledged; lost or released without an event: ${sum((one) => one.failures.length)}\n`,
);
const imports = await runImportKills({
  imports: Math.ceil(rounds / 10),
  people: 6_000,
  killsEach: 4,
  seed,
  onImport: (nth, { rows, kills, failures }) => {
    process.stdout.write(`import ${nth + 1}  ${rows} rows, killed ${kills.map(({ victim, rowsDone }) => `${victim} at ${rowsDone}`).join(", ")}\n`);
    for (const failure of failures) process.stdout.write(`      ${failure}\n`);
  },
});
const importFailures = imports.reduce((total, one) => total + one.failures.length, 0);
process.stdout.write(
  `${imports.length} imports, ${imports.reduce((total, one) => total + one.kills.length, 0)} kills in them; lost, doubled or miscounted: ${importFailures}\n`,
);
process.exitCode = sum((one) => one.failures.length) + importFailures === 0 ? 0 : 1;
