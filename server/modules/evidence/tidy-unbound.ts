import { randomUUID } from "node:crypto";
import { actAs, type Storehouse } from "#server/core/door/index.ts";

const dayMs = 86_400_000;

/**
 * Removes sealed parts that belong to nothing: an upload that was broken off, a snapshot whose node fell. After a day without a further part;
 * what an item names stays, whoever asks (the function in the database). One event where something was removed.
 */
export async function tidyUnbound(storehouse: Storehouse): Promise<void> {
  const before = new Date(storehouse.clock().getTime() - dayMs);
  const { rows } = await storehouse.pool.query(
    `select from evidence_parts p where not exists (select from evidence_items i where i.item_no = p.item_no)
      group by p.item_no having max(p.kept_at) < $1 limit 1`,
    [before],
  );
  if (rows.length === 0) return;
  await actAs(storehouse, "system", "evidence.unbound-removed", randomUUID(), async ({ db, journal }) => {
    const [gone] = await db.query<{ items: number; parts: number; bytes: string }>("select items, parts, bytes from remove_unbound_evidence($1)", [before]);
    journal.fact("items", gone?.items ?? 0);
    journal.fact("parts", gone?.parts ?? 0);
    journal.fact("bytes", Number(gone?.bytes ?? 0));
  });
}
