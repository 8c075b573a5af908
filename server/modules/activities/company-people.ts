import { SealedValues, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { classesOf, companyFor, listCustomers } from "#server/modules/customers/index.ts";
import type { companyPeople as endpoint } from "#shared/activities.ts";
import type { ReplyOf } from "#shared/endpoint.ts";

const shownKeys = ["fullName", "kana", "section", "jobTitle"] as const;

/** The people of a company whom the caller sees, those with the newest contact first. */
export async function companyPeople(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { companyNo } = await companyFor(context, input.params.companyNo);
  context.journal.touched("company", companyNo);
  const { offset, limit } = input.query;
  const page = await context.db.query<{ customer_no: number; last_contact: Date | null; total: number }>(
    `select c.customer_no, n.last_contact, (count(*) over ())::integer as total
       from customers c
       left join lateral (select max(happened_at) as last_contact from contact_notes n where n.customer_no = c.customer_no and n.state = 'active') n on true
      where c.company_no = $1 and c.state = 'active'
      order by n.last_contact desc nulls last, c.customer_no offset $2 limit $3`,
    [companyNo, offset, limit],
    "company-people",
  );
  const rows = await listCustomers(
    context,
    page.map((row) => row.customer_no),
    classesOf(context, shownKeys),
  );
  const contacts = new Map(page.map((row) => [row.customer_no, row.last_contact]));
  return {
    total: page[0]?.total ?? 0,
    people: rows.map((row) => ({
      customerNo: row.customerNo,
      ownerNo: row.ownerNo,
      lastContactAt: contacts.get(row.customerNo)?.toISOString() ?? null,
      values: new SealedValues(row.record, shownKeys),
    })),
  };
}
