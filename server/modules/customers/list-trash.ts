import { visibleTo } from "#server/core/access/sql-scope.ts";
import { canRead, levelOf, unrelated } from "#server/core/access/compile.ts";
import { SealedValues, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { fieldClasses } from "#shared/rights.ts";
import type { listTrash as endpoint } from "#shared/trash.ts";
import { companyColumns, companyRecord, type CompanyRow } from "./companies.ts";
import { classesOf, listCustomers } from "./customer-records.ts";
import { daysLeft, trashRules } from "./trash-rules.ts";

const columns = ["fullName", "kana", "companyName"] as const;
const companyKeys = ["companyName"] as const;
const mostCompanies = 100;

/** What lies in the trash, the longest first, with what is left of its term. */
export async function listTrash(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { offset, limit } = input.query;
  const { days } = await trashRules(context);
  const scope = visibleTo(context.actor.rights, "customer", { startAt: 3 });
  const found = await context.db.query<{ customer_no: number; trashed_at: Date; total: number }>(
    `select customer_no, trashed_at, (count(*) over ())::integer as total from customers
      where state = 'trashed' and trashed_at is not null and ${scope.text} order by trashed_at, customer_no offset $1 limit $2`,
    [offset, limit, ...scope.values],
  );
  const since = new Map(found.map((row) => [row.customer_no, row.trashed_at]));
  const rows = await listCustomers(context, [...since.keys()], classesOf(context, columns));
  return {
    total: found[0]?.total ?? 0,
    days,
    rows: rows.map((row) => {
      const trashedAt = since.get(row.customerNo) as Date;
      return {
        customerNo: row.customerNo,
        ownerNo: row.ownerNo,
        trashedAt: trashedAt.toISOString(),
        daysLeft: daysLeft(trashedAt, days, context.now),
        values: new SealedValues(row.record, columns),
      };
    }),
    companies: offset === 0 ? await trashedCompanies(context, days) : [],
  };
}

async function trashedCompanies(context: Context, days: number): Promise<Draft<ReplyOf<typeof endpoint>>["companies"]> {
  if (!fieldClasses.some((name) => canRead(levelOf(context.actor.rights, "company", unrelated, name)))) {
    return [];
  }
  const rows = await context.db.query<CompanyRow & { trashed_at: Date }>(
    `select ${companyColumns}, 0 as customers, c.trashed_at from companies c
      where c.state = 'trashed' and c.trashed_at is not null order by c.trashed_at, c.company_no limit $1`,
    [mostCompanies],
  );
  return rows.map((row) => ({
    companyNo: row.company_no,
    trashedAt: row.trashed_at.toISOString(),
    daysLeft: daysLeft(row.trashed_at, days, context.now),
    values: new SealedValues(companyRecord(row), companyKeys),
  }));
}
