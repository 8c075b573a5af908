import { rowHash, type Context } from "#server/core/door/index.ts";
import { fieldClasses } from "#shared/rights.ts";

interface Row {
  company_no: number;
  sealed_open: Buffer | null;
  sealed_internal: Buffer | null;
  sealed_personal: Buffer | null;
  sealed_sensitive: Buffer | null;
}

/**
 * Moves to the trash the next companies that an import created, nobody changed since and no active customer belongs to.
 * For the house itself: customers of every department count.
 */
export async function trashImportedCompanies(context: Context, importNo: number, most: number): Promise<number> {
  const rows = await context.db.query<Row>(
    `select company_no, sealed_open, sealed_internal, sealed_personal, sealed_sensitive from companies c
      where import_no = $1 and version = 1 and state = 'active'
        and not exists (select from customers p where p.company_no = c.company_no and p.state = 'active')
      order by company_no limit $2 for update`,
    [importNo, most],
  );
  const numbers = rows.map((row) => row.company_no);
  await context.db.query("update companies set state = 'trashed', version = 2, updated_at = $2, trashed_at = $2 where company_no = any($1)", [
    numbers,
    context.now,
  ]);
  await context.db.query("delete from company_search where company_no = any($1)", [numbers]);
  for (const row of rows) {
    const blobs = fieldClasses.map((name) => row[`sealed_${name}`]);
    context.journal.wrote(
      "company",
      row.company_no,
      rowHash({ kind: "company", no: row.company_no, version: 2, state: "trashed", ownerNo: null, cellNo: null, companyNo: null, blobs }),
    );
  }
  return rows.length;
}
