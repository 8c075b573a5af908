import { queryOver, type Context } from "#server/core/door/index.ts";
import { numbersMergedInto } from "#server/modules/customers/index.ts";
import { noteColumns, type NoteRow } from "./note-records.ts";
import { writeNote } from "./write-note.ts";

/**
 * Gives the open next actions that `fromNo` has about the given customers to `toNo`: a hand-over moves responsibility with the
 * customers, those of rows merged into them too. What is about companies, or done, stays. Within the caller's scope; replies how many moved.
 */
export async function moveNextActions(context: Context, fromNo: number, toNo: number, customerNos: readonly number[]): Promise<number> {
  const rows = await context.db.query<NoteRow>(
    `select ${noteColumns} from contact_notes
      where responsible_no = $1 and customer_no = any($2) and done_at is null and due_on is not null order by note_no for update`,
    [fromNo, [...(await numbersMergedInto(queryOver(context.db), "customer", customerNos)).keys()]],
  );
  for (const row of rows) {
    await writeNote(context, { kind: "customer", no: row.customer_no as number }, { ...row, version: row.version + 1, responsible_no: toNo });
  }
  context.journal.fact("actions", rows.length);
  return rows.length;
}
