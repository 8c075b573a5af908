import { resolve } from "node:path";
import { loadavg } from "node:os";
import type { OpenStorehouse } from "#server/app/open-storehouse.ts";
import { decodeEntries } from "#server/core/ledger/index.ts";
import { proveLedger } from "#server/modules/incidents/index.ts";
import { decompress, unpackTiers } from "#server/modules/incidents/scope/pack-tiers.ts";
import type { ScopeCause, ScopeSummary } from "#shared/incident-scope.ts";
import { addBenchAccount, foundBench, signInBench } from "./bench-accounts.ts";
import { openBenchHouse } from "./bench-house.ts";
import { callAs } from "./call-as.ts";
import { addresses, benchStart, deviceOf, monthMs, months, sessionOf } from "./exposure-events.ts";
import { fetchOverLoopback } from "./fetch-over-loopback.ts";
import { round } from "./measure.ts";
import { cpuOfTree } from "./process-cpu.ts";

/**
 * Scopes over a store that the exposure bench filled: one incident for each kind of cause, from the question to all drafts, with the
 * most memory that the process held. Nobody knows the whole truth of a hundred million deliveries; of the smaller causes the plain events say it.
 */
export interface StoreIncidentOptions {
  readonly folder: string;
  readonly print: (line: object) => void;
  readonly say: (text: string) => void;
}

const dayMs = 86_400_000;
const iso = (ms: number): string => new Date(ms).toISOString();
const monthOf = (month: number, count = 1): { from: string; to: string } => ({
  from: iso(benchStart + month * monthMs),
  to: iso(benchStart + (month + count) * monthMs),
});

export async function measureStoreIncidents({ folder, print, say }: StoreIncidentOptions): Promise<void> {
  const house = await openBenchHouse({ say, folder: resolve(folder) });
  const { open } = house;
  try {
    await open.sequencer.sequenceNow();
    await prove(open, print, say);
    const fetch = fetchOverLoopback(await house.listen());
    const call = callAs(fetch, { cookie: await signInOfficer(open), address: "127.0.0.1" });
    for (const { name, causes, plain } of await casesOf(open)) {
      const memory = watchMemory();
      const [begun, cpu] = [performance.now(), cpuOf(open)];
      const { incidentNo } = await call("POST", "/api/incidents", { playbook: "unauthorised-access", knownAt: new Date().toISOString(), what: "調べています" });
      const run = (await call("POST", `/api/incidents/${String(incidentNo)}/scope`, { causes })) as unknown as ScopeSummary;
      const scoped = performance.now();
      const scopeCpuMs = Math.round(cpuOf(open) - cpu);
      await call("POST", `/api/incidents/${String(incidentNo)}/scope/runs/${run.runNo}/people`, { tier: "confirmed", limit: 50 });
      const shown = performance.now();
      await call("GET", `/api/incidents/${String(incidentNo)}/judgement`);
      await call("POST", `/api/incidents/${String(incidentNo)}/drafts`, {});
      const ended = performance.now();
      const peakRssMb = memory.stop();
      print({
        case: "incident",
        cause: name,
        scopeMs: run.tookMs,
        firstPageMs: Math.round(shown - scoped),
        judgedAndDraftedMs: Math.round(ended - shown),
        totalMs: Math.round(ended - begun),
        /** Processor time of this process and of PostgreSQL, from the question to its answer and to the last draft. */
        scopeCpuMs,
        totalCpuMs: Math.round(cpuOf(open) - cpu),
        peakRssMb,
        state: run.verification.state,
        basis: run.verification.basis,
        verifiedEvents: run.verification.events,
        found: run.verification.found,
        confirmed: run.confirmed,
        possible: run.possible,
        existed: run.existed,
        ...(plain && (await comparePlainly(open, run.runNo, plain))),
        load: round(loadavg()[0] ?? 0, 1),
      });
    }
  } finally {
    await house.close();
  }
}

/** What a running storehouse does every quarter of an hour: of a store that was just filled it is everything. */
async function prove(open: OpenStorehouse, print: (line: object) => void, say: (text: string) => void): Promise<void> {
  const begun = performance.now();
  let said = begun;
  const chunks = await proveLedger(open.storehouse, undefined, (upTo, of) => {
    if (performance.now() - said < 30_000) return;
    said = performance.now();
    say(`proving: ${upTo} of ${of} events`);
  });
  await open.sequencer.sequenceNow();
  const seconds = (performance.now() - begun) / 1000;
  print({
    case: "incident",
    phase: "proving what came since",
    events: chunks * 4096,
    seconds: round(seconds, 1),
    eventsPerSecond: Math.round((chunks * 4096) / seconds),
  });
}

