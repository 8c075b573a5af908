import { confirming, examineTyped, likenessKeys, likenessTokens, sealed, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { findCustomerCandidates } from "#server/modules/customers/index.ts";
import type { findAlike as endpoint } from "#shared/duplicates.ts";
import type { ReplyOf } from "#shared/endpoint.ts";

const mostShown = 5;
const mostCandidates = 300;

/**
 * Who may be the person that is being typed. Within the caller's scope and by the fields that the caller reads there: a person
 * of another department is not hinted at, not even by a number.
 */
export async function findAlike(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { values, exceptNo } = input.body;
  const { tokens } = likenessTokens(context, "customer", values);
  const rows = (await findCustomerCandidates(context, tokens, { keys: likenessKeys("customer"), most: mostCandidates })).filter(
    (row) => row.customerNo !== exceptNo,
  );
  const found = examineTyped(
    context,
    "customer",
    values,
    rows.map((row) => row.record),
  ).slice(0, mostShown);
  context.journal.fact("examined", rows.length);
  context.journal.fact("found", found.length);
  const byNo = new Map(rows.map((row) => [row.customerNo, row]));
  return {
    alike: found.flatMap(({ no, codes, keys, score }) => {
      const row = byNo.get(no);
      return row === undefined
        ? []
        : [
            {
              customerNo: no,
              ownerNo: row.ownerNo,
              score,
              reasons: confirming(row.record, keys, [...codes]),
              fullName: sealed(row.record, "fullName"),
              companyName: sealed(row.record, "companyName"),
            },
          ];
    }),
  };
}
