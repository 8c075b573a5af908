import { setTimeout as wait } from "node:timers/promises";
import { makeRandom } from "#server/modules/sample/index.ts";
import { connectOwner } from "#server/platform/database/connect.ts";
import { askOverHttp, type WireReply } from "../support/ask-over-http.ts";
import type { Caller } from "../support/seed-storehouse.ts";
import { checkRound, type Known, type RoundCheck } from "./check-house.ts";
import { childrenOf, untilAnswered } from "./kill-rounds.ts";
import { startLoad, type Heard } from "./mixed-load.ts";
import { openTwoNodes, type NodeName, type TwoNodes } from "./two-nodes.ts";
import { verifyHouse } from "./verify-house.ts";

/**
 * What happens to two nodes on one PostgreSQL. `sequencer`: SIGKILL of the node that holds the sequencer's lock. `cut off`: no
 * packet passes between the far node and PostgreSQL. `away`: PostgreSQL is stopped, and started again seconds later.
 * `stalled`: all of PostgreSQL's processes but the first are stopped (SIGSTOP), so that it takes connections, and flushes,
 * answers and refuses nothing. `flush held`: no commit is acknowledged (as when a disk's flush does not come back), while all
 * else goes on; what stands in for the disk is a standby that must confirm and never comes (synchronous_standby_names).
 */
export const nodeFaults = ["sequencer", "cut off", "away", "stalled", "flush held"] as const;
export type NodeFault = (typeof nodeFaults)[number];

export interface NodeRound extends RoundCheck {
  readonly fault: NodeFault;
  /** How many callers waited for an answer when it began. */
  readonly struck: number;
  /** From the end of the fault (of a kill: from the kill) until every node answered again. */
  readonly recoveryMs: number;
  /** From the loss of the sequencer until another one led, where one was lost. */
  readonly takeoverMs?: number;
  readonly events: number;
}

export interface NodeRounds {
  readonly rounds: readonly NodeRound[];
  /** Why no node was cut off, where none could be. */
  readonly notCutOff?: string;
}

/**
 * Strikes at two nodes under a mixed load, and looks each time whether anything acknowledged was lost, anything released
 * without its event, and what those saw who asked meanwhile. One house lives through all rounds.
 */
export async function runNodeRounds(given: {
  rounds: number;
  seed: number;
  faults?: readonly NodeFault[];
  onRound?: (nth: number, round: NodeRound) => void;
}): Promise<NodeRounds> {
  const nodes = await openTwoNodes([["sales"], ["office"], ["manager"], ["sales"], ["office"], ["privacy-officer"]]);
  try {
    const { house, network } = nodes;
    const near = house.cells.get("near")?.cellNo as number;
    const nearNumbers = house.customerNos.filter((no) => house.cellOf.get(no) === near);
    const [manager, officer] = [house.callers[2], house.callers[5]] as [Caller, Caller];
    const callersOf: Record<NodeName, readonly Caller[]> = { near: house.callers.slice(0, 3), far: house.callers.slice(3) };
    const known: Known = { indexOf: new Map(house.customerIndex), editedBy: new Map(), acknowledged: new Map(), unanswered: [] };
    let nextIndex = 1_000;
    const random = makeRandom(given.seed);
    const faults = (given.faults ?? nodeFaults).filter((fault) => fault !== "cut off" || typeof network !== "string");
    const rounds: NodeRound[] = [];
    for (let nth = 0; nth < given.rounds; nth += 1) {
      const fault = faults[nth % faults.length] as NodeFault;
      const sinceEvent = await lastEvent(nodes);
      const loads = (["near", "far"] as const).map((name, at) =>
        startLoad({
          url: () => nodes.url(name),
          callers: callersOf[name],
          customersOf: (caller) =>
            caller.roles[0] === "sales"
              ? nearNumbers.filter((no) => house.ownerOf.get(no) === caller.accountNo)
              : caller === officer
                ? house.customerNos
                : nearNumbers,
          cellNo: near,
          indexOf: (no) => known.indexOf.get(no),
          nextIndex: () => (nextIndex += 1),
          seed: given.seed + nth * 2 + at,
        }),
      );
      await Promise.all(loads.map((load) => load.underWay()));
      await wait(500 + random.below(700));
      const waiting = loads.reduce((sum, load) => sum + load.asking(), 0);
      const heardOf: Record<NodeName, () => readonly Heard[]> = { near: () => loads[0]?.heard ?? [], far: () => loads[1]?.heard ?? [] };
      const struck = await strike(fault, Math.floor(nth / faults.length) % 2 === 1, nodes, heardOf, random.below, house.callers[1] as Caller);
      await Promise.all([untilAnswered(nodes.url("near"), manager), untilAnswered(nodes.url("far"), manager)]);
      const recoveryMs = Math.round(performance.now() - struck.endedAt);
      await wait(200);
      await Promise.all(loads.map((load) => load.stop()));

      const owner = await connectOwner(nodes.server().ownerUrl);
      try {
        const heard = loads.flatMap((load) => load.heard);
        const check = await checkRound({ owner, url: nodes.url("near"), manager, heard, known, sentinels: house.sentinels, sinceEvent });
        check.failures.push(...struck.failures);
        const verified = await verifyHouse(nodes.url("near"), officer);
        if (verified.body["ok"] !== true)
          check.failures.push(`the ledger does not verify: ${verified.status} ${JSON.stringify(verified.body["findings"] ?? verified.body["code"])}`);
        const { takeoverMs } = struck;
        const round = {
          ...check,
          fault,
          struck: waiting,
          recoveryMs,
          ...(takeoverMs === undefined ? {} : { takeoverMs }),
          events: Number(verified.body["events"]),
        };
        rounds.push(round);
        given.onRound?.(nth, round);
      } finally {
        await owner.end();
      }
    }
    return { rounds, ...(typeof network === "string" ? { notCutOff: network } : {}) };
  } finally {
    await nodes.stop();
  }
}

