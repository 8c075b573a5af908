import { examineSameParts, rowHash, type Context, type SealedRecord } from "#server/core/door/index.ts";
import type { PurchaseText } from "#shared/activities.ts";
import { attachedField, attachedText, mayWrite } from "./note-records.ts";
import { hashedPurchase, purchaseColumns, purchaseField, type PurchaseRow } from "./purchase-records.ts";

/** What makes two purchases of one customer on one day the same; a note may have been added since. */
const sameParts = ["product", "quantity", "amount"] as const;

/** Whether the caller may write purchases of a customer. */
export function mayWritePurchases(context: Context, record: SealedRecord): boolean {
  return mayWrite(context, { record, field: attachedField(context, "customer", purchaseField) });
}

/**
 * Which of these the customers have already, apart from what `importNo` itself wrote. Of two alike rows the second is the same
 * only when there are two of them already.
 */
export async function findSamePurchases(
  context: Context,
  rows: readonly { readonly record: SealedRecord; readonly boughtOn: string; readonly purchase: PurchaseText }[],
  importNo: number,
): Promise<boolean[]> {
  if (rows.length === 0) {
    return [];
  }
  const field = attachedField(context, "customer", purchaseField);
  const records = new Map(rows.map(({ record }) => [record.no, record]));
  const stored = await context.db.query<PurchaseRow>(
    `select ${purchaseColumns} from purchases
      where customer_no = any($1) and bought_on = any($2::date[]) and state = 'active' and import_no is distinct from $3`,
    [[...records.keys()], [...new Set(rows.map(({ boughtOn }) => boughtOn))], importNo],
    "purchases-same",
  );
  const ofDay = new Map<string, { row: PurchaseRow; text: NonNullable<ReturnType<typeof attachedText>> }[]>();
  for (const row of stored) {
    const record = records.get(row.customer_no) as SealedRecord;
    const text = attachedText({ kind: "customer", no: row.customer_no, record, field }, row.sealed_purchase);
    const day = `${row.customer_no} ${row.bought_on}`;
    ofDay.set(day, [...(ofDay.get(day) ?? []), ...(text === null ? [] : [{ row, text }])]);
  }
  const pairs = rows.flatMap(({ record, boughtOn, purchase }, index) =>
    (ofDay.get(`${record.no} ${boughtOn}`) ?? []).map(({ row, text }) => ({ index, purchaseNo: row.purchase_no, stored: text, typed: { ...purchase } })),
  );
  const isSame = examineSameParts(context, pairs, sameParts);
  const taken = new Set<number>();
  const same = rows.map(() => false);
  pairs.forEach(({ index, purchaseNo }, place) => {
    if (isSame[place] === true && same[index] === false && !taken.has(purchaseNo)) {
      same[index] = true;
      taken.add(purchaseNo);
    }
  });
  return same;
}

/** Moves up to `most` purchases that an import wrote, and that nobody has changed since, to the trash. Replies how many. */
export async function trashImportedPurchases(context: Context, importNo: number, most: number): Promise<number> {
  const rows = await context.db.query<PurchaseRow>(
    `update purchases set state = 'trashed', version = version + 1, updated_at = $3
      where purchase_no = any(array(
        select purchase_no from purchases where import_no = $1 and state = 'active' and version = 1 order by purchase_no limit $2 for update))
      returning ${purchaseColumns}`,
    [importNo, most, context.now],
    "purchases-trash-imported",
  );
  for (const row of rows) {
    context.journal.touched("customer", row.customer_no);
    context.journal.wrote("purchase", row.purchase_no, rowHash(hashedPurchase(row)));
  }
  return rows.length;
}
