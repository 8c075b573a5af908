import { SealedRecord, statedFields, type Context } from "#server/core/door/index.ts";
import { beyondScope } from "./beyond-scope.ts";
import { classesOf } from "./customer-records.ts";

/** What so many carry is no sign of anybody. */
const mostCandidates = 5_000;

interface Row {
  readonly customer_no: number;
  readonly owner_no: number | null;
  readonly cell_no: number;
  readonly version: number;
  readonly is_suspended: boolean;
  readonly sealed_open: Buffer | null;
  readonly sealed_internal: Buffer | null;
  readonly sealed_personal: Buffer | null;
  readonly sealed_sensitive: Buffer | null;
}

/**
 * Customers anywhere, in whatever state, that carry one of the tokens: for the door to compare with what a caller states of themselves
 * (`examineStated`), and for nothing else. Nobody reads them by this; of whom it turns out to be, the desk learns the number.
 */
export async function findStated(context: Context, tokens: readonly number[]): Promise<SealedRecord[]> {
  const held = classesOf(context, [...statedFields]);
  const blob = (name: string, place: number): string => (held.has(place) ? name : `null::bytea as ${name}`);
  const rows = await beyondScope(context, () =>
    context.db.query<Row>(
      `select customer_no, owner_no, cell_no, version, use_suspended_at is not null as is_suspended,
              ${["sealed_open", "sealed_internal", "sealed_personal", "sealed_sensitive"].map(blob).join(", ")}
         from customers where customer_no = any(array(select distinct find_customers_by_tokens($1) limit ${mostCandidates}))`,
      [tokens],
    ),
  );
  return rows.map(
    (row) =>
      new SealedRecord({
        kind: "customer",
        no: row.customer_no,
        ownerNo: row.owner_no,
        cellNo: row.cell_no,
        version: row.version,
        isSuspended: row.is_suspended,
        blobs: [row.sealed_open, row.sealed_internal, row.sealed_personal, row.sealed_sensitive],
      }),
  );
}
