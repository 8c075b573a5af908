import type { ImportKind } from "#shared/imports.ts";
import type { Context } from "#server/core/door/index.ts";
import { foldHeader, headerFingerprint, type ColumnGuess } from "./reading/index.ts";
import { headerTokens, kindFingerprint } from "./saved-mappings.ts";

/** A column as it is proposed: guessed, or as a correction taught. */
export type Proposed = Omit<ColumnGuess, "reason"> & { readonly reason: ColumnGuess["reason"] | "learned" };

/** Fields that several columns make together in many files: learning one of them does not put the others out. */
const joined: ReadonlySet<string> = new Set(["fullName", "kana", "address", "notes", "considerations", "birthDate", "product", "purchaseNote"]);

/**
 * Puts what corrections taught before what is guessed: a header that somebody of the organisation mapped otherwise means that
 * from then on, in every file. The order for joining stays.
 */
export async function withLearned(
  context: Context,
  headers: readonly string[],
  guesses: readonly ColumnGuess[],
  kind: ImportKind,
): Promise<readonly Proposed[]> {
  const tokens = tokensOf(context, headers, kind);
  const known = await learnedFields(context, [...tokens.values()].flat());
  if (known.size === 0) {
    return guesses;
  }
  const learned = new Map<number, string | null>();
  const taken = new Set<string>();
  for (const [column, ofColumn] of tokens) {
    const field = ofColumn.map((token) => known.get(token)).find((each) => each !== undefined);
    if (field === undefined || (field !== null && taken.has(field) && !joined.has(field))) {
      continue;
    }
    learned.set(column, field);
    if (field !== null) {
      taken.add(field);
    }
  }
  return guesses.map((guess): Proposed => {
    const field = learned.get(guess.column);
    if (field !== undefined) {
      return { column: guess.column, field, confidence: 1, reason: "learned" };
    }
    return guess.field !== null && taken.has(guess.field) && !joined.has(guess.field)
      ? { column: guess.column, field: null, confidence: 0, reason: "none" }
      : guess;
  });
}

/** Keeps the columns that were mapped otherwise than proposed. A header that stands twice teaches nothing. */
export async function learnHeaders(
  context: Context,
  headers: readonly string[],
  proposed: readonly { readonly column: number; readonly field: string | null }[],
  chosen: readonly { readonly column: number; readonly field: string | null }[],
  kind: ImportKind,
): Promise<void> {
  const before = new Map(proposed.map(({ column, field }) => [column, field]));
  const tokens = tokensOf(context, headers, kind);
  const rows = chosen.flatMap(({ column, field }) => {
    const [token] = tokens.get(column) ?? [];
    return token === undefined || !before.has(column) || before.get(column) === field ? [] : [{ token, field }];
  });
  if (rows.length > 0) {
    await context.db.query(
      `insert into import_learned_headers (header_token, field, learned_at) select token, field, $3 from unnest($1::integer[], $2::text[]) as t (token, field)
       on conflict (header_token) do update set field = excluded.field, learned_at = excluded.learned_at`,
      [rows.map(({ token }) => token), rows.map(({ field }) => field), context.now],
    );
  }
}

/** Forgets what was learned of these headers. Replies of how many. */
export async function forgetHeaders(context: Context, headers: readonly string[], kind: ImportKind): Promise<number> {
  const rows = await context.db.query("delete from import_learned_headers where header_token = any($1) returning header_token", [
    [...tokensOf(context, headers, kind).values()].flat(),
  ]);
  return rows.length;
}

/** Tokens of each column's header, the current key's first; of columns without a header of their own none. */
function tokensOf(context: Context, headers: readonly string[], kind: ImportKind): Map<number, number[]> {
  const folded = headers.map(foldHeader);
  return new Map(
    folded.flatMap((header, column) =>
      header === "" || folded.indexOf(header) !== folded.lastIndexOf(header)
        ? []
        : [[column, headerTokens(context, kindFingerprint(kind, headerFingerprint([header])))] as const],
    ),
  );
}

async function learnedFields(context: Context, tokens: readonly number[]): Promise<Map<number, string | null>> {
  const rows = await context.db.query<{ header_token: number; field: string | null }>(
    "select header_token, field from import_learned_headers where header_token = any($1)",
    [tokens],
  );
  return new Map(rows.map((row) => [row.header_token, row.field]));
}
