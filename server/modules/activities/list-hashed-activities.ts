import type { HashedRow } from "#server/core/door/index.ts";
import type { Query } from "#server/core/ledger/index.ts";
import { hashedNote, noteColumns, type NoteRow } from "./note-records.ts";
import { hashedPurchase, purchaseColumns, type PurchaseRow } from "./purchase-records.ts";

/** Kinds of this module whose rows carry their hash in the ledger. */
export const hashedActivities = ["note", "purchase"] as const;
export type HashedActivity = (typeof hashedActivities)[number];

/** The next rows of a kind in the order of their numbers, in every state, as they are hashed into the ledger. Nothing is opened. */
export async function listHashedActivities(query: Query, kind: HashedActivity, afterNo: number, limit: number): Promise<HashedRow[]> {
  if (kind === "note") {
    const { rows } = await query.query(`select ${noteColumns} from contact_notes where note_no > $1 order by note_no limit $2`, [afterNo, limit]);
    return (rows as unknown as NoteRow[]).map(hashedNote);
  }
  const { rows } = await query.query(`select ${purchaseColumns} from purchases where purchase_no > $1 order by purchase_no limit $2`, [afterNo, limit]);
  return (rows as unknown as PurchaseRow[]).map(hashedPurchase);
}
