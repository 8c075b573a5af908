import { examineOrder, SealedRecord, type Context } from "#server/core/door/index.ts";

/** More companies than this stand in the order of their numbers: opening each only to order them would keep everybody waiting. */
const mostOrdered = 5_000;

/**
 * Puts the customers of a company together, the companies by reading as far as the caller reads it, those of no company
 * last. A company's place says nothing to who may not read its name.
 */
export async function orderByCompany(context: Context, numbers: readonly number[], descending: boolean): Promise<number[]> {
  const rows = await context.db.query<{ customer_no: number; company_no: number | null }>(
    "select customer_no, company_no from customers where customer_no = any($1) order by company_no nulls last, customer_no",
    [numbers],
  );
  const members = Map.groupBy(rows, (row) => row.company_no);
  const companyNos = [...members.keys()].filter((no) => no !== null);
  const ordered =
    companyNos.length > mostOrdered ? companyNos.toSorted((a, b) => (descending ? b - a : a - b)) : await orderCompanies(context, companyNos, descending);
  return [...ordered, null].flatMap((companyNo) => (members.get(companyNo) ?? []).map((row) => row.customer_no));
}

async function orderCompanies(context: Context, companyNos: readonly number[], descending: boolean): Promise<number[]> {
  const rows = await context.db.query<{ company_no: number; version: number; sealed_open: Buffer | null; sealed_internal: Buffer | null }>(
    "select company_no, version, sealed_open, sealed_internal from companies where company_no = any($1)",
    [companyNos],
  );
  const ordered = examineOrder(
    context,
    rows.map(
      (row) =>
        new SealedRecord({
          kind: "company",
          no: row.company_no,
          ownerNo: null,
          cellNo: null,
          version: row.version,
          blobs: [row.sealed_open, row.sealed_internal, null, null],
        }),
    ),
    "kana",
    descending,
  );
  const known = new Set(ordered);
  return [...ordered, ...companyNos.filter((no) => !known.has(no))];
}
