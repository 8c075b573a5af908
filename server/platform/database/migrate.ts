import type pg from "pg";
import { CannotStart } from "./cannot-start.ts";
import { findMigrations, type Migration } from "./find-migrations.ts";

/** Any number would do that nobody else takes: "kuraban" in ASCII. */
const advisoryLock = "0x6b75726162616e";

/**
 * Brings the schema up to date: each missing migration in a transaction of its own, in the order of their numbers, by one
 * process at a time. `owner` may be a superuser or the database's owner with CREATEROLE; PostgreSQL 15 or later.
 *
 * @returns the names of those applied now.
 * @throws CannotStart when an applied migration has since changed, when the database is newer than this product, or older than 15.
 */
export async function migrate(owner: pg.Client, migrations: readonly Migration[] = findMigrations()): Promise<string[]> {
  await requireVersion(owner);
  await owner.query(`select pg_advisory_lock(${BigInt(advisoryLock)})`);
  try {
    await owner.query(`create table if not exists migrations (
      number int4 primary key,
      name text not null,
      sha256 text not null,
      applied_at timestamptz not null default now()
    )`);
    const { rows } = await owner.query<{ number: number; name: string; sha256: string }>("select number, name, sha256 from migrations");
    requireUnchanged(rows, migrations);
    const done = new Set(rows.map((row) => row.number));
    const missing = migrations.filter((migration) => !done.has(migration.number));
    for (const migration of missing) await apply(owner, migration);
    return missing.map((migration) => migration.name);
  } finally {
    await owner.query(`select pg_advisory_unlock(${BigInt(advisoryLock)})`);
  }
}

async function apply(owner: pg.Client, migration: Migration): Promise<void> {
  await owner.query("begin");
  try {
    await owner.query(migration.sql);
    await owner.query("insert into migrations (number, name, sha256) values ($1, $2, $3)", [migration.number, migration.name, migration.sha256]);
    await owner.query("commit");
  } catch (error) {
    await owner.query("rollback");
    throw new Error(`migration ${migration.name} failed`, { cause: error });
  }
}

function requireUnchanged(applied: readonly { number: number; name: string; sha256: string }[], migrations: readonly Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.number, migration]));
  for (const row of applied) {
    const migration = known.get(row.number);
    if (!migration) {
      throw new CannotStart({
        ja: `データベースには、この版の蔵番が知らない移行 ${row.name} が適用されています。新しい版で起動してください。`,
        en: `The database has the migration ${row.name}, which this version of Kuraban does not know. Start a newer version.`,
      });
    }
    if (migration.sha256 !== row.sha256) {
      throw new CannotStart({
        ja: `適用済みの移行 ${row.name} のファイルが変わっています。元に戻してください。`,
        en: `The file of the migration ${row.name} has changed since it was applied. Put it back.`,
      });
    }
  }
}

async function requireVersion(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ version: number }>("select current_setting('server_version_num')::int4 as version");
  const version = rows[0]?.version ?? 0;
  if (version < 150_000) {
    const major = Math.floor(version / 10_000);
    throw new CannotStart({
      ja: `PostgreSQL 15 以上が必要です(接続先は ${major})。`,
      en: `PostgreSQL 15 or later is needed (this one is ${major}).`,
    });
  }
}
