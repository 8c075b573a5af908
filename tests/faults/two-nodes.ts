import { appendFileSync, chownSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { localCertificate } from "#server/app/local-authority.ts";
import { openStorehouse } from "#server/app/open-storehouse.ts";
import { openKeysFolder } from "#server/core/vault/index.ts";
import { connectOwner } from "#server/platform/database/connect.ts";
import type { EmbeddedServer } from "#server/platform/database/embedded-server.ts";
import { runKuraban, type RunningKuraban } from "../support/run-kuraban.ts";
import { seedStorehouse, type Seeded } from "../support/seed-storehouse.ts";
import { makeTemporaryFolder, startServerIn } from "../support/throwaway-server.ts";
import { makeOwnNetwork, type OwnNetwork } from "./own-network.ts";

export type NodeName = "near" | "far";

/** One PostgreSQL and two nodes of the product on it; `far` stands in a network of its own where there can be one. */
export interface TwoNodes {
  readonly house: Seeded;
  /** Absent, with the reason, where nobody may make one. */
  readonly network: OwnNetwork | string;
  url(name: NodeName): string;
  kill(name: NodeName): Promise<void>;
  start(name: NodeName): Promise<void>;
  server(): EmbeddedServer;
  /** Stops PostgreSQL in good order; `bringDatabase` starts it again on the same port. */
  takeDatabase(): Promise<void>;
  bringDatabase(): Promise<void>;
  /** Which node's sequencer leads. */
  leader(): Promise<NodeName | undefined>;
  stop(): Promise<void>;
}

const insidePort = 8443;

export async function openTwoNodes(roleSets: readonly (readonly string[])[]): Promise<TwoNodes> {
  const { folder, remove } = makeTemporaryFolder();
  const keysFolder = join(folder, "keys");
  const network = makeOwnNetwork();
  const closing: (() => Promise<unknown> | void)[] = [remove];
  if (typeof network !== "string") closing.push(network.remove);
  const stop = async (): Promise<void> => {
    for (const step of closing.splice(0).toReversed()) await step();
  };
  try {
    let server = await startServerIn(folder);
    closing.push(() => server.stop());
    const open = await openStorehouse({
      place: { dataFolder: join(folder, "seeding"), keysFolder, databaseUrl: server.ownerUrl },
      onTrouble: () => undefined,
      appConnections: 2,
    });
    const house = await seedStorehouse(open.storehouse, roleSets, { unowned: 8 }).finally(() => open.close());

    const reach = typeof network === "string" ? undefined : await certifyDatabase(folder, network.outside);
    const bringDatabase = async (): Promise<void> => {
      server = await startServerIn(folder, reach?.settings);
      if (reach === undefined) return;
      appendFileSync(join(folder, "data/postgres/pg_hba.conf"), reach.access);
      const owner = await connectOwner(server.ownerUrl);
      await owner.query("select pg_reload_conf()").finally(() => owner.end());
    };
    if (reach !== undefined) {
      await server.stop();
      await bringDatabase();
    }
    const urlOf = (name: NodeName): string => {
      const url = new URL(server.ownerUrl);
      if (name === "far" && reach !== undefined && typeof network !== "string") {
        url.search = "";
        url.host = `${network.outside}:${server.port}`;
        url.username = "kuraban_owner";
        url.password = server.credentials.owner;
        url.searchParams.set("sslmode", "verify-full");
        url.searchParams.set("sslrootcert", reach.authorityFile);
      }
      url.searchParams.set("application_name", name);
      return url.href;
    };
    const nodes = new Map<NodeName, RunningKuraban>();
    const ports = new Map<NodeName, number>();
    const start = async (name: NodeName): Promise<void> => {
      const isInside = name === "far" && typeof network !== "string";
      const node = await runKuraban(join(folder, name), {
        port: isInside ? insidePort : (ports.get(name) ?? 0),
        node: { databaseUrl: urlOf(name), keysFolder },
        ...(isInside ? { within: network.within } : {}),
      });
      nodes.set(name, node);
      if (!isInside) ports.set(name, node.port);
    };
    closing.push(() => Promise.all([...nodes.values()].map((node) => node.kill())));
    await start("near");
    await start("far");
    if (typeof network !== "string") ports.set("far", await network.leadInside(insidePort, folder));
    return {
      house,
      network,
      url: (name) => `http://127.0.0.1:${ports.get(name)}`,
      kill: async (name) => nodes.get(name)?.kill(),
      start,
      server: () => server,
      takeDatabase: () => server.stop(),
      bringDatabase,
      async leader() {
        const owner = await connectOwner(server.ownerUrl);
        try {
          const { rows } = await owner.query<{ name: NodeName }>(
            `select a.application_name as name from pg_locks l join pg_stat_activity a using (pid)
              where l.locktype = 'advisory' and l.classid = 1802854002 and l.objid = 1818584167 and l.granted`,
          );
          return rows[0]?.name;
        } finally {
          await owner.end();
        }
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What lets PostgreSQL be reached at an address over TLS, as the product demands of every database that is not on its own machine. */
async function certifyDatabase(folder: string, address: string): Promise<{ settings: Record<string, string>; access: string; authorityFile: string }> {
  const made = join(folder, "authority");
  mkdirSync(made, { mode: 0o700 });
  const { key, cert, authority } = await localCertificate(
    openKeysFolder({ path: join(made, "keys"), dataFolder: join(made, "data"), create: true }),
    address,
    new Date(),
  );
  const authorityFile = join(made, "authority.pem");
  writeFileSync(authorityFile, authority ?? "");
  const cluster = join(folder, "data/postgres");
  const { uid, gid } = statSync(cluster);
  for (const [name, content] of [
    ["test.key", key],
    ["test.crt", cert],
  ] as const) {
    writeFileSync(join(cluster, name), content, { mode: 0o600 });
    if (process.getuid?.() === 0) chownSync(join(cluster, name), uid, gid);
  }
  return {
    settings: { listen_addresses: `127.0.0.1,${address}`, ssl: "on", ssl_cert_file: "test.crt", ssl_key_file: "test.key" },
    access: `hostssl all all ${address}/30 scram-sha-256\n`,
    authorityFile,
  };
}
