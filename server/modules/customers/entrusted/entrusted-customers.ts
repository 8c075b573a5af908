import type { Query } from "#server/core/ledger/index.ts";
import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { mostEntrusted, type entrustCustomers as entrustEndpoint, type showEntrusted as showEndpoint } from "#shared/entrusted.ts";
import { Problem } from "#shared/problems.ts";
import { relationOf } from "#server/core/access/compile.ts";
import { companyFor } from "../change-company.ts";
import { listCustomers } from "../customer-records.ts";
import { mayWriteSome } from "../may-write.ts";
import { keptFor, numbersMergedInto } from "../merged-customers.ts";

/** @throws Problem not-permitted, not-found */
export async function showEntrusted(context: Context, { params }: Input<typeof showEndpoint>): Promise<Draft<ReplyOf<typeof showEndpoint>>> {
  const { companyNo } = await companyFor(context, params.companyNo);
  const rows = await context.db.query<{ import_no: number | null; people: number; since: Date }>(
    `select e.import_no, count(*)::integer as people, max(e.since) as since from entrusted_customers e join customers c using (customer_no)
      where e.company_no = $1 and c.state = 'active' group by e.import_no order by max(e.since) desc`,
    [companyNo],
  );
  return {
    people: rows.reduce((sum, row) => sum + row.people, 0),
    imports: rows.map((row) => ({ importNo: row.import_no, people: row.people, since: row.since.toISOString() })),
  };
}

/**
 * Only customers whom the caller may write something of are changed; the others are left as they are.
 * @throws Problem not-permitted, not-found (no such company), invalid-input unless either customers or an import are given
 */
export async function entrustCustomers(context: Context, { params, body }: Input<typeof entrustEndpoint>): Promise<Draft<ReplyOf<typeof entrustEndpoint>>> {
  const { companyNo } = await companyFor(context, params.companyNo, "change");
  if ((body.customerNos === undefined) === (body.importNo === undefined)) throw new Problem("invalid-input", { field: "customerNos" });
  const asked = body.customerNos ?? (await ofImport(context, body.importNo ?? 0));
  const rows = await listCustomers(context, [...new Set(asked)], new Set());
  const nos = rows.filter((row) => mayWriteSome(context.actor.rights, relationOf(context.actor.rights, row))).map((row) => row.customerNo);
  const changed = body.isEntrusted
    ? await addEntrusted(context, { companyNo, customerNos: nos, importNo: body.importNo ?? null })
    : await takeAway(context, companyNo, nos);
  context.journal.fact("companyNo", companyNo);
  context.journal.fact("isEntrusted", body.isEntrusted);
  context.journal.fact("people", changed.length);
  if (body.importNo !== undefined) context.journal.fact("import", body.importNo);
  context.journal.touched("company", companyNo);
  for (const no of changed) context.journal.touched("customer", no);
  return { changed: changed.length };
}

async function ofImport({ db }: Context, importNo: number): Promise<number[]> {
  const rows = await db.query<{ no: number }>("select customer_no as no from customers where import_no = $1 order by customer_no limit $2", [
    importNo,
    mostEntrusted + 1,
  ]);
  if (rows.length > mostEntrusted) throw new Problem("invalid-input", { field: "importNo", most: mostEntrusted });
  return rows.map(({ no }) => no);
}

/** Numbers of those who were not entrusted by this company before. */
export async function addEntrusted(
  { db, now }: Pick<Context, "db" | "now">,
  given: { readonly companyNo: number; readonly customerNos: readonly number[]; readonly importNo: number | null },
): Promise<number[]> {
  if (given.customerNos.length === 0) return [];
  const rows = await db.query<{ no: number }>(
    `insert into entrusted_customers (customer_no, company_no, import_no, since) select unnest($1::integer[]), $2, $3, $4
     on conflict (customer_no, company_no) do nothing returning customer_no as no`,
    [given.customerNos, given.companyNo, given.importNo, now],
  );
  return rows.map(({ no }) => no);
}

async function takeAway({ db }: Context, companyNo: number, nos: readonly number[]): Promise<number[]> {
  const rows = await db.query<{ no: number }>("delete from entrusted_customers where company_no = $1 and customer_no = any($2) returning customer_no as no", [
    companyNo,
    nos,
  ]);
  return rows.map(({ no }) => no);
}

/**
 * An import is being undone: people whom it found here already and of whom it changed nothing are the company's by it no more. `changed`: of whom it
 * changed something, who are looked at one by one ({@link settleEntrusted}). Whom it added keeps the mark: it goes with them, and
 * comes back with them from the trash. Replies how many.
 */
export async function takeBackEntrusted({ db }: Pick<Context, "db">, importNo: number, changed: readonly number[], most: number): Promise<number> {
  const rows = await db.query(
    `delete from entrusted_customers where (customer_no, company_no) in (
       select e.customer_no, e.company_no from entrusted_customers e join customers c using (customer_no)
        where e.import_no = $1 and c.import_no is distinct from $1 and e.customer_no <> all($2) limit $3)
     returning customer_no`,
    [importNo, changed, most],
  );
  return rows.length;
}

/** Of those whom an import had changed, who was put back is the company's by it no more; who stays as it made them, stays the company's. */
export async function settleEntrusted({ db }: Pick<Context, "db">, importNo: number, changed: readonly number[], putBack: readonly number[]): Promise<number> {
  const rows = await db.query<{ customer_no: number; company_no: number; since: Date }>(
    "delete from entrusted_customers where import_no = $1 and customer_no = any($2) returning customer_no, company_no, since",
    [importNo, changed],
  );
  const gone = new Set(putBack);
  const stays = rows.filter((row) => !gone.has(row.customer_no));
  await db.query("insert into entrusted_customers (customer_no, company_no, since) select * from unnest($1::integer[], $2::integer[], $3::timestamptz[])", [
    stays.map((row) => row.customer_no),
    stays.map((row) => row.company_no),
    stays.map((row) => row.since),
  ]);
  return rows.length - stays.length;
}

/**
 * Which companies entrusted us with these people, rows that were merged into them included: company → people, both as they are kept
 * now. Companies and people in the order of their numbers.
 */
export async function consignorsOf(query: Query, people: readonly number[]): Promise<Map<number, number[]>> {
  const persons = await numbersMergedInto(query, "customer", people);
  const { rows } = await query.query(
    "select company_no, customer_no from entrusted_customers where customer_no = any($1::integer[]) order by company_no, customer_no",
    [`{${[...persons.keys()].join(",")}}`],
  );
  const companies = await keptFor(query, "company", [...new Set(rows.map((row) => Number(row["company_no"])))]);
  const found = new Map<number, Set<number>>();
  for (const row of rows) {
    const company = companies.get(Number(row["company_no"])) ?? Number(row["company_no"]);
    const entrusted = found.get(company) ?? new Set<number>();
    found.set(company, entrusted.add(persons.get(Number(row["customer_no"])) ?? Number(row["customer_no"])));
  }
  return new Map([...found].toSorted(([a], [b]) => a - b).map(([company, nos]) => [company, [...nos].toSorted((a, b) => a - b)]));
}
