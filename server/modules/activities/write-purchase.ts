import { rowHash, sealText, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import type * as contract from "#shared/activities.ts";
import type { PurchaseText } from "#shared/activities.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import { findCardNumbers } from "#shared/find-card-number.ts";
import { attachedField, mayWrite, type NoteSubject } from "./note-records.ts";
import { purchaseField, purchaseFor, hashedPurchase, purchaseSubject, type PurchaseRow } from "./purchase-records.ts";

type PurchaseReply = Draft<ReplyOf<typeof contract.changePurchase>>;

/** A purchase as it goes into its row. Whether the caller may write it was decided before. */
export interface NewPurchase {
  readonly customerNo: number;
  /** `2026-11-21`. */
  readonly boughtOn: string;
  readonly purchase: PurchaseText;
  readonly importNo?: number;
}

const rowsAtOnce = 500;

/**
 * Inserts many purchases at once (an import, a generator), hashes in the journal.
 * @throws Problem card-number, invalid-input (no product)
 */
export async function insertPurchases(context: Context, rows: readonly NewPurchase[]): Promise<number[]> {
  if (rows.length === 0) {
    return [];
  }
  const reserved = await context.db.query<{ no: number }>(
    "select nextval(pg_get_serial_sequence('purchases', 'purchase_no'))::integer as no from generate_series(1, $1)",
    [rows.length],
    "purchase-numbers",
  );
  const field = attachedField(context, "customer", purchaseField);
  const sealed = rows.map((row, index): PurchaseRow => ({
    purchase_no: (reserved[index] as { no: number }).no,
    customer_no: row.customerNo,
    state: "active",
    version: 1,
    author_no: context.actor.accountNo,
    import_no: row.importNo ?? null,
    bought_on: row.boughtOn,
    sealed_purchase: sealPurchase(context, { kind: "customer", no: row.customerNo, field }, 1, row.purchase),
  }));
  for (let from = 0; from < sealed.length; from += rowsAtOnce) {
    const part = sealed.slice(from, from + rowsAtOnce);
    await context.db.query(
      `insert into purchases (purchase_no, customer_no, version, author_no, import_no, bought_on, sealed_purchase, created_at, updated_at)
       overriding system value
       select no, customer, 1, $3, import, bought, sealed, $6, $6
         from unnest($1::integer[], $2::integer[], $4::integer[], $5::date[], $7::bytea[]) as t (no, customer, import, bought, sealed)`,
      [
        part.map((row) => row.purchase_no),
        part.map((row) => row.customer_no),
        context.actor.accountNo,
        part.map((row) => row.import_no),
        part.map((row) => row.bought_on),
        context.now,
        part.map((row) => row.sealed_purchase),
      ],
      "purchases-insert",
    );
  }
  for (const row of sealed) {
    context.journal.touched("customer", row.customer_no);
    context.journal.wrote("purchase", row.purchase_no, rowHash(hashedPurchase(row)));
  }
  return sealed.map((row) => row.purchase_no);
}

export async function addPurchase(context: Context, input: Input<typeof contract.addPurchase>): Promise<PurchaseReply> {
  const subject = await purchaseSubject(context, input.params.customerNo, "change");
  if (!mayWrite(context, subject)) {
    throw new Problem("not-permitted", { field: purchaseField });
  }
  if (!subject.isActive) {
    throw new Problem("conflict");
  }
  const [purchaseNo] = await insertPurchases(context, [{ customerNo: subject.no, ...input.body }]);
  context.journal.fact("purchase", purchaseNo as number);
  return { purchaseNo: purchaseNo as number, version: 1 };
}

export async function changePurchase(context: Context, input: Input<typeof contract.changePurchase>): Promise<PurchaseReply> {
  const { body } = input;
  const { row, subject } = await purchaseFor(context, input.params.purchaseNo);
  if (row.version !== body.version || row.state !== "active") {
    throw new Problem("conflict", { version: row.version });
  }
  const version = row.version + 1;
  if (body.purchase !== undefined) {
    context.journal.sealed({
      label: "purchase-before",
      subject: { kind: "customer", no: subject.no },
      fieldClass: subject.field.class,
      blob: row.sealed_purchase,
    });
  }
  return write(context, {
    ...row,
    version,
    bought_on: body.boughtOn ?? row.bought_on,
    sealed_purchase: body.purchase === undefined ? row.sealed_purchase : sealPurchase(context, subject, version, body.purchase),
  });
}

export async function trashPurchase(context: Context, input: Input<typeof contract.trashPurchase>): Promise<PurchaseReply> {
  const { row } = await purchaseFor(context, input.params.purchaseNo);
  if (row.version !== input.body.version || row.state !== "active") {
    throw new Problem("conflict", { version: row.version });
  }
  return write(context, { ...row, state: "trashed", version: row.version + 1 });
}

export async function restorePurchase(context: Context, input: Input<typeof contract.restorePurchase>): Promise<PurchaseReply> {
  const { row } = await purchaseFor(context, input.params.purchaseNo);
  if (row.state !== "trashed") {
    throw new Problem("conflict", { version: row.version });
  }
  return write(context, { ...row, state: "active", version: row.version + 1 });
}

async function write(context: Context, next: PurchaseRow): Promise<PurchaseReply> {
  await context.db.query(
    "update purchases set state = $2, version = $3, bought_on = $4, sealed_purchase = $5, updated_at = $6 where purchase_no = $1",
    [next.purchase_no, next.state, next.version, next.bought_on, next.sealed_purchase, context.now],
    "purchase-update",
  );
  context.journal.touched("customer", next.customer_no);
  context.journal.wrote("purchase", next.purchase_no, rowHash(hashedPurchase(next)));
  context.journal.fact("purchase", next.purchase_no);
  return { purchaseNo: next.purchase_no, version: next.version };
}

function sealPurchase(context: Context, subject: Pick<NoteSubject, "kind" | "no" | "field">, version: number, purchase: PurchaseText): Buffer {
  if (purchase.product.trim() === "") {
    throw new Problem("invalid-input", { field: "product" });
  }
  // Each text by itself: digits of neighbouring ones are no card number.
  if ([purchase.product, purchase.quantity, purchase.amount, purchase.note].some((text) => findCardNumbers(text).length > 0)) {
    throw new Problem("card-number", { field: purchaseField });
  }
  return sealText(context.door.vault, { kind: subject.kind, no: subject.no }, subject.field.targetClass ?? subject.field.class, version, {
    [purchaseField]: JSON.stringify(purchase),
  });
}
