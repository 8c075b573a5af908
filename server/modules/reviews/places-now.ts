import type { Query } from "#server/core/ledger/index.ts";
import type { Place } from "./reach.ts";

/** Where active customers stand at this moment: cell and owner, and how many. */
export async function placesNow(query: Query): Promise<Place[]> {
  const { rows } = await query.query("select cell_no, owner_no, customers from count_customers_by_place()");
  return (rows as unknown as { cell_no: number; owner_no: number | null; customers: number }[]).map((row) => ({
    cellNo: row.cell_no,
    ownerNo: row.owner_no,
    customers: row.customers,
  }));
}
