import type { Pool } from "pg";
import { exposuresOf, listEvents, matchEvents, peopleSeen, type EventFilter } from "#server/core/ledger/index.ts";
import { accounts, addresses, benchEnd, benchStart, deviceOf, monthMs, months, purposes, sessionOf } from "./exposure-events.ts";
import { round } from "./measure.ts";
import { cpuOfTree } from "./process-cpu.ts";

const dayMs = 86_400_000;
/** So many answers of each question about people are measured; about one customer a hundred times as many. */
const times = 6;
const customersAsked = 300;

interface Measured {
  readonly n: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
  /** CPU of this process and of PostgreSQL for one answer. */
  readonly cpuMs: number;
}

async function measure(count: number, postgresPid: number, ask: (turn: number) => Promise<unknown>): Promise<Measured> {
  const took: number[] = [];
  const cpu = (): number => cpuOfTree(process.pid, [postgresPid]) + cpuOfTree(postgresPid);
  const before = cpu();
  for (let turn = 0; turn < count; turn++) {
    const from = performance.now();
    await ask(turn);
    took.push(performance.now() - from);
  }
  took.sort((a, b) => a - b);
  const cpuMs = round((cpu() - before) / count, 1);
  const at = (share: number): number => round(took[Math.min(took.length - 1, Math.floor(took.length * share))]!, 1);
  return { n: count, p50Ms: at(0.5), p95Ms: at(0.95), maxMs: at(1), cpuMs };
}

/** Asks every question of issue 4 §4; the first answer of each counts as the others do. */
export async function measureQuestions(given: {
  pool: Pool;
  postgresPid: number;
  customers: number;
  print: (line: object) => void;
  /** What the generator itself saw of one account in one month. */
  known: { accountNo: number; month: number; people: number } | undefined;
}): Promise<void> {
  const { pool, postgresPid, customers, print } = given;
  const customerOf = (turn: number): number => ((turn * 7_919 * 104_729) % customers) + 1;
  let shown = 0;
  print({
    shape: "who saw customer X, first page",
    ...(await measure(customersAsked, postgresPid, async (turn) => {
      shown += (await exposuresOf(pool, { kind: "customer", nos: [customerOf(turn)], limit: 50 })).exposures.length;
    })),
    target: 100,
    shown: round(shown / customersAsked, 1),
  });
  print({
    shape: "who saw customer X, first page of whole events",
    ...(await measure(customersAsked, postgresPid, (turn) => listEvents(pool, { customerNo: customerOf(turn + customersAsked), limit: 50 }))),
    target: 100,
  });

  const monthOf = (month: number): { from: Date; to: Date } => ({
    from: new Date(benchStart + month * monthMs),
    to: new Date(benchStart + (month + 1) * monthMs),
  });
  const daysAt = (day: number, days: number): { from: Date; to: Date } => ({
    from: new Date(benchStart + day * dayMs),
    to: new Date(benchStart + (day + days) * dayMs),
  });
  const ranks = [1, 2, 5, 20, 60, accounts];
  const questions: [shape: string, target: number, filter: (turn: number) => EventFilter][] = [
    ["people seen by an account in a month", 2_000, (turn) => ({ accountNos: [ranks[turn % ranks.length]!], ...monthOf((turn * 5 + 3) % months) })],
    ["everyone touched in a 10-day window", 5_000, (turn) => daysAt((turn * 101 + 17) % 700, 10)],
    ["by session", 2_000, (turn) => ({ sessionIds: [sessionOf(ranks[turn % ranks.length]!, (turn * 97 + 31) % 720)] })],
    ["by device, 24 months", 2_000, (turn) => ({ deviceIds: [deviceOf(ranks[turn % ranks.length]!, turn % 2)] })],
    ["by address, 24 months", 2_000, (turn) => ({ addresses: [addresses[turn % addresses.length]!] })],
    ["by block of addresses, 24 months", 2_000, () => ({ addresses: ["203.0.113.0/26"] })],
    ["by purpose, 24 months", 2_000, (turn) => ({ purposes: [purposes[turn % purposes.length]!] })],
    ["by purpose in a month", 2_000, (turn) => ({ purposes: [purposes[turn % purposes.length]!], ...monthOf((turn * 5 + 3) % months) })],
    ["by export", 2_000, (turn) => ({ listNos: [turn] })],
    ["everything, 24 months", Infinity, () => ({ to: new Date(benchEnd + 100 * dayMs) })],
  ];
  for (const [shape, target, filter] of questions) {
    let [people, events, bytes] = [0, 0, 0];
    const measured = await measure(shape.startsWith("everything,") ? 2 : times, postgresPid, async (turn) => {
      const found = await matchEvents(pool, filter(turn));
      const seen = await peopleSeen(pool, found, { kind: "customer" });
      people = Math.max(people, seen.nos.length);
      events = Math.max(events, found.size);
      bytes = process.memoryUsage.rss();
    });
    print({ shape, ...measured, ...(Number.isFinite(target) && { target }), mostPeople: people, mostEvents: events, rssMiB: Math.round(bytes / 2 ** 20) });
  }
  if (given.known !== undefined) {
    const { accountNo, month, people } = given.known;
    const found = await matchEvents(pool, { accountNos: [accountNo], ...monthOf(month) });
    const seen = await peopleSeen(pool, found, { kind: "customer" });
    if (seen.nos.length !== people) throw new Error(`the ledger says ${seen.nos.length} people, ${people} were shown`);
    print({ shape: "the answer is what the generator showed", accountNo, month, people });
  }
}
