import { existsSync } from "node:fs";
import type { PostgresPrograms } from "#server/platform/database/postgres-programs.ts";

/** PostgreSQL 15, the oldest that the product runs on, where Debian's package `postgresql-15` puts it. */
export const postgres15: PostgresPrograms = { binFolder: "/usr/lib/postgresql/15/bin" };

/**
 * The programs that tests run on: undefined for the embedded ones, PostgreSQL 15 with KURABAN_TEST_POSTGRES=15.
 *
 * @throws Error with the line that installs it.
 */
export function programsUnderTest(): PostgresPrograms | undefined {
  if (process.env["KURABAN_TEST_POSTGRES"] !== "15") return undefined;
  if (!existsSync(postgres15.binFolder)) throw new Error("PostgreSQL 15 is missing: apt-get install postgresql-15");
  return postgres15;
}
