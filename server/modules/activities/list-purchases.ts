import { queryOver, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { companyFor, listCustomers, numbersMergedInto } from "#server/modules/customers/index.ts";
import type { listCompanyPurchases as companyEndpoint, listPurchases as endpoint } from "#shared/activities.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { attachedField, mayRead, mayWrite, withMerged, type NoteSubject } from "./note-records.ts";
import { draftOfPurchase, purchaseColumns, purchaseField, purchaseSubject, type PurchaseRow } from "./purchase-records.ts";

/** Newest first; whoever bought more often sees the newest ones. */
const mostShown = 500;

export async function listPurchases(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const subject = await purchaseSubject(context, input.params.customerNo);
  const every = await withMerged(context, subject);
  every.forEach(({ no }) => context.journal.touched("customer", no));
  const read = new Map(every.filter((one) => mayRead(context, one)).map((one) => [one.no, one]));
  const rows =
    read.size > 0
      ? await context.db.query<PurchaseRow>(
          `select ${purchaseColumns} from purchases where customer_no = any($1) and state = 'active' order by bought_on desc, purchase_no desc limit $2`,
          [[...read.keys()], mostShown + 1],
          "purchases",
        )
      : [];
  return {
    purchases: rows.slice(0, mostShown).map((row) => draftOfPurchase(context, read.get(row.customer_no) as NoteSubject, row)),
    mayAdd: mayWrite(context, subject) && subject.isActive,
    isComplete: rows.length <= mostShown,
  };
}

/** What the people of a company bought, as far as the caller sees these people. */
export async function listCompanyPurchases(context: Context, input: Input<typeof companyEndpoint>): Promise<Draft<ReplyOf<typeof companyEndpoint>>> {
  const { companyNo } = await companyFor(context, input.params.companyNo);
  context.journal.touched("company", companyNo);
  const own = await context.db.query<{ no: number }>(
    "select customer_no as no from customers where company_no = $1 and state = 'active'",
    [companyNo],
    "company-numbers",
  );
  const persons = await numbersMergedInto(
    queryOver(context.db),
    "customer",
    own.map((row) => row.no),
  );
  const rows = await context.db.query<PurchaseRow>(
    `select ${purchaseColumns} from purchases
      where customer_no = any($1) and state = 'active' order by bought_on desc, purchase_no desc limit $2`,
    [[...persons.keys()], mostShown + 1],
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
      return subject === undefined || !mayRead(context, subject)
        ? []
        : [{ ...draftOfPurchase(context, subject, row), customerNo: persons.get(row.customer_no) ?? row.customer_no }];
    }),
    isComplete: rows.length <= mostShown,
  };
}
