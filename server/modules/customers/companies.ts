import { isVisible, levelOf, unrelated } from "#server/core/access/compile.ts";
import { recordFieldsOf } from "#server/core/access/policy.ts";
import { rowHash, sealChanges, SealedRecord, SealedValues, examineSearch, planSearch, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import type { listCompanies as listEndpoint, showCompany as showEndpoint } from "#shared/customers.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { fieldClasses } from "#shared/rights.ts";
import { Problem } from "#shared/problems.ts";
import { trashTerms } from "./trash-rules.ts";

export interface CompanyRow {
  company_no: number;
  version: number;
  state: "active" | "trashed" | "merged";
  customers: number;
  sealed_open: Buffer | null;
  sealed_internal: Buffer | null;
  sealed_personal: Buffer | null;
  sealed_sensitive: Buffer | null;
}

export const companyColumns = "c.company_no, c.version, c.state, c.sealed_open, c.sealed_internal, c.sealed_personal, c.sealed_sensitive";
/** Counts only customers that the caller sees: row-level security applies to the inner query too. */
const counted = "(select count(*)::integer from customers p where p.company_no = c.company_no and p.state = 'active') as customers";

const listed = ["companyName", "kana", "corporateNumber", "phone", "address"] as const;
const candidateLimit = 2_000;

export function companyRecord(row: CompanyRow): SealedRecord {
  return new SealedRecord({
    kind: "company",
    no: row.company_no,
    ownerNo: null,
    cellNo: null,
    version: row.version,
    blobs: [row.sealed_open, row.sealed_internal, row.sealed_personal, row.sealed_sensitive],
  });
}

/** Companies by number, or those that a search finds. */
export async function listCompanies(context: Context, input: Input<typeof listEndpoint>): Promise<Draft<ReplyOf<typeof listEndpoint>>> {
  const { search, offset, limit } = input.body;
  demandCompanies(context);
  const numbers = search.trim() === "" ? await everyCompany(context) : await searchCompanies(context, search.trim());
  const page = numbers.slice(offset, offset + limit);
  const rows = await context.db.query<CompanyRow>(`select ${companyColumns}, ${counted} from companies c where c.company_no = any($1) order by c.company_no`, [
    page,
  ]);
  return {
    total: numbers.length,
    rows: rows.map((row) => {
      const record = companyRecord(row);
      return { companyNo: row.company_no, customers: row.customers, values: new SealedValues(record, listed) };
    }),
  };
}

async function everyCompany(context: Context): Promise<number[]> {
  const [row] = await context.db.query<{ numbers: number[] | null }>(
    "select array_agg(company_no order by company_no) as numbers from companies where state = 'active'",
  );
  return row?.numbers ?? [];
}

async function searchCompanies(context: Context, search: string): Promise<number[]> {
  const plan = planSearch(context, "company", search);
  if (!plan.canSearch) {
    return [];
  }
  const rows = await context.db.query<CompanyRow>(
    `select ${companyColumns}, 0 as customers from companies c
      where c.state = 'active' and c.company_no in (select search_companies($1, 0, $2)) order by c.company_no`,
    [plan.terms, candidateLimit],
  );
  const hits = examineSearch(context, plan, rows.map(companyRecord));
  return rows.map((row) => row.company_no).filter((no) => hits.has(no));
}

/** One company. */
export async function showCompany(context: Context, input: Input<typeof showEndpoint>): Promise<Draft<ReplyOf<typeof showEndpoint>>> {
  demandCompanies(context);
  const [row] = await context.db.query<CompanyRow & { merged_into: number | null }>(
    `select ${companyColumns}, ${counted}, c.merged_into from companies c where c.company_no = $1`,
    [input.params.companyNo],
  );
  if (row === undefined) {
    throw new Problem("not-found");
  }
  const record = companyRecord(row);
  context.journal.touched("company", row.company_no);
  return {
    companyNo: row.company_no,
    version: row.version,
    state: row.state,
    mergedInto: row.merged_into,
    trashDaysLeft: row.state === "trashed" ? ((await trashTerms(context, "company", [row.company_no])).get(row.company_no) ?? null) : null,
    customers: row.customers,
    values: new SealedValues(
      record,
      recordFieldsOf(context.policy, "company").map((field) => field.key),
    ),
    may: { write: row.state === "active" && fieldClasses.some((name) => levelOf(context.actor.rights, "company", unrelated, name).level === "write") },
  };
}

export function demandCompanies(context: Context): void {
  if (!isVisible(context.actor.rights, "company", unrelated)) {
    throw new Problem("not-permitted");
  }
}

/** Creates a company: its row, its tokens and its hash in the journal. */
export async function insertCompany(context: Context, values: Readonly<Record<string, string | null>>, importNo: number | null = null): Promise<number> {
  const [next] = await context.db.query<{ no: number }>(
    "select nextval(pg_get_serial_sequence('companies', 'company_no'))::integer as no",
    [],
    "company-number",
  );
  const companyNo = (next as { no: number }).no;
  const change = sealChanges(context, { kind: "company", no: companyNo, ownerNo: null, cellNo: null, version: 1, former: null, values });
  await context.db.query(
    `insert into companies (company_no, version, import_no, sealed_open, sealed_internal, sealed_personal, sealed_sensitive, created_at, updated_at)
     overriding system value values ($1, 1, $2, $3, $4, $5, $6, $7, $7)`,
    [companyNo, importNo, ...change.blobs, context.now],
    "company-insert",
  );
  await context.db.query("insert into company_search (company_no, tokens) values ($1, $2)", [companyNo, change.tokens], "company-search-insert");
  context.journal.wrote(
    "company",
    companyNo,
    rowHash({
      kind: "company",
      no: companyNo,
      version: 1,
      state: "active",
      ownerNo: null,
      cellNo: null,
      companyNo: null,
      blobs: fieldClasses.map((_, index) => change.blobs[index]),
    }),
  );
  for (const fact of change.facts) {
    context.journal.sealed(fact);
  }
  return companyNo;
}
