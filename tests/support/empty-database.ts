import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { connectOwner } from "#server/platform/database/connect.ts";
import { withDatabase } from "#server/platform/database/database-url.ts";
import type {} from "./database-setup.ts";

/** A database with nothing in it, on the server under test. */
export async function createEmptyDatabase(): Promise<{ ownerUrl: string; drop: () => Promise<void> }> {
  const { ownerUrl: serverUrl } = inject("templateDatabase");
  const name = `kuraban_test_${randomBytes(6).toString("hex")}`;
  const run = async (text: string): Promise<void> => {
    const owner = await connectOwner(serverUrl);
    try {
      await owner.query(text);
    } finally {
      await owner.end();
    }
  };
  await run(`create database ${name}`);
  return { ownerUrl: withDatabase(serverUrl, name), drop: () => run(`drop database if exists ${name} with (force)`) };
}
