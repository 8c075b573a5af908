import type { Context, Draft, HashedRow } from "#server/core/door/index.ts";
import { customerFor } from "#server/modules/customers/index.ts";
import type { purchaseOut } from "#shared/activities.ts";
import { Problem } from "#shared/problems.ts";
import type { output } from "zod";
import { attachedField, attachedText, mayRead, mayWrite, type NoteSubject } from "./note-records.ts";

/** A row of `purchases`. */
export interface PurchaseRow {
  readonly purchase_no: number;
  readonly customer_no: number;
  readonly state: "active" | "trashed";
  readonly version: number;
  readonly author_no: number | null;
  readonly import_no: number | null;
  /** `2026-11-21`. */
  readonly bought_on: string;
  readonly sealed_purchase: Buffer;
}

export const purchaseColumns = "purchase_no, customer_no, state, version, author_no, import_no, bought_on::text as bought_on, sealed_purchase";
export const purchaseField = "purchase";

/** @throws Problem not-found: no such customer, or outside what the caller sees */
export async function purchaseSubject(context: Context, customerNo: number, lock: "read" | "change" = "read"): Promise<NoteSubject> {
  const { record, state } = await customerFor(context, customerNo, lock);
  return { kind: "customer", no: customerNo, record, field: attachedField(context, "customer", purchaseField), isActive: state === "active" };
}

/** A purchase for a change, locked, with whose it is. What one may not read is not found. */
export async function purchaseFor(context: Context, purchaseNo: number): Promise<{ row: PurchaseRow; subject: NoteSubject }> {
  const [row] = await context.db.query<PurchaseRow>(
    `select ${purchaseColumns} from purchases where purchase_no = $1 for update`,
    [purchaseNo],
    "purchase-change",
  );
  if (row === undefined) {
    throw new Problem("not-found");
  }
  const subject = await purchaseSubject(context, row.customer_no);
  if (!mayRead(context, subject)) {
    throw new Problem("not-found");
  }
  if (!mayWrite(context, subject)) {
    throw new Problem("not-permitted", { field: purchaseField });
  }
  return { row, subject };
}

export function draftOfPurchase(context: Context, subject: NoteSubject, row: PurchaseRow): Draft<output<typeof purchaseOut>> {
  return {
    purchaseNo: row.purchase_no,
    version: row.version,
    boughtOn: row.bought_on,
    purchase: attachedText(subject, row.sealed_purchase),
    mayChange: mayWrite(context, subject),
  };
}

/** All that a purchase is, as it is hashed into its event (product.md K9). */
export function hashedPurchase(row: PurchaseRow): HashedRow {
  return {
    kind: "purchase",
    no: row.purchase_no,
    version: row.version,
    state: JSON.stringify([row.state, row.customer_no, row.bought_on, row.import_no]),
    ownerNo: row.author_no,
    cellNo: null,
    companyNo: null,
    blobs: [row.sealed_purchase],
  };
}
