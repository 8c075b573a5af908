import { decompress, unpackTiers } from "#server/modules/incidents/scope/pack-tiers.ts";
import type { ScopeSummary } from "#shared/incident-scope.ts";
import { compareScope, incidentCases } from "#tests/support/incident-cases.ts";
import { driveIncidentLoad } from "#tests/support/incident-load.ts";
import { openBenchHouse } from "./bench-house.ts";
import { callAs } from "./call-as.ts";
import { fetchOverLoopback } from "./fetch-over-loopback.ts";
import { round } from "./measure.ts";

/**
 * Scopes against the truth: staff are driven over HTTP while rights, owners, departments, merges and erasures change; what the truth
 * is, the bytes of their replies say. Then each seeded incident is asked of the product.
 */
export interface IncidentOptions {
  readonly customers: number;
  readonly deliveries: number;
  readonly print: (line: object) => void;
  readonly say: (text: string) => void;
}

export async function measureIncidents({ customers, deliveries, print, say }: IncidentOptions): Promise<void> {
  const house = await openBenchHouse({ say });
  const { open } = house;
  try {
    const fetch = fetchOverLoopback(await house.listen());
    const load = await driveIncidentLoad(open, fetch, { customers, deliveries }, say);
    const call = callAs(fetch, load.officer);
    for (const { name, causes, truth } of incidentCases(load)) {
      const begun = performance.now();
      const { incidentNo } = await call("POST", "/api/incidents", {
        playbook: "unauthorised-access",
        knownAt: new Date().toISOString(),
        what: "調べています",
      });
      const run = (await call("POST", `/api/incidents/${String(incidentNo)}/scope`, { causes })) as unknown as ScopeSummary;
      await call("POST", `/api/incidents/${String(incidentNo)}/scope/runs/${run.runNo}/people`, { tier: "confirmed", limit: 50 });
      const scoped = performance.now();
      await call("GET", `/api/incidents/${String(incidentNo)}/judgement`);
      await call("POST", `/api/incidents/${String(incidentNo)}/drafts`, {});
      const ended = performance.now();
      const { rows } = await open.pools.app.query<{ packed: Buffer }>("select packed from incident_scopes where scope_no = $1", [run.runNo]);
      const tiers = unpackTiers(decompress(rows[0]!.packed));
      const inTier = new Set(tiers.people.map(({ no }) => no));
      const compared = compareScope(truth, {
        confirmed: new Set(tiers.people.filter((one) => one.isConfirmed).map(({ no }) => no)),
        possible: new Set(tiers.people.filter((one) => !one.isConfirmed).map(({ no }) => no)),
        excluded: new Set([...tiers.existed].filter((no) => !inTier.has(no))),
      });
      print({
        case: "incident",
        cause: name,
        recall: round(compared.recall, 4),
        wrongExclusions: compared.wrongExclusions + compared.lost,
        precision: round(compared.precision, 4),
        scopeMs: run.tookMs,
        scopeAndPageMs: Math.round(scoped - begun),
        /** Opening, scope, a page of people, judgement and all drafts. */
        totalMs: Math.round(ended - begun),
        people: truth.size,
        confirmed: run.confirmed,
        possible: run.possible,
        excluded: run.excluded,
        customers,
        deliveries: load.deliveries,
      });
    }
  } finally {
    await house.close();
  }
}
