import pg from "pg";
import { makeTemporaryFolder } from "#tests/support/throwaway-server.ts";
import type { OursReady } from "./ours-main.ts";
import { startProcess, type Side } from "./start-side.ts";
import type { BenchScope } from "./twin/fill-twin.ts";

export interface Ours extends Side {
  /** What an account with the verb import sends instead of `headers`. */
  readonly importerHeaders: Readonly<Record<string, string>>;
  readonly scope: BenchScope;
  /** The PostgreSQL server that holds both sides; secret. */
  readonly ownerUrl: string;
  readonly postgresPid: number;
}

/** Starts the product in a folder of its own, filled with the bench's first `customers` customers, with its screens where `hasWeb`; `stop` removes the folder. */
export async function startOurs(given: { customers: number; hasWeb?: boolean }): Promise<Ours> {
  const { folder, remove } = makeTemporaryFolder();
  try {
    const { line, child, stop } = await startProcess("./ours-main.ts", { folder, customers: given.customers, hasWeb: given.hasWeb ?? false });
    const ready = JSON.parse(line) as OursReady;
    await settle(ready.ownerUrl);
    const headers = (cookie: string): Record<string, string> => ({ cookie, "x-kuraban": "1" });
    return {
      port: ready.port,
      headers: headers(ready.sellerCookie),
      importerHeaders: headers(ready.importerCookie),
      serverPid: child.pid!,
      notServer: [ready.postgresPid],
      scope: { accountNo: ready.accountNo, ownCell: ready.ownCell, otherCell: ready.otherCell },
      ownerUrl: ready.ownerUrl,
      postgresPid: ready.postgresPid,
      stop: () => stop().finally(remove),
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** What autovacuum does within minutes after a filling, done at once, as for the twin. */
async function settle(ownerUrl: string): Promise<void> {
  const owner = new pg.Client(ownerUrl);
  await owner.connect();
  try {
    await owner.query("vacuum (freeze, analyze) customers, customer_search");
    await owner.query("checkpoint");
  } finally {
    await owner.end();
  }
}
