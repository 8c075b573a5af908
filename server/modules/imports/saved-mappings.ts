import type { Context } from "#server/core/door/index.ts";
import { queryTokens } from "#server/core/vault/index.ts";
import type { ImportKind, Mapping } from "#shared/imports.ts";

type Columns = Mapping["columns"];

/** Of no field: tokens of headers stand apart from those of values. */
const headerField = { no: 63, type: "code" } as const;

/** The same headers mean other things in a file of purchases: what is kept of them stands apart. */
export function kindFingerprint(kind: ImportKind, fingerprint: string): string {
  return kind === "customers" ? fingerprint : `${kind} ${fingerprint}`;
}

/** What a mapping is kept under: a keyed token, because a list without a header gives a person's row for one. */
export function headerTokens(context: Context, fingerprint: string): number[] {
  return context.door.vault.searchKeys().all.flatMap((searchKey) => queryTokens(searchKey, headerField, fingerprint, "exact") ?? []);
}

/** The columns as the caller mapped such headers last; undefined when never. */
export async function savedMapping(context: Context, fingerprint: string): Promise<Columns | undefined> {
  if (context.actor.accountNo === null) {
    return undefined;
  }
  const [row] = await context.db.query<{ columns: Columns }>(
    "select columns from import_mappings where account_no = $1 and header_token = any($2) order by saved_at desc limit 1",
    [context.actor.accountNo, headerTokens(context, fingerprint)],
  );
  return row?.columns;
}

/** Keeps a mapping for the next file with such headers. */
export async function saveMapping(context: Context, headerToken: number, columns: Columns): Promise<void> {
  if (context.actor.accountNo === null) {
    return;
  }
  await context.db.query(
    `insert into import_mappings (account_no, header_token, columns, saved_at) values ($1, $2, $3, $4)
     on conflict (account_no, header_token) do update set columns = excluded.columns, saved_at = excluded.saved_at`,
    [context.actor.accountNo, headerToken, JSON.stringify(columns), context.now],
  );
}

/** Forgets how the caller mapped such headers last. */
export async function forgetSaved(context: Context, fingerprint: string): Promise<void> {
  await context.db.query("delete from import_mappings where account_no = $1 and header_token = any($2)", [
    context.actor.accountNo,
    headerTokens(context, fingerprint),
  ]);
}
