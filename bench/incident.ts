import { chmodSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { modules } from "#server/app/modules.ts";
import { openStorehouse } from "#server/app/open-storehouse.ts";
import { serve } from "#server/app/serve.ts";
import { compareScope, incidentCases } from "#tests/support/incident-cases.ts";
import { driveIncidentLoad } from "#tests/support/incident-load.ts";
import type { Clerk, Fetch } from "#tests/support/incident-receipts.ts";
import { decompress, unpackTiers } from "#server/modules/incidents/scope/pack-tiers.ts";
import type { ScopeSummary } from "#shared/incident-scope.ts";
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
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "kuraban-bench-"));
  chmodSync(folder, 0o711);
  const open = await openStorehouse({
    place: { dataFolder: join(folder, "data"), keysFolder: join(folder, "data.keys"), databaseUrl: undefined },
    onTrouble: (what) => process.stderr.write(`${what}\n`),
  });
  const app = await serve({
    storehouse: open.storehouse,
    routes: modules.flatMap((module) => module.routes()),
    webFolder: undefined,
    tls: undefined,
    behindProxy: false,
    logLevel: "silent",
    requestsPerMinute: 100_000_000,
  });
  try {
    await app.listen({ host: "127.0.0.1", port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const fetch = fetcher(port);
    const load = await driveIncidentLoad(open, fetch, { customers, deliveries }, say);
    const send = async (clerk: Clerk, method: string, url: string, body: unknown): Promise<Record<string, unknown>> => {
      const reply = await fetch({ method, url, cookie: clerk.cookie, address: clerk.address, body });
      const parsed = JSON.parse(reply.bytes.toString("utf8")) as Record<string, unknown>;
      if (reply.status !== 200) throw new Error(`${url}: ${reply.status} ${String(parsed["code"])}`);
      return parsed;
    };
    for (const { name, causes, truth } of incidentCases(load)) {
      const begun = performance.now();
      const { incidentNo } = await send(load.officer, "POST", "/api/incidents", {
        playbook: "unauthorised-access",
        knownAt: new Date().toISOString(),
        what: "調べています",
      });
      const run = (await send(load.officer, "POST", `/api/incidents/${String(incidentNo)}/scope`, { causes })) as unknown as ScopeSummary;
      await send(load.officer, "POST", `/api/incidents/${String(incidentNo)}/scope/runs/${run.runNo}/people`, { tier: "confirmed", limit: 50 });
      const scoped = performance.now();
      await send(load.officer, "GET", `/api/incidents/${String(incidentNo)}/judgement`, undefined);
      await send(load.officer, "POST", `/api/incidents/${String(incidentNo)}/drafts`, {});
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
    await app.close();
    await open.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Requests over the loopback, each from the address of who asks. */
export function fetcher(port: number): Fetch {
  const agents = new Map<string, Agent>();
  return ({ method, url, cookie, address, body, headers }) => {
    let agent = agents.get(address);
    if (agent === undefined) agents.set(address, (agent = new Agent({ keepAlive: true, localAddress: address })));
    const isRaw = Buffer.isBuffer(body);
    const payload = body === undefined ? undefined : isRaw ? body : Buffer.from(JSON.stringify(body));
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          host: "127.0.0.1",
          port,
          path: url,
          method,
          agent,
          headers: {
            "x-kuraban": "1",
            "user-agent": "bench",
            cookie,
            ...(payload === undefined ? {} : { "content-type": isRaw ? "application/octet-stream" : "application/json", "content-length": payload.length }),
            ...headers,
          },
        },
        (reply) => {
          const pieces: Buffer[] = [];
          reply.on("data", (piece: Buffer) => pieces.push(piece));
          reply.once("end", () => resolve({ status: reply.statusCode ?? 0, bytes: Buffer.concat(pieces) }));
          reply.once("error", reject);
        },
      );
      outgoing.once("error", reject);
      outgoing.end(payload);
    });
  };
}
