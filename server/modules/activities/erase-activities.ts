import type { Context } from "#server/core/door/index.ts";

/** What this module holds of a person: notes with their next actions, and purchases. */
export async function eraseActivities(context: Context, customerNo: number): Promise<void> {
  const notes = await context.db.query<{ no: number }>("delete from contact_notes where customer_no = $1 returning note_no as no", [customerNo]);
  const purchases = await context.db.query<{ no: number }>("delete from purchases where customer_no = $1 returning purchase_no as no", [customerNo]);
  for (const { no } of notes) {
    context.journal.wrote("note", no, null);
  }
  for (const { no } of purchases) {
    context.journal.wrote("purchase", no, null);
  }
}
