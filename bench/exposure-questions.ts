import type { Pool } from "pg";
import { listEvents, looksAt, matchEvents, peopleSeen, type EventFilter } from "#server/core/ledger/index.ts";
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

export interface Asked {
  readonly pool: Pool;
  readonly postgresPid: number;
  readonly customers: number;
  readonly print: (line: object) => void;
}

/** Who saw a customer, two ways. No two passes ask of the same customers. */
export const firstPages = ["who saw customer X, first page", "who saw customer X, first page of whole events"] as const;
/** `cold`: nothing of the store in memory when the pass begins; `warm`: behind a pass over other customers. */
export type Cache = "cold" | "warm" | "as it was";

export async function measureFirstPages(
  shape: (typeof firstPages)[number],
  caches: readonly Cache[],
  { pool, postgresPid, customers, print }: Asked,
): Promise<void> {
  let asked = shape === firstPages[0] ? 0 : customersAsked * caches.length;
  for (const cache of caches) {
    let shown = 0;
    const measured = await measure(customersAsked, postgresPid, async () => {
      const customerNo = ((asked++ * 7_919 * 104_729) % customers) + 1;
      shown +=
        shape === firstPages[0]
          ? (await looksAt(pool, { kind: "customer", nos: [customerNo], limit: 50 })).looks.length
          : (await listEvents(pool, { customerNo, limit: 50 })).events.length;
    });
    print({ shape, cache, ...measured, target: 100, shown: round(shown / customersAsked, 1) });
  }
}

/** Asks every other question of issue 4 §4; the first answer of each counts as the others do. */
export async function measureQuestions(
  given: Asked & {
    /** What the generator itself saw of one account in one month. */
    readonly known: { accountNo: number; month: number; people: number } | undefined;
  },
): Promise<void> {
  const { pool, postgresPid, print } = given;
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
    ["people seen by an account in 24 months", 2_000, (turn) => ({ accountNos: [ranks[turn % ranks.length]!] })],
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
