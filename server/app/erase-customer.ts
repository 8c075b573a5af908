import { randomUUID } from "node:crypto";
import { actAs } from "#server/core/door/index.ts";
import { refreshKeyFiles, type RefreshedKeyFiles } from "#server/modules/backup/index.ts";
import { Problem } from "#shared/problems.ts";
import { backupHouse } from "./command-backup.ts";
import { modules } from "./modules.ts";
import type { OpenStorehouse } from "./open-storehouse.ts";

/**
 * Erases a person everywhere: what each module declares, in one transaction with its event; then the key, durably; then the
 * key files of all known backups. After a crash between these steps the act is to be repeated; it may be.
 * @throws Problem not-found when there is neither a row nor a key
 */
export async function eraseCustomer(open: OpenStorehouse, customerNo: number): Promise<RefreshedKeyFiles> {
  const subject = { kind: "customer", no: customerNo } as const;
  await actAs(open.storehouse, "system", "customer.erased", randomUUID(), async (context) => {
    const rows = await context.db.query("select 1 from customers where customer_no = $1 for update", [customerNo]);
    if (rows.length === 0 && open.vault.isErased(subject)) {
      throw new Problem("not-found");
    }
    for (const module of modules) {
      for (const erase of module.erasures ?? []) {
        await erase(context, customerNo);
      }
    }
  });
  await open.vault.eraseKey(subject);
  return refreshKeyFiles(backupHouse(open));
}
