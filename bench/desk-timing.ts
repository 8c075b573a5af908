/**
 * `node bench/desk-timing.ts [--checks N] [--callers C]`: whether the time of a desk's check says who is registered. N checks each of people who are not there
 * (`nobody`), of people who are there with a second value that is wrong (`half`), and of people who state two right values (`right`), mixed
 * at random, over HTTP on loopback; `paced` as the product is, `bare` without its beats. A line of JSON for each pair: by how much the
 * medians differ (ms), the chance that a check of the one takes longer than one of the other (0.5: no difference), and p of Mann–Whitney's
 * and of Kolmogorov–Smirnov's test. Not in CI.
 */
import { parseArgs } from "node:util";
import type { Route } from "#server/core/door/index.ts";
import { insertCustomers } from "#server/modules/customers/index.ts";
import { generateCustomers } from "#server/modules/sample/index.ts";
import { checkCaller } from "#shared/desk.ts";
import { actAsBench, addBenchAccount, foundBench, signInBench } from "./bench-accounts.ts";
import { benchSeed } from "./bench-customers.ts";
import { openBenchHouse } from "./bench-house.ts";
import { callAs, type Call } from "./call-as.ts";
import { fetchOverLoopback } from "./fetch-over-loopback.ts";
import { ksTest, mannWhitney, medianOf } from "./rank-tests.ts";

type Kind = "nobody" | "half" | "right";
const kinds: readonly Kind[] = ["nobody", "half", "right"];
const pairs: readonly (readonly [Kind, Kind])[] = [
  ["half", "nobody"],
  ["right", "nobody"],
];
const rowsAtOnce = 1_000;

const { values } = parseArgs({ options: { checks: { type: "string", default: "2000" }, callers: { type: "string", default: "16" } } });
const checks = Number(values.checks);
const callers = Number(values.callers);

/** The same route under another path, without its beats. */
const bare = (routes: readonly Route[]): Route[] =>
  routes
    .filter(({ endpoint }) => endpoint.path === checkCaller.path)
    .map(({ keepsTime: _, ...route }) => ({ ...route, endpoint: { ...route.endpoint, path: `/api/bench${checkCaller.path.slice("/api".length)}` as const } }));

const house = await openBenchHouse({ say: (text) => void process.stderr.write(`${text}\n`), addRoutes: bare });
try {
  const { open } = house;
  const { own } = await foundBench(open, { own: "東京営業部" });
  const people = [...generateCustomers(benchSeed, 5 * checks)].filter(({ values }) => values.mail !== null).slice(0, 3 * checks);
  for (let from = 0; from < 2 * checks; from += rowsAtOnce) {
    await actAsBench(open, "customer.created", (context) =>
      insertCustomers(
        context,
        people
          .slice(from, Math.min(from + rowsAtOnce, 2 * checks))
          .map((one) => ({ ownerNo: null, cellNo: own.cellNo, companyNo: null, values: { ...one.values } })),
        { indexed: true },
      ),
    );
  }
  const port = await house.listen();
  const operators: Call[] = [];
  while (operators.length < callers) {
    const cookie = await signInBench(open, await addBenchAccount(open, { role: "privacy-officer", departmentNo: own.departmentNo }));
    operators.push(callAs(fetchOverLoopback(port), { cookie, address: "127.0.0.1" }));
  }
  const [officer] = operators as [Call];
  const { incidentNo } = await officer("POST", "/api/incidents", { what: "bench", playbook: "misdirected", knownAt: new Date().toISOString(), isDrill: true });
  const until = new Date(Date.now() + 86_400_000).toISOString();
  await officer("POST", `/api/incidents/${String(incidentNo)}/desk`, { name: "窓口", phone: "", mail: "", hours: "", page: "", until });
  // Whoever tries so often would be stopped.
  await open.pools.app.query("update desk_policy set most_failed = 32000, most_persons = 32000, most_failed_of_person = 32000");
  const cases = await Promise.all(
    operators.map(async (call) =>
      String((await call("POST", `/api/incident-desks/${String(incidentNo)}/cases`, { channel: "call", caller: "self" }))["caseNo"]),
    ),
  );

  /** Strangers are the last third of the people who were made up. */
  const statedOf = (kind: Kind, at: number): object[] => {
    const there = people[kind === "right" ? at : checks + at]!.values;
    const stranger = people[2 * checks + at]!.values;
    const [name, mail] = kind === "nobody" ? [stranger.fullName, stranger.mail] : [there.fullName, kind === "half" ? stranger.mail : there.mail];
    return [
      { kind: "name", value: name },
      { kind: "mail", value: mail },
    ];
  };
  for (const prefix of ["/api/bench", "/api"]) {
    const waiting = shuffled(kinds.flatMap((kind) => Array.from({ length: checks }, (_, at) => ({ kind, at }))));
    const took: Record<Kind, number[]> = { nobody: [], half: [], right: [] };
    await Promise.all(
      operators.map(async (call, operator) => {
        for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
          const begun = performance.now();
          await call("POST", `${prefix}/incident-desk-cases/${cases[operator] as string}/check`, { stated: statedOf(next.kind, next.at) });
          took[next.kind].push(performance.now() - begun);
        }
      }),
    );
    for (const [one, other] of pairs) {
      const { chance, p } = mannWhitney(took[one], took[other]);
      const ks = ksTest(took[one], took[other]);
      const line = {
        case: "desk-timing",
        how: prefix === "/api" ? "paced" : "bare",
        ...{ one, other, checks, callers },
        medianMs: round(medianOf(took[other])),
        differenceMs: round(medianOf(took[one]) - medianOf(took[other])),
        chance: round(chance),
        ...{ p: round(p), ksP: round(ks.p), ksD: round(ks.distance) },
      };
      process.stdout.write(`${JSON.stringify(line)}\n`);
    }
  }
} finally {
  await house.close();
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  const mixed = [...items];
  for (let at = mixed.length - 1; at > 0; at -= 1) {
    const other = Math.floor(Math.random() * (at + 1));
    [mixed[at], mixed[other]] = [mixed[other] as Item, mixed[at] as Item];
  }
  return mixed;
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
