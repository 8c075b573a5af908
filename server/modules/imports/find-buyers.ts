import { buyerTokens, examineBuyers, readBuyer, type Context } from "#server/core/door/index.ts";
import { mayWritePurchases } from "#server/modules/activities/index.ts";
import { findCustomerCandidates, type CustomerRow } from "#server/modules/customers/index.ts";
import { buyerColumns } from "#shared/imports.ts";

/** Whose purchase a row is, or why it is nobody's yet. */
export type FoundBuyer =
  | { readonly customer: CustomerRow }
  | { readonly code: "unknown-customer" | "ambiguous-customer" | "customer-closed"; readonly candidates: readonly number[] };

/**
 * Who of the store bought, row by row, on behalf of the importer: through the blind index, compared within the door. Looking
 * them up touches the customers that are found.
 */
export async function findBuyers(context: Context, accountNo: number | null, buyers: readonly Readonly<Record<string, string>>[]): Promise<FoundBuyer[]> {
  const asked = buyers.map(readBuyer);
  const rows = await findCustomerCandidates(context, buyerTokens(context, asked), { keys: buyerColumns });
  const customers = new Map(rows.map((row) => [row.customerNo, row]));
  const isOpen = (no: number): boolean => {
    const row = customers.get(no);
    return row !== undefined && mayReceivePurchases(context, row);
  };
  const answers = examineBuyers(
    context,
    asked,
    rows.map(({ record }) => record),
    accountNo,
  );
  return answers.map((answer): FoundBuyer => {
    if (answer.kind === "nobody") {
      return { code: "unknown-customer", candidates: [] };
    }
    if (answer.kind === "one") {
      return isOpen(answer.no) ? { customer: customers.get(answer.no) as CustomerRow } : { code: "customer-closed", candidates: [] };
    }
    const open = answer.numbers.filter(isOpen);
    return open.length === 0 ? { code: "customer-closed", candidates: [] } : { code: "ambiguous-customer", candidates: open };
  });
}

/** Whoever asked that the data be used no more gets no new rows. */
export function mayReceivePurchases(context: Context, row: CustomerRow): boolean {
  return row.state === "active" && !row.isSuspended && mayWritePurchases(context, row.record);
}
