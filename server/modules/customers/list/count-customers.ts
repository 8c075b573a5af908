import { visibleTo } from "#server/core/access/sql-scope.ts";
import type { Context, Draft, Input } from "#server/core/door/index.ts";
import { customerMarks } from "#shared/customers.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { countCustomers as endpoint } from "#shared/working-list.ts";
import { filterConditions } from "../customer-records.ts";
import { resolveFilters, type AlikeNumbers, type RowFilters } from "./resolve-filters.ts";

type Counted = Draft<ReplyOf<typeof endpoint>>["choices"];

const mostChoices = 200;
const columns = { owner: "owner_no", cell: "cell_no", company: "company_no", import: "import_no", state: "state" } as const;
/** The filter that a chip sets: it does not narrow its own choices. */
const filterOf = {
  owner: "ownerNo",
  cell: "cellNo",
  company: "companyNo",
  import: "importNo",
  state: "state",
  updated: "updatedWithin",
  mark: "mark",
} as const;
const withinDays = [7, 30, 90, 365] as const;

/** Customers by each choice of a filter, within what the caller sees. */
export async function countCustomers(context: Context, input: Input<typeof endpoint>, alikeNumbers: AlikeNumbers): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { by } = input.body;
  const { [filterOf[by]]: _own, ...others } = input.body.filters;
  const filters = await resolveFilters(context, others, alikeNumbers);
  if (by === "mark") {
    return { choices: await countByMark(context, filters, await alikeNumbers(context)) };
  }
  return { choices: by === "updated" ? await countByDays(context, filters) : await countByColumn(context, by, filters) };
}

async function countByColumn(context: Context, by: keyof typeof columns, filters: RowFilters): Promise<Counted> {
  const { where, values } = conditionsOf(context, filters, by === "state");
  const rows = await context.db.query<{ choice: string | null; customers: number }>(
    `select ${columns[by]}::text as choice, count(*)::integer as customers from customers where ${where} group by 1 order by 2 desc, 1 limit ${mostChoices}`,
    values,
  );
  return rows.map((row) => ({ choice: row.choice ?? "none", customers: row.customers }));
}

async function countByDays(context: Context, filters: RowFilters): Promise<Counted> {
  const { where, values } = conditionsOf(context, filters, false);
  const counts = withinDays.map((days) => {
    const at = values.push(new Date(context.now.getTime() - days * 86_400_000));
    return `count(*) filter (where updated_at >= $${at})::integer as within${days}`;
  });
  const [row] = await context.db.query<Record<string, number>>(`select ${counts.join(", ")} from customers where ${where}`, values);
  return withinDays.map((days) => ({ choice: String(days), customers: row?.[`within${days}`] ?? 0 }));
}

async function countByMark(context: Context, filters: RowFilters, alike: readonly number[]): Promise<Counted> {
  const { where, values } = conditionsOf(context, filters, false);
  const at = values.push(alike);
  const [row] = await context.db.query<Record<(typeof customerMarks)[number], number>>(
    `select count(*) filter (where use_suspended_at is not null)::integer as suspended,
            count(*) filter (where use_suspended_at is null)::integer as "not-suspended",
            count(*) filter (where customer_no = any($${at}::integer[]))::integer as alike
       from customers where ${where}`,
    values,
  );
  return customerMarks.map((choice) => ({ choice, customers: row?.[choice] ?? 0 }));
}

/** The filters and the caller's scope as SQL; row-level security stands behind it. */
function conditionsOf(context: Context, filters: RowFilters, isEveryState: boolean): { where: string; values: unknown[] } {
  const { conditions, values } = filterConditions(filters, 1, isEveryState);
  const scope = visibleTo(context.actor.rights, "customer", { startAt: values.length + 1 });
  return { where: [...conditions, scope.text].join(" and "), values: [...values, ...scope.values] };
}
