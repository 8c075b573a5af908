import { visibleTo } from "#server/core/access/sql-scope.ts";
import { SealedValues, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { classesOf, companyFor, listCustomers } from "#server/modules/customers/index.ts";
import type { companyPeople as endpoint } from "#shared/activities.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { attachedField, noteField } from "./note-records.ts";

const shownKeys = ["fullName", "kana", "section", "jobTitle"] as const;

/** The people of a company whom the caller sees, those with the newest contact first. */
export async function companyPeople(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { companyNo } = await companyFor(context, input.params.companyNo);
  context.journal.touched("company", companyNo);
  const { offset, limit } = input.query;
  // When somebody was last in touch is a note's to tell: neither a time nor the order says it to who may not read the notes.
  const readable = visibleTo(context.actor.rights, "customer", {
    fieldClass: attachedField(context, "customer", noteField).class,
    startAt: 4,
    columns: { owner: "c.owner_no", cell: "c.cell_no" },
  });
  const page = await context.db.query<{ customer_no: number; last_contact: Date | null; total: number }>(
    `with recursive person (no, kept) as (
       select customer_no, customer_no from customers where company_no = $1 and state = 'active'
       union
       select c.customer_no, p.kept from customers c join person p on c.merged_into = p.no
     )
     select c.customer_no, case when ${readable.text} then n.last_contact end as last_contact, (count(*) over ())::integer as total
       from customers c
       left join (select p.kept, max(x.happened_at) as last_contact
                    from person p join contact_notes x on x.customer_no = p.no and x.state = 'active' group by p.kept) n on n.kept = c.customer_no
      where c.company_no = $1 and c.state = 'active'
      order by 2 desc nulls last, c.customer_no offset $2 limit $3`,
    [companyNo, offset, limit, ...readable.values],
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
