import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { connectOwner, openPools, type Pools } from "#server/platform/database/connect.ts";
import type { Credentials } from "#server/platform/database/credentials.ts";
import { withDatabase } from "#server/platform/database/database-url.ts";
import { limitConnections } from "#server/platform/database/set-up-logins.ts";
import { valueTypes } from "#server/platform/database/value-types.ts";
import type {} from "./database-setup.ts";
import { keepEvents } from "./keep-events.ts";

export type TestDatabase = Omit<Pools, "close"> & {
  /** Able to do everything: for arranging and for looking behind the walls. */
  readonly owner: pg.Pool;
  readonly ownerUrl: string;
  readonly credentials: Pick<Credentials, "app" | "ledger">;
  /** Closes the pools and removes the database. */
  readonly drop: () => Promise<void>;
};

/** A migrated, empty database for one test file alone: call it in `beforeAll`, and `drop` in `afterAll`. Files named `*.db.test.ts`. */
export async function cloneDatabase(): Promise<TestDatabase> {
  const { ownerUrl: serverUrl, template, credentials } = inject("templateDatabase");
  const name = `kuraban_test_${randomBytes(6).toString("hex")}`;
  await asOwner(serverUrl, (client) => client.query(`create database ${name} template ${template}`));
  const ownerUrl = withDatabase(serverUrl, name);
  await asOwner(ownerUrl, (client) => limitConnections(client));
  const owner = new pg.Pool({ connectionString: ownerUrl, types: valueTypes, max: 4 });
  owner.on("error", () => undefined);
  const { close, ...pools } = openPools({ ownerUrl, credentials, appConnections: 8 });
  const drop = async () => {
    await keepEvents(owner);
    await Promise.all([owner.end(), close()]);
    await asOwner(serverUrl, (client) => client.query(`drop database if exists ${name} with (force)`));
  };
  return { ...pools, owner, ownerUrl, credentials, drop };
}

async function asOwner(url: string, act: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = await connectOwner(url);
  try {
    await act(client);
  } finally {
    await client.end();
  }
}
