import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type pg from "pg";
import { CannotStart } from "./cannot-start.ts";
import type { Credentials } from "./credentials.ts";
import { scramVerifier } from "./scram-verifier.ts";

export const appLogin = "kuraban_app";
export const ledgerLogin = "kuraban_ledger";
/** Owns the search function and nothing else; nobody logs in as it. */
const searchRole = "kuraban_search";
/** Owns the function that takes archived events away; nobody logs in as it. */
const archiveRole = "kuraban_archive";

/**
 * Sets the passwords of the logins and who may connect to this database. Belongs after the migrations, at every start.
 *
 * @throws CannotStart when one of the logins is able to pass by row-level security.
 */
export async function setUpLogins(owner: pg.Client, credentials: Pick<Credentials, "app" | "ledger">): Promise<void> {
  const powerful = await owner.query<{ rolname: string }>(
    `select rolname from pg_roles
      where rolname = any($1) and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)`,
    [[appLogin, ledgerLogin, searchRole, archiveRole]],
  );
  const [first] = powerful.rows;
  if (first) {
    throw new CannotStart({
      ja: `データベースのロール ${first.rolname} の権限が強すぎます。SUPERUSER・BYPASSRLS・CREATEROLE・CREATEDB・REPLICATION を外してください。`,
      en: `The database role ${first.rolname} is too powerful: take SUPERUSER, BYPASSRLS, CREATEROLE, CREATEDB and REPLICATION from it.`,
    });
  }
  for (const [login, password] of [
    [appLogin, credentials.app],
    [ledgerLogin, credentials.ledger],
  ] as const) {
    await againAmidOthers(() => owner.query(`alter role ${login} with login password '${scramVerifier(password, randomBytes(16))}'`));
  }
  await limitConnections(owner);
}

const mostTries = 20;

/**
 * Roles and databases are rows of the whole server: of two who change the same one at a time, PostgreSQL answers the later "tuple concurrently updated" (XX000) instead of letting it wait; and no advisory lock reaches across databases.
 */
async function againAmidOthers(act: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await act();
      return;
    } catch (error) {
      if (tries === mostTries || !(error instanceof Error && error.message === "tuple concurrently updated")) throw error;
      await setTimeout(tries * 5);
    }
  }
}

/** Only the two logins may connect to this database. A copy of a template needs it anew. */
export async function limitConnections(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ name: string }>("select quote_ident(current_database()) as name");
  const database = rows[0]?.name ?? "";
  await againAmidOthers(() => owner.query(`revoke all on database ${database} from public`));
  await againAmidOthers(() => owner.query(`grant connect on database ${database} to ${appLogin}, ${ledgerLogin}`));
}
