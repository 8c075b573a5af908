import { randomBytes } from "node:crypto";
import type { TestProject } from "vitest/node";
import { connectOwner } from "#server/platform/database/connect.ts";
import type { Credentials } from "#server/platform/database/credentials.ts";
import { withDatabase } from "#server/platform/database/database-url.ts";
import { migrate } from "#server/platform/database/migrate.ts";
import { setUpLogins } from "#server/platform/database/set-up-logins.ts";
import { removeAbandonedFolders, startThrowawayServer } from "./throwaway-server.ts";

/** What a test file needs to make a database of its own: see `cloneDatabase`. */
export type TemplateDatabase = {
  readonly ownerUrl: string;
  readonly template: string;
  readonly credentials: Pick<Credentials, "app" | "ledger">;
};

declare module "vitest" {
  interface ProvidedContext {
    templateDatabase: TemplateDatabase;
  }
}

/**
 * Once a run: a server (the embedded one; PostgreSQL 15 with KURABAN_TEST_POSTGRES=15; or the one that
 * KURABAN_TEST_DATABASE_URL names) with a migrated database in it that is only ever copied.
 */
export default async function setUpTemplate(project: TestProject): Promise<() => Promise<void>> {
  await removeAbandonedFolders();
  const server = await findServer();
  const template = `kuraban_template_${randomBytes(6).toString("hex")}`;
  const owner = await connectOwner(server.ownerUrl);
  try {
    await owner.query(`create database ${template}`);
    const inTemplate = await connectOwner(withDatabase(server.ownerUrl, template));
    try {
      await migrate(inTemplate);
      await setUpLogins(inTemplate, server.credentials);
    } finally {
      await inTemplate.end();
    }
  } catch (error) {
    await server.stop();
    throw error;
  } finally {
    await owner.end();
  }
  project.provide("templateDatabase", { ownerUrl: server.ownerUrl, template, credentials: server.credentials });

  return async () => {
    const last = await connectOwner(server.ownerUrl);
    await last.query(`drop database ${template} with (force)`);
    await last.end();
    await server.stop();
  };
}

async function findServer(): Promise<{
  ownerUrl: string;
  credentials: Pick<Credentials, "app" | "ledger">;
  stop: () => Promise<void>;
}> {
  const given = process.env["KURABAN_TEST_DATABASE_URL"];
  if (given) {
    const password = () => randomBytes(24).toString("base64url");
    return { ownerUrl: given, credentials: { app: password(), ledger: password() }, stop: async () => undefined };
  }
  return startThrowawayServer();
}