interface Struck {
  /** When the fault was over, of performance.now(). */
  readonly endedAt: number;
  readonly takeoverMs?: number;
  readonly failures: readonly string[];
}

async function strike(
  fault: NodeFault,
  /** Every second time a fault lasts longer than anybody is kept waiting. */
  isLong: boolean,
  nodes: TwoNodes,
  heardOf: Record<NodeName, () => readonly Heard[]>,
  below: (count: number) => number,
  caller: Caller,
): Promise<Struck> {
  const failures: string[] = [];
  /** What somebody sees who comes to a node now: the page always, of the data a sentence or nothing. */
  const look = async (name: NodeName): Promise<void> => {
    const ask = (): Promise<WireReply> =>
      askOverHttp(nodes.url(name), { method: "POST", path: "/api/customers/views", cookie: caller.cookie, body: { first: 1 } });
    const [page, list] = await Promise.all([askOverHttp(nodes.url(name), { method: "GET", path: "/" }), ask()]);
    if (page.status !== 200 || !/<html/i.test(page.bytes.toString("utf8"))) failures.push(`${fault}: no page at the ${name} node (${page.status})`);
    if (list.status !== 200) {
      // Screens wait until this says that all is open: said too early, they come and go and come.
      const saysOpen = async (): Promise<boolean> => (await askOverHttp(nodes.url(name), { method: "GET", path: "/api/health" })).body["kind"] === "open";
      let isOpen = await saysOpen();
      for (let tries = 0; !isOpen && tries < 14; tries += 1) isOpen = await wait(250).then(saysOpen);
      const again = isOpen ? await ask() : undefined;
      if (again !== undefined && again.status !== 200)
        failures.push(`${fault}: the ${name} node calls itself open between ${String(list.body["code"])} and ${String(again.body["code"])}`);
    }
    if (!isClear(list)) failures.push(`${fault}: the ${name} node said ${list.status} ${String(list.body["code"])} after ${Math.round(list.tookMs)} ms`);
  };
  const answeredOf = (name: NodeName): number => heardOf[name]().filter(({ reply }) => reply.status === 200).length;
  const goesOn = async (name: NodeName, during: Promise<unknown>): Promise<void> => {
    const before = answeredOf(name);
    await during;
    if (answeredOf(name) <= before) failures.push(`${fault}: the ${name} node answered nobody meanwhile`);
  };

  if (fault === "sequencer") {
    const victim = (await untilLed(nodes, () => true)).name;
    const other: NodeName = victim === "near" ? "far" : "near";
    const killedAt = performance.now();
    await nodes.kill(victim);
    let takeoverMs = 0;
    await goesOn(
      other,
      untilLed(nodes, (name) => name === other).then(async ({ afterMs }) => {
        takeoverMs = afterMs;
        await wait(500);
      }),
    );
    await nodes.start(victim);
    return { endedAt: killedAt, takeoverMs, failures };
  }
  if (fault === "cut off") {
    if (typeof nodes.network === "string") throw new Error(nodes.network);
    const led = await nodes.leader();
    nodes.network.plug(false);
    const takeover = led === "far" ? untilLed(nodes, (name) => name === "near") : undefined;
    takeover?.catch(() => undefined);
    let takeoverMs: number | undefined;
    try {
      await goesOn("near", wait(3_000));
      await wait(isLong ? 19_000 : 100 + below(1_000));
      await look("far");
      takeoverMs = (await takeover)?.afterMs;
    } finally {
      nodes.network.plug(true);
    }
    return { endedAt: performance.now(), ...(takeoverMs === undefined ? {} : { takeoverMs }), failures };
  }
  if (fault === "away") {
    await nodes.takeDatabase();
    await wait(500 + below(2_000));
    await Promise.all([look("near"), look("far")]);
    await nodes.bringDatabase();
    return { endedAt: performance.now(), failures };
  }
  if (fault === "flush held") {
    await holdFlush(nodes, true);
    const change = askOverHttp(nodes.url("near"), {
      method: "POST",
      path: "/api/customers",
      cookie: caller.cookie,
      body: { values: { fullName: "待ち 太郎" } },
    });
    try {
      await wait(isLong ? 21_000 : 500 + below(4_000));
      await Promise.all([look("near"), look("far")]);
    } finally {
      await holdFlush(nodes, false);
    }
    const changed = await change;
    if (!isClear(changed)) failures.push(`${fault}: a change was told ${changed.status} after ${Math.round(changed.tookMs)} ms`);
    return { endedAt: performance.now(), failures };
  }
  const stopped = childrenOf(nodes.server().pid());
  for (const pid of stopped) signal(pid, "SIGSTOP");
  try {
    await wait(isLong ? 8_000 : 500 + below(2_000));
    await Promise.all([look("near"), look("far")]);
  } finally {
    for (const pid of stopped) signal(pid, "SIGCONT");
  }
  return { endedAt: performance.now(), failures };
}

