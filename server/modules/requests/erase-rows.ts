import { randomUUID } from "node:crypto";
import { actAs, demandUnheld, type Context, type Erasure, type Storehouse } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import { noteRequestWritten } from "./hashed-requests.ts";

/** What a person's own requests say of the person: the texts. That something was asked and answered stays on record. */
export async function eraseOwnTexts(context: Context, customerNo: number): Promise<void> {
  const gone = await context.db.query<{ no: number }>("delete from customer_consents where customer_no = $1 returning consent_no as no", [customerNo]);
  for (const { no } of gone) {
    context.journal.wrote("person-consent", no, null);
  }
  const kept = await context.db.query<{ no: number }>(
    "update person_requests set sealed_text = null, sealed_answer = null where customer_no = $1 returning request_no as no",
    [customerNo],
  );
  for (const { no } of kept) {
    await noteRequestWritten(context, "person-request", no);
  }
}

/**
 * Removes what all modules hold of a person, in one transaction with its event (`customer.erased`). What stands on the
 * customer's row goes before it, so the modules above go first. The key is the caller's to destroy after it, durably.
 * @throws Problem not-found when there is neither a row nor a key; conflict {reason: "held"}
 */
export async function eraseRows(
  storehouse: Storehouse,
  erasures: readonly Erasure[],
  customerNo: number,
  note: (context: Context) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await actAs(storehouse, "system", "customer.erased", randomUUID(), async (context) => {
    const rows = await context.db.query("select 1 from customers where customer_no = $1 for update", [customerNo]);
    if (rows.length === 0 && storehouse.door.vault.isErased({ kind: "customer", no: customerNo })) {
      throw new Problem("not-found");
    }
    await demandUnheld(context, "customer", [customerNo]);
    for (const erase of erasures.toReversed()) {
      await erase(context, customerNo);
    }
    await note(context);
  });
}
