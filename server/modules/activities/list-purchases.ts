import type { Context, Draft, Input } from "#server/core/door/index.ts";
import { companyFor, listCustomers } from "#server/modules/customers/index.ts";
import type { listCompanyPurchases as companyEndpoint, listPurchases as endpoint } from "#shared/activities.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { attachedField, mayRead, mayWrite, type NoteSubject } from "./note-records.ts";
import { draftOfPurchase, purchaseColumns, purchaseField, purchaseSubject, type PurchaseRow } from "./purchase-records.ts";

/** Newest first; whoever bought more often sees the newest ones. */
const mostShown = 500;

export async function listPurchases(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const subject = await purchaseSubject(context, input.params.customerNo);
  context.journal.touched("customer", subject.no);
  const rows = mayRead(context, subject)
    ? await context.db.query<PurchaseRow>(
        `select ${purchaseColumns} from purchases where customer_no = $1 and state = 'active' order by bought_on desc, purchase_no desc limit $2`,
        [subject.no, mostShown + 1],
        "purchases",
      )
    : [];
  return {
    purchases: rows.slice(0, mostShown).map((row) => draftOfPurchase(context, subject, row)),
    mayAdd: mayWrite(context, subject) && subject.isActive,
    isComplete: rows.length <= mostShown,
  };
}

/** What the people of a company bought, as far as the caller sees these people. */
export async function listCompanyPurchases(context: Context, input: Input<typeof companyEndpoint>): Promise<Draft<ReplyOf<typeof companyEndpoint>>> {
  const { companyNo } = await companyFor(context, input.params.companyNo);
  context.journal.touched("company", companyNo);
  const rows = await context.db.query<PurchaseRow>(
    `select ${purchaseColumns} from purchases
      where customer_no in (select customer_no from customers where company_no = $1 and state = 'active') and state = 'active'
      order by bought_on desc, purchase_no desc limit $2`,
    [companyNo, mostShown + 1],
    "company-purchases",
  );
  const field = attachedField(context, "customer", purchaseField);
  const people = await listCustomers(context, [...new Set(rows.map((row) => row.customer_no))], new Set());
  const subjects = new Map(
    people.map(({ customerNo, record, state }): [number, NoteSubject] => [
      customerNo,
      { kind: "customer", no: customerNo, record, field, isActive: state === "active" },
    ]),
  );
  return {
    purchases: rows.slice(0, mostShown).flatMap((row) => {
      const subject = subjects.get(row.customer_no);
      return subject === undefined || !mayRead(context, subject) ? [] : [{ ...draftOfPurchase(context, subject, row), customerNo: row.customer_no }];
    }),
    isComplete: rows.length <= mostShown,
  };
}