/** Answered whole, or refused in words with the time after which to ask again. */
function isClear(reply: WireReply): boolean {
  if (!reply.isWhole || reply.tookMs > 20_000) return false;
  if (reply.status === 200) return true;
  const { title, detail } = reply.body;
  return reply.status === 503 && reply.headers["retry-after"] !== undefined && String(title).length > 10 && String(detail).length > 5;
}

async function holdFlush(nodes: TwoNodes, isHeld: boolean): Promise<void> {
  const owner = await connectOwner(nodes.server().ownerUrl);
  try {
    await owner.query(`alter system ${isHeld ? "set synchronous_standby_names = 'nobody'" : "reset synchronous_standby_names"}`);
    await owner.query("select pg_reload_conf()");
  } finally {
    await owner.end();
  }
}

async function untilLed(nodes: TwoNodes, by: (name: NodeName) => boolean): Promise<{ name: NodeName; afterMs: number }> {
  const began = performance.now();
  for (;;) {
    const name = await nodes.leader();
    const afterMs = Math.round(performance.now() - began);
    if (name !== undefined && by(name)) return { name, afterMs };
    if (afterMs > 30_000) throw new Error("no sequencer took over");
    await wait(50);
  }
}

function signal(pid: number, name: "SIGSTOP" | "SIGCONT"): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself.
  }
}

async function lastEvent(nodes: TwoNodes): Promise<number> {
  const owner = await connectOwner(nodes.server().ownerUrl);
  try {
    const { rows } = await owner.query<{ last: number | null }>("select max(event_no)::float8 as last from ledger_events");
    return rows[0]?.last ?? 0;
  } finally {
    await owner.end();
  }
}
