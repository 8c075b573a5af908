import type pg from "pg";
import type { TableHeader } from "./data-file.ts";

/**
 * Tables whose rows never enter a backup: the blind index, because the tokens of a person who is erased later would live on
 * in it (it is built anew from the sealed rows); the sorted order, which is made anew as well; and whatever lets somebody in,
 * which must not come back to life.
 */
export const leftOut: readonly string[] = [
  "customer_search",
  "company_search",
  "duplicate_queue",
  "order_pages",
  "customer_views",
  "sessions",
  "login_steps",
  "login_failures",
  "migrations",
];

/** Columns that stand empty in a backup, and what stands in their place: a half-finished enrolment, keyed hashes of what callers stated. */
export const emptied: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  invitations: { pending_password_hash: "null", pending_totp_sealed: "null" },
  desk_checks: { tokens: "'{}'" },
};

export interface DataTable extends TableHeader {
  /** The COPY statement that reads it. */
  readonly copyOut: string;
}

/** Every table of the data with its columns, in the order of their names. */
export async function listDataTables(owner: pg.Client): Promise<DataTable[]> {
  const { rows } = await owner.query<{ name: string; columns: string[] }>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
       from pg_class c
       join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      where c.relkind = 'r' and c.relpersistence = 'p' and c.relname <> all($1)
      group by c.relname order by c.relname`,
    [leftOut],
  );
  return rows.map(({ name, columns }) => {
    const hollow = emptied[name] ?? {};
    const list = columns.map((column) => (column in hollow ? `${hollow[column]} as ${quoteName(column)}` : quoteName(column))).join(", ");
    return {
      name,
      columns,
      copyOut: Object.keys(hollow).length === 0 ? `copy ${quoteName(name)} (${list}) to stdout` : `copy (select ${list} from ${quoteName(name)}) to stdout`,
    };
  });
}

/**
 * Lets an owner who is no superuser read what forced row-level security keeps from everyone else: by a policy of its own on
 * each such table, made at the first backup.
 */
export async function letOwnerRead(owner: pg.Client, tables: readonly TableHeader[]): Promise<void> {
  const { rows } = await owner.query<{ name: string }>(
    `select c.relname as name from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relname = any($1) and c.relforcerowsecurity
        and not (select rolsuper or rolbypassrls from pg_roles where rolname = current_user)
        and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'backed_up')`,
    [tables.map((table) => table.name)],
  );
  for (const { name } of rows) {
    await owner.query(`create policy backed_up on ${quoteName(name)} for select to current_user using (true)`);
  }
}

/** Last values of all sequences, as decimal text; null for one never used. */
export async function listSequences(query: (text: string) => Promise<{ name: string; last: string | null }[]>): Promise<Record<string, string | null>> {
  const rows = await query("select sequencename::text as name, last_value::text as last from pg_sequences where schemaname = 'public' order by 1");
  return Object.fromEntries(rows.map(({ name, last }) => [name, last]));
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
