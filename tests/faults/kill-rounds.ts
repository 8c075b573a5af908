import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { makeRandom } from "#server/modules/sample/index.ts";
import { connectToHouse } from "#tests/support/connect-to-house.ts";
import { runKuraban, type RunningKuraban } from "../support/run-kuraban.ts";
import { seedEmbedded } from "../support/seed-embedded.ts";
import type { Caller } from "../support/seed-storehouse.ts";
import { makeTemporaryFolder } from "../support/throwaway-server.ts";
import { askUntilAnswered } from "./ask-until-answered.ts";
import { checkRound, type Known, type RoundCheck } from "./check-house.ts";
import { startLoad } from "./mixed-load.ts";
import { verifyHouse } from "./verify-house.ts";

/** What is killed with SIGKILL: the server, PostgreSQL's first process, one of its others, or the first two at once. */
export const victims = ["server", "postmaster", "backend", "both"] as const;
export type Victim = (typeof victims)[number];

export interface Round extends RoundCheck {
  readonly victim: Victim;
  /** How many callers waited for an answer when it was killed. */
  readonly struck: number;
  /** From the kill to the next answered request. */
  readonly recoveryMs: number;
  readonly events: number;
}

/**
 * Kills the real product under a mixed load, at random moments, and looks each time whether anything acknowledged was lost
 * or anything released without its event. One data folder lives through all rounds.
 */
export async function runKillRounds(given: { rounds: number; seed: number; onRound?: (nth: number, round: Round) => void }): Promise<Round[]> {
  const { folder, remove } = makeTemporaryFolder();
  const dataFolder = join(folder, "data");
  let product: RunningKuraban | undefined;
  try {
    const house = await seedEmbedded(dataFolder, [["sales"], ["sales"], ["office"], ["manager"], ["privacy-officer"]], { unowned: 8 });
    const near = house.cells.get("near")?.cellNo as number;
    const nearNumbers = house.customerNos.filter((no) => house.cellOf.get(no) === near);
    const [manager, officer] = [house.callers[3], house.callers[4]] as [Caller, Caller];
    const known: Known = { indexOf: new Map(house.customerIndex), editedBy: new Map(), acknowledged: new Map(), unanswered: [] };
    let nextIndex = 1_000;
    const random = makeRandom(given.seed);
    const rounds: Round[] = [];
    product = await runKuraban(dataFolder);
    for (let nth = 0; nth < given.rounds; nth += 1) {
      const sinceEvent = await lastEvent(dataFolder);
      const load = startLoad({
        url: () => (product as RunningKuraban).url,
        callers: house.callers,
        customersOf: (caller) =>
          caller.roles[0] === "sales"
            ? nearNumbers.filter((no) => house.ownerOf.get(no) === caller.accountNo)
            : caller === officer
              ? house.customerNos
              : nearNumbers,
        cellNo: near,
        indexOf: (no) => known.indexOf.get(no),
        nextIndex: () => (nextIndex += 1),
        seed: given.seed + nth,
      });
      await load.underWay();
      await wait(300 + random.below(900));
      const victim = victims[nth % victims.length] as Victim;
      const struck = load.asking();
      const killedAt = performance.now();
      product = await killAndRestart(victim, product, dataFolder, random.below(1_000));
      await untilAnswered(product.url, manager);
      const recoveryMs = Math.round(performance.now() - killedAt);
      await wait(200);
      await load.stop();

      const owner = await connectToHouse(dataFolder);
      // A database that was killed may answer a little longer than it lives.
      await untilAnswered(product.url, manager);
      try {
        const check = await checkRound({ owner, url: product.url, manager, heard: load.heard, known, sentinels: house.sentinels, sinceEvent });
        const verified = await verifyHouse(product.url, officer);
        if (verified.body["ok"] !== true)
          check.failures.push(`the ledger does not verify: ${verified.status} ${JSON.stringify(verified.body["findings"] ?? verified.body["code"])}`);
        const round = { ...check, victim, struck, recoveryMs, events: Number(verified.body["events"]) };
        rounds.push(round);
        given.onRound?.(nth, round);
      } finally {
        await owner.end();
      }
    }
    return rounds;
  } finally {
    await product?.stop();
    remove();
  }
}

export async function killAndRestart(victim: Victim, product: RunningKuraban, dataFolder: string, chance: number): Promise<RunningKuraban> {
  if (victim !== "server") await killOneOf(() => (victim === "backend" ? childrenOf(postmasterOf(dataFolder)) : [postmasterOf(dataFolder)]), chance);
  if (victim === "backend" || victim === "postmaster") return product;
  await product.kill();
  return runKuraban(dataFolder, { port: product.port });
}

const postmasterOf = (dataFolder: string): number => Number(readFileSync(join(dataFolder, "postgres", "postmaster.pid"), "utf8").split("\n")[0]);

/** Kills one of those that are there: PostgreSQL ends and starts processes of its own meanwhile, and itself after the last kill. */
async function killOneOf(candidates: () => readonly number[], chance: number): Promise<void> {
  for (const until = performance.now() + 30_000; performance.now() < until; await wait(20)) {
    try {
      const there = candidates();
      const chosen = there[chance % there.length];
      if (chosen === undefined) continue;
      process.kill(chosen, "SIGKILL");
      return;
    } catch (error) {
      if (!["ESRCH", "ENOENT"].includes(String((error as NodeJS.ErrnoException).code))) throw error;
    }
  }
  throw new Error("there is no process to be killed");
}

export function childrenOf(parent: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === parent;
      } catch {
        return false;
      }
    });
}

export async function untilAnswered(url: string, caller: Caller): Promise<void> {
  const reply = await askUntilAnswered(() => url, { method: "POST", path: "/api/customers/views", cookie: caller.cookie, body: {} });
  if (reply.status !== 200) throw new Error(`the product did not recover by itself: ${reply.status} ${String(reply.body["code"])}`);
}

async function lastEvent(dataFolder: string): Promise<number> {
  const owner = await connectToHouse(dataFolder);
  try {
    const { rows } = await owner.query<{ last: number | null }>("select max(event_no)::float8 as last from ledger_events");
    return rows[0]?.last ?? 0;
  } finally {
    await owner.end();
  }
}
