import { fieldOf } from "#server/core/access/policy.ts";
import { sealed, SealedRecord, type Context, type Sealed } from "#server/core/door/index.ts";
import { classesOf, listCustomers } from "./customer-records.ts";

export interface NamedRecords {
  readonly customers: { no: number; name: Sealed }[];
  readonly companies: { no: number; name: Sealed }[];
}

/** Handles of the names of customers and companies by number; whom the caller does not see, or who is gone, is left out. */
export async function nameRecords(context: Context, given: { customers: readonly number[]; companies: readonly number[] }): Promise<NamedRecords> {
  const people = await listCustomers(context, given.customers, classesOf(context, ["fullName"]));
  return {
    customers: people.map(({ customerNo, record }) => ({ no: customerNo, name: sealed(record, "fullName") })),
    companies: await nameCompanies(context, given.companies),
  };
}

interface CompanyRow {
  company_no: number;
  version: number;
  sealed_open: Buffer | null;
  sealed_internal: Buffer | null;
  sealed_personal: Buffer | null;
  sealed_sensitive: Buffer | null;
}

async function nameCompanies(context: Context, numbers: readonly number[]): Promise<NamedRecords["companies"]> {
  if (numbers.length === 0 || fieldOf(context.policy, "company", "companyName") === undefined) {
    return [];
  }
  const rows = await context.db.query<CompanyRow>(
    "select company_no, version, sealed_open, sealed_internal, sealed_personal, sealed_sensitive from companies where company_no = any($1::integer[])",
    [numbers],
  );
  const byNo = new Map(rows.map((row) => [row.company_no, row]));
  return numbers.flatMap((no) => {
    const row = byNo.get(no);
    if (row === undefined) {
      return [];
    }
    const blobs = [row.sealed_open, row.sealed_internal, row.sealed_personal, row.sealed_sensitive];
    return [{ no, name: sealed(new SealedRecord({ kind: "company", no, ownerNo: null, cellNo: null, version: row.version, blobs }), "companyName") }];
  });
}
