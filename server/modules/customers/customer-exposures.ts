import { hasVerb } from "#server/core/access/compile.ts";
import { queryOver, releasedFields, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { looksAt } from "#server/core/ledger/index.ts";
import type { customerExposures as endpoint } from "#shared/customers.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import { customerFor } from "./customer-records.ts";
import { customersMergedInto } from "./merged-customers.ts";

type Exposures = Draft<ReplyOf<typeof endpoint>>;

const exposuresAPage = 50;
/** Pages of the ledger read for one page of exposures, at most; then it is short, and goes on. */
const mostPages = 5;

/**
 * Who saw a customer, or one merged into it, when and which fields (閲覧記録). Whoever reads the ledger may ask this of any customer, erased ones too: no
 * value of the customer is in the reply. Everybody else asks it of customers whom they may read. That it was asked stands in the ledger.
 * @throws Problem not-found: the ledger never heard of this customer, or the caller may not read them
 */
export async function customerExposures(context: Context, input: Input<typeof endpoint>): Promise<Exposures> {
  const { customerNo } = input.params;
  if (!hasVerb(context.actor.rights, "read-ledger")) {
    await customerFor(context, customerNo);
  }
  const query = queryOver(context.db);
  const exposures: Exposures["exposures"][number][] = [];
  const numbers = [customerNo, ...(await customersMergedInto(query, customerNo))];
  let before = input.query.before;
  let isKnown = before !== undefined;
  for (let pages = 0; pages < mostPages; pages++) {
    const found = await looksAt(query, { kind: "customer", nos: numbers, before, limit: exposuresAPage - exposures.length, touched: true });
    isKnown ||= found.looks.length > 0 || found.nextBefore !== null;
    for (const { eventNo, at, accountNo, type, purpose, fields: released } of found.looks) {
      const fields = releasedFields(context.policy, [{ kind: "customer", numbers, fields: released }]);
      if (fields.length > 0) {
        exposures.push({ eventNo, at: at.toISOString(), accountNo, type, purpose, fields });
      }
    }
    before = found.nextBefore ?? undefined;
    if (before === undefined || exposures.length >= exposuresAPage) {
      break;
    }
  }
  if (!isKnown) {
    throw new Problem("not-found");
  }
  context.journal.touched("customer", customerNo);
  return { exposures, nextBefore: before ?? null };
}
