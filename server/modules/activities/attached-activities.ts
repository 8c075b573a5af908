import type { Context, SealedText } from "#server/core/door/index.ts";
import { attachedText, noteColumns, noteSubject, type NoteRow } from "./note-records.ts";
import { purchaseColumns, purchaseSubject, type PurchaseRow } from "./purchase-records.ts";

/** All that is attached to a customer, as handles, in the trash or not: what a disclosure to the person holds. */
export interface AttachedActivities {
  readonly notes: readonly {
    noteNo: number;
    kind: NoteRow["kind"];
    happenedAt: Date;
    text: SealedText | null;
    action: SealedText | null;
    dueOn: string | null;
  }[];
  /** `purchase`: JSON text of `purchaseText`. */
  readonly purchases: readonly { purchaseNo: number; boughtOn: string; purchase: SealedText | null }[];
}

/** @throws Problem not-found */
export async function attachedActivities(context: Context, customerNo: number): Promise<AttachedActivities> {
  const aboutNotes = await noteSubject(context, "customer", customerNo);
  const aboutPurchases = await purchaseSubject(context, customerNo);
  const notes = await context.db.query<NoteRow>(`select ${noteColumns} from contact_notes where customer_no = $1 order by happened_at, note_no`, [customerNo]);
  const purchases = await context.db.query<PurchaseRow>(`select ${purchaseColumns} from purchases where customer_no = $1 order by bought_on, purchase_no`, [
    customerNo,
  ]);
  return {
    notes: notes.map((row) => ({
      noteNo: row.note_no,
      kind: row.kind,
      happenedAt: row.happened_at,
      text: attachedText(aboutNotes, row.sealed_note),
      action: attachedText(aboutNotes, row.sealed_action),
      dueOn: row.due_on,
    })),
    purchases: purchases.map((row) => ({ purchaseNo: row.purchase_no, boughtOn: row.bought_on, purchase: attachedText(aboutPurchases, row.sealed_purchase) })),
  };
}
