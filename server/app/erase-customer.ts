import { eraseRows } from "#server/modules/requests/index.ts";
import { numbersOfPerson } from "#server/modules/duplicates/index.ts";
import { refreshKeyFiles, type RefreshedKeyFiles } from "#server/modules/backup/index.ts";
import { backupHouse } from "./command-backup.ts";
import { modules } from "./modules.ts";
import type { OpenStorehouse } from "./open-storehouse.ts";

/**
 * Erases a person everywhere, with whoever was merged into that person: what each module declares, in one transaction each with
 * its event; then the keys, durably; then the key files of all known backups. After a crash between these steps the act is to be repeated; it may be.
 * @throws Problem not-found when there is neither a row nor a key
 */
export async function eraseCustomer(open: OpenStorehouse, customerNo: number): Promise<RefreshedKeyFiles> {
  const erasures = modules.flatMap((module) => module.erasures ?? []);
  const merged = (await open.storehouse.door.snapshot((query) => numbersOfPerson(query, customerNo))).filter((no) => no !== customerNo);
  for (const no of merged.filter((one) => !open.vault.isErased({ kind: "customer", no: one }))) {
    await eraseRows(open.storehouse, erasures, no);
  }
  await eraseRows(open.storehouse, erasures, customerNo);
  await open.vault.eraseKeys([...merged, customerNo].map((no) => ({ kind: "customer", no }) as const));
  return refreshKeyFiles(backupHouse(open));
}
