import {
  examineListed,
  listedFields,
  listedTerms,
  listedTokens,
  readListed,
  type Context,
  type Listed,
  type Meant,
  type SealedRecord,
} from "#server/core/door/index.ts";
import { findCustomerCandidates, findSimilarCustomers } from "#server/modules/customers/index.ts";

/** Rows looked for at once: their candidates stand in memory together, and nobody else has a turn while their questions are made. */
const rowsAtOnce = 200;
/** Candidates of one row that is misspelt. */
const mostSimilar = 100;

/** Finds whom each row of a list means, within the scope of whoever asks. Says how many records were opened and compared. */
export async function matchRows(context: Context, rows: readonly Readonly<Record<string, string>>[]): Promise<{ meant: Meant[]; examined: number }> {
  const meant: Meant[] = [];
  let examined = 0;
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const listed = rows.slice(from, from + rowsAtOnce).map(readListed);
    const found = await matchListed(context, listed);
    meant.push(...found.meant);
    examined += found.examined;
  }
  return { meant, examined };
}

async function matchListed(context: Context, listed: readonly Listed[]): Promise<{ meant: Meant[]; examined: number }> {
  const exact = await findCustomerCandidates(context, listedTokens(context, listed), { keys: listedFields });
  const records = new Map<number, SealedRecord>(exact.map((row) => [row.customerNo, row.record]));
  const meant = examineListed(context, listed, [...records.values()]);

  // Nothing that was written is there exactly as it was written, or what is there is called otherwise: ask for what is similar.
  const open = meant.flatMap((one, at) => {
    const terms = one.isOpen ? listedTerms(context, listed[at] as Listed) : undefined;
    return terms === undefined ? [] : [{ at, terms }];
  });
  if (open.length === 0) return { meant, examined: records.size };
  const similar = await findSimilarCustomers(
    context,
    open.map(({ terms }) => terms),
    { keys: listedFields, most: mostSimilar },
  );
  for (const row of similar.rows) records.set(row.customerNo, row.record);
  const again = open.map(({ at }) => listed[at] as Listed);
  const found = examineListed(context, again, [...records.values()], new Map(similar.numbers.map((numbers, at) => [at, numbers])));
  open.forEach(({ at }, index) => (meant[at] = found[index] as Meant));
  return { meant, examined: records.size };
}
