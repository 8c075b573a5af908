import { openEpoch, type Epoch } from "../epoch.ts";
import type { Query } from "../query.ts";

/** All epochs with their documents, oldest first; one whose document does not fit its signature is left out. */
export async function listEpochs(query: Query): Promise<(Epoch & { readonly document: string; readonly signature: Buffer })[]> {
  const { rows } = await query.query("select document, signature from ledger_epochs order by epoch_no");
  return rows.flatMap((row) => {
    const stored = { document: row["document"] as string, signature: row["signature"] as Buffer };
    const epoch = openEpoch(stored.document, stored.signature);
    return epoch === undefined ? [] : [{ ...epoch, ...stored }];
  });
}
