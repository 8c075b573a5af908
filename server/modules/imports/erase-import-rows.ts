import type { Context } from "#server/core/door/index.ts";
import { addJob } from "#server/platform/jobs/index.ts";
import { tidyOneTask } from "./tidy-imports.ts";

/**
 * What imports hold of a person: former values, and the cells of rows that were to be looked at. Cells and the file itself
 * are sealed under the key of the import, which lives on in older backups of the data: so each ended import that the person
 * came by is tidied as a whole, its key first. What was still to be corrected in it goes with it.
 */
export async function eraseImportRows(context: Context, customerNo: number): Promise<void> {
  const imports = await context.db.query<{ no: number }>(
    `select import_no as no from imports
      where tidied_at is null and state in ('done', 'failed', 'undone')
        and import_no in (
          select import_no from import_rows where customer_no = $1
          union select import_no from import_updates where customer_no = $1
          union select import_no from import_problems where candidates @> array[$1::integer]
          union select import_no from purchases where customer_no = $1
          union select import_no from customers where customer_no = $1)`,
    [customerNo],
  );
  await context.db.query("update import_problems set candidates = array_remove(candidates, $1::integer) where candidates @> array[$1::integer]", [customerNo]);
  await context.db.query("delete from import_updates where customer_no = $1", [customerNo]);
  await context.db.query("delete from import_problems p using import_rows r where r.customer_no = $1 and p.import_no = r.import_no and p.row = r.row", [
    customerNo,
  ]);
  await context.db.query("delete from import_rows where customer_no = $1", [customerNo]);
  for (const { no } of imports) {
    await addJob(context.db, tidyOneTask, { importNo: no }, { key: `${tidyOneTask} ${no}` });
  }
}