async function signInOfficer(open: OpenStorehouse): Promise<string> {
  const { rows } = await open.pools.app.query<{ department_no: number }>("select department_no from departments order by department_no limit 1");
  const departmentNo = rows[0]?.department_no ?? (await foundBench(open, { head: "本社" })).head.departmentNo;
  return signInBench(open, await addBenchAccount(open, { role: "privacy-officer", departmentNo }));
}

/** An account's events of a time, to be looked at plainly. */
interface Plain {
  readonly accountNo: number;
  readonly from: string;
  readonly to: string;
  readonly sessionId?: string;
}

interface Case {
  readonly name: string;
  readonly causes: readonly ScopeCause[];
  readonly plain?: Plain;
}

async function casesOf(open: OpenStorehouse): Promise<Case[]> {
  const { rows } = await open.pools.app.query<{ department_no: number }>("select department_no from departments order by department_no");
  const day = 400;
  const ofDay = { from: iso(benchStart + day * dayMs), to: iso(benchStart + (day + 1) * dayMs) };
  const session = { accountNo: 5, ...ofDay, sessionId: sessionOf(5, day) };
  const all = monthOf(0, months + 1);
  return [
    { name: "account over a month", causes: [{ kind: "account", values: [1], ...monthOf(12) }] },
    { name: "account over a day", causes: [{ kind: "account", values: [1], ...ofDay }], plain: { accountNo: 1, ...ofDay } },
    { name: "account over 24 months", causes: [{ kind: "account", values: [1], ...all }] },
    { name: "session", causes: [{ kind: "session", values: [session.sessionId] }], plain: session },
    { name: "device over 24 months", causes: [{ kind: "device", values: [deviceOf(1, 0)] }] },
    { name: "lost device", causes: [{ kind: "lost-device", values: [deviceOf(2, 1)], from: iso(benchStart + 20 * monthMs) }] },
    { name: "address over 24 months", causes: [{ kind: "address", values: [addresses[3]!] }] },
    { name: "department", causes: [{ kind: "department", values: rows.map((row) => row.department_no) }] },
    { name: "role", causes: [{ kind: "role", values: ["sales"] }] },
    { name: "ten days", causes: [{ kind: "time", values: [], from: iso(benchStart + 320 * dayMs), to: iso(benchStart + 330 * dayMs) }] },
    { name: "lists", causes: [{ kind: "list", values: [3, 4, 5] }] },
    { name: "import", causes: [{ kind: "import", values: [1] }] },
    { name: "people by hand", causes: [{ kind: "people", values: Array.from({ length: 5_000 }, (_, at) => at * 7 + 1) }] },
    { name: "backup with its keys", causes: [{ kind: "backup", values: [], keys: "together" }] },
    { name: "machine", causes: [{ kind: "machine", values: [] }] },
    { name: "everything over 24 months", causes: [{ kind: "time", values: [], ...all }] },
  ];
}

/** The same by the events themselves, one after the other, read by nothing that the product reads them by but the form of their entries. */
async function comparePlainly(open: OpenStorehouse, runNo: number, { accountNo, from, to, sessionId }: Plain): Promise<object> {
  const truth = new Set<number>();
  const { rows: events } = await open.pools.app.query<{ entries: Buffer }>(
    `select entries from ledger_events where at >= $1 and at < $2 and account_no = $3 and entries is not null and ($4::uuid is null or session_id = $4)`,
    [from, to, accountNo, sessionId ?? null],
  );
  for (const { entries } of events) {
    for (const { kind, numbers, fields } of decodeEntries(entries)) if (kind === "customer" && fields.length > 0) for (const no of numbers) truth.add(no);
  }
  const { rows } = await open.pools.app.query<{ packed: Buffer }>("select packed from incident_scopes where scope_no = $1", [runNo]);
  const found = new Set(unpackTiers(decompress(rows[0]!.packed)).people.map(({ no }) => no));
  const met = [...truth].filter((no) => found.has(no)).length;
  return { plainly: truth.size, recall: round(met / truth.size, 4), precision: round(met / found.size, 4) };
}

const cpuOf = (open: OpenStorehouse): number => cpuOfTree(process.pid, [open.server!.pid()]) + cpuOfTree(open.server!.pid());

/** The most that the process held, looked at ten times a second and whenever it was busy for longer. */
function watchMemory(): { stop(): number } {
  let most = process.memoryUsage.rss();
  const look = (): void => void (most = Math.max(most, process.memoryUsage.rss()));
  const timer = setInterval(look, 50);
  return {
    stop() {
      clearInterval(timer);
      look();
      return Math.round(most / 2 ** 20);
    },
  };
}
