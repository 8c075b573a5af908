import type { RoundCheck } from "./check-house.ts";
import { runImportKills } from "./import-kills.ts";
import { runKillRounds } from "./kill-rounds.ts";
import { runNodeRounds } from "./node-rounds.ts";

/**
 * `npm run faults -- ROUNDS [SEED]`: half of the rounds kill the product and its own PostgreSQL under load, half strike at two
 * nodes on one PostgreSQL, and for every ten kills one import is cut; prints each round and a tally by kind of fault. Exit code 1
 * when anything was found.
 */
const rounds = Number(process.argv[2] ?? 10);
const seed = Number(process.argv[3] ?? 1);
if (!Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(seed)) {
  process.stderr.write("npm run faults -- ROUNDS [SEED]\n");
  process.exit(2);
}

interface Done extends RoundCheck {
  readonly kind: string;
  readonly recoveryMs: number;
  readonly takeoverMs?: number;
}
const done: Done[] = [];
let events = 0;

function tell(round: Done): void {
  done.push(round);
  const led = round.takeoverMs === undefined ? "" : `, another sequencer after ${round.takeoverMs} ms`;
  process.stdout.write(
    `${String(done.length).padStart(4)}  ${round.kind.padEnd(12)} back after ${String(round.recoveryMs).padStart(5)} ms${led}  ${round.replies} replies (${round.cutOff} cut off, ${round.refused} refused), ${round.values} values, ${round.edits} changes, ${round.creates} new\n`,
  );
  for (const failure of round.failures.slice(0, 20)) process.stdout.write(`      ${failure}\n`);
}

const ofNodes = Math.ceil(rounds / 2);
const nodes = await runNodeRounds({ rounds: ofNodes, seed, onRound: (_nth, round) => tell({ ...round, kind: round.fault }) });
events += nodes.rounds.at(-1)?.events ?? 0;
if (nodes.notCutOff !== undefined) process.stdout.write(`no node was cut off: ${nodes.notCutOff}\n`);
const kills = rounds - ofNodes;
if (kills > 0) {
  const killed = await runKillRounds({ rounds: kills, seed, onRound: (_nth, round) => tell({ ...round, kind: `kill ${round.victim}` }) });
  events += killed.at(-1)?.events ?? 0;
}

const sum = (of: readonly Done[], what: (round: Done) => number): number => of.reduce((total, round) => total + what(round), 0);
function row(kind: string, of: readonly Done[]): string {
  const times = of.map((round) => round.recoveryMs).toSorted((a, b) => a - b);
  const cells = [
    of.length,
    sum(of, (one) => one.replies),
    sum(of, (one) => one.values),
    sum(of, (one) => one.edits + one.creates),
    sum(of, (one) => one.refused + one.cutOff),
    sum(of, (one) => one.lost),
    sum(of, (one) => one.unrecorded),
    sum(of, (one) => one.failures.length - one.lost - one.unrecorded),
    `${times[Math.floor((times.length - 1) / 2)] ?? 0} / ${times.at(-1) ?? 0}`,
  ];
  return `| ${kind} | ${cells.join(" | ")} |\n`;
}
process.stdout.write(
  "\n| fault | rounds | replies | values shown | writes acknowledged | refused or cut off | lost | unrecorded | otherwise wrong | back after, ms: p50 / max |\n",
);
process.stdout.write("|---|---|---|---|---|---|---|---|---|---|\n");
for (const [kind, of] of Map.groupBy(done, (one) => one.kind)) process.stdout.write(row(kind, of));
process.stdout.write(row("all", done));
const takeovers = done.flatMap((one) => one.takeoverMs ?? []).toSorted((a, b) => a - b);
process.stdout.write(
  `\nanother sequencer led after ${takeovers[Math.floor((takeovers.length - 1) / 2)] ?? 0} ms (p50), ${takeovers.at(-1) ?? 0} ms (most), in ${takeovers.length} rounds\n`,
);
process.stdout.write(`${events} events stand in the ledgers, which verify\n`);

const imports =
  kills === 0
    ? []
    : await runImportKills({
        imports: Math.ceil(kills / 10),
        people: 6_000,
        killsEach: 4,
        seed,
        onImport: (nth, { rows, kills: cuts, failures }) => {
          process.stdout.write(`import ${nth + 1}  ${rows} rows, killed ${cuts.map(({ victim, rowsDone }) => `${victim} at ${rowsDone}`).join(", ")}\n`);
          for (const failure of failures) process.stdout.write(`      ${failure}\n`);
        },
      });
const importFailures = imports.reduce((total, one) => total + one.failures.length, 0);
process.stdout.write(
  `${imports.length} imports, ${imports.reduce((total, one) => total + one.kills.length, 0)} kills in them; lost, doubled or miscounted: ${importFailures}\n`,
);
process.exitCode = sum(done, (one) => one.failures.length) + importFailures === 0 ? 0 : 1;
