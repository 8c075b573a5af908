import type { Context } from "#server/core/door/index.ts";
import type { ErasureRow, erasureReasons, erasureStates } from "#shared/person-requests.ts";

export interface StoredErasure {
  readonly erasure_no: number;
  readonly kind: "erasure" | "disposal";
  readonly reason_code: (typeof erasureReasons)[number];
  readonly state: (typeof erasureStates)[number];
  readonly approval_no: number | null;
  readonly request_no: number | null;
  readonly asked_by: number;
  readonly asked_at: Date;
  readonly granted_by: number | null;
  readonly granted_at: Date | null;
  readonly persons: number;
  readonly erased: number;
  readonly held: number;
  readonly done_at: Date | null;
  readonly keys_refreshed_at: Date | null;
  readonly keys_missed: number | null;
}

export const erasureColumns =
  "e.erasure_no, e.kind, e.reason_code, e.state, e.approval_no, e.request_no, e.asked_by, e.asked_at, e.granted_by, e.granted_at, e.persons, e.erased, e.held, e.done_at, e.keys_refreshed_at, e.keys_missed";

export function erasureOut(row: StoredErasure): ErasureRow {
  return {
    erasureNo: row.erasure_no,
    kind: row.kind,
    reason: row.reason_code,
    state: row.state,
    approvalNo: row.approval_no,
    requestNo: row.request_no,
    askedBy: row.asked_by,
    askedAt: row.asked_at.toISOString(),
    grantedBy: row.granted_by,
    grantedAt: row.granted_at?.toISOString() ?? null,
    persons: row.persons,
    erased: row.erased,
    held: row.held,
    doneAt: row.done_at?.toISOString() ?? null,
    keysRefreshedAt: row.keys_refreshed_at?.toISOString() ?? null,
    keysMissed: row.keys_missed,
  };
}

/** Erasures that name a person under any of these numbers, newest first. */
export async function erasuresOf(context: Context, customerNos: readonly number[]): Promise<StoredErasure[]> {
  return context.db.query<StoredErasure>(
    `select ${erasureColumns} from erasures e
      where e.erasure_no in (select m.erasure_no from erasure_members m where m.customer_no = any($1)) order by e.erasure_no desc`,
    [customerNos],
  );
}
