import type { Context, SealedSource } from "#server/core/door/index.ts";
import { beyondScope } from "../beyond-scope.ts";
import { changeLocked, moveLocked, type ChangedCustomer } from "../change-customers.ts";
import { everyClass, lockCustomers, type CustomerRow } from "../customer-records.ts";
import { judgeRow, type Verdict } from "./judge-row.ts";
import type { OperationRow } from "./operation-records.ts";

/**
 * Moves what is still to be done with customers (next actions) from one member of staff to another when they are handed
 * over; declared by whoever keeps it.
 */
export type HandOverHook = (context: Context, fromNo: number, toNo: number, customerNos: readonly number[]) => Promise<unknown>;

/** Customers of one transaction: half a second's work. */
export const batchRows = 500;

/**
 * Does an operation's next customers, with the rights of the context as they stand now. Who was dealt with waits no more, so
 * that going on after a crash, or twice at a time, doubles nothing. False when nobody waits.
 */
export async function carryOutNext(context: Context, operation: OperationRow, onHandOver: HandOverHook | undefined, most = batchRows): Promise<boolean> {
  const waiting = await context.db.query<{ no: number }>(
    "select customer_no as no from bulk_members where operation_no = $1 and outcome = 'waiting' order by customer_no limit $2 for update",
    [operation.operation_no, most],
  );
  if (waiting.length === 0) {
    return false;
  }
  const { kind, goal } = operation;
  const numbers = waiting.map((row) => row.no);
  const rows = await lockCustomers(context, numbers, everyClass);
  const verdicts = new Map<number, Verdict>(rows.map((row) => [row.customerNo, judgeRow(context, row, kind, goal)]));
  const meant = rows.filter((row) => verdicts.get(row.customerNo) === "change");
  const { changed, stayed } = await changeAll(context, operation, meant);
  stayed.forEach((no) => verdicts.set(no, "stayed"));
  if (kind === "hand-over" && onHandOver !== undefined) {
    await handOver(context, onHandOver, changed, goal.ownerNo as number);
  }
  await note(context, operation, numbers, verdicts, changed);
  return true;
}

async function changeAll(context: Context, operation: OperationRow, rows: readonly CustomerRow[]): Promise<{ changed: ChangedCustomer[]; stayed: number[] }> {
  const { kind, goal } = operation;
  if (kind === "trash" || kind === "restore") {
    const aloneBy = kind === "trash" && operation.request_no === null ? operation.account_no : null;
    return { changed: await moveLocked(context, rows, kind === "trash" ? "trashed" : "active", aloneBy), stayed: [] };
  }
  const from = sourceOf(operation);
  const change = {
    ...(from === undefined ? {} : { from }),
    ...(goal.ownerNo === undefined ? {} : { ownerNo: goal.ownerNo }),
    ...(goal.cellNo === undefined ? {} : { cellNo: goal.cellNo }),
    ...(goal.companyNo === undefined ? {} : { companyNo: goal.companyNo }),
  };
  return changeLocked(context, rows, () => change);
}

function sourceOf({ query_no: queryNo, sealed_values: blob }: OperationRow): SealedSource | undefined {
  return queryNo === null || blob === null ? undefined : { subject: { kind: "query", no: Number(queryNo) }, blobs: [blob] };
}

/** Former owners' responsibilities go with their customers. */
async function handOver(context: Context, hook: HandOverHook, changed: readonly ChangedCustomer[], toNo: number): Promise<void> {
  const byFormer = new Map<number, number[]>();
  for (const { customerNo, former } of changed) {
    if (former.ownerNo !== null && former.ownerNo !== toNo) {
      byFormer.set(former.ownerNo, [...(byFormer.get(former.ownerNo) ?? []), customerNo]);
    }
  }
  for (const [fromNo, customerNos] of byFormer) {
    // Whoever handed them over may not see them any more.
    await beyondScope(context, () => hook(context, fromNo, toNo, customerNos));
  }
}

async function note(
  context: Context,
  operation: OperationRow,
  numbers: readonly number[],
  verdicts: ReadonlyMap<number, Verdict>,
  changed: readonly ChangedCustomer[],
): Promise<void> {
  const former = new Map(changed.map((one) => [one.customerNo, one]));
  const outcomes = numbers.map((no) => {
    const verdict = verdicts.get(no);
    return verdict === undefined ? "gone" : verdict === "change" ? "changed" : verdict;
  });
  const of = <Value>(pick: (one: ChangedCustomer) => Value): (Value | null)[] =>
    numbers.map((no) => {
      const one = former.get(no);
      return one === undefined ? null : pick(one);
    });
  await context.db.query(
    `update bulk_members m set outcome = n.outcome, version = n.version, state = n.state, owner_no = n.owner, cell_no = n.cell, company_no = n.company,
            sealed_open = n.o, sealed_internal = n.i, sealed_personal = n.p, sealed_sensitive = n.s
       from unnest($2::integer[], $3::text[], $4::integer[], $5::text[], $6::integer[], $7::integer[], $8::integer[], $9::bytea[], $10::bytea[], $11::bytea[], $12::bytea[])
         as n (no, outcome, version, state, owner, cell, company, o, i, p, s)
      where m.operation_no = $1 and m.customer_no = n.no`,
    [
      operation.operation_no,
      numbers,
      outcomes,
      of((one) => one.version),
      of((one) => one.former.state),
      of((one) => one.former.ownerNo),
      of((one) => one.former.cellNo),
      of((one) => one.former.companyNo),
      ...[...everyClass].map((fieldClass) => of((one) => one.former.blobs[fieldClass] ?? null)),
    ],
    "bulk-note",
  );
  const stayed = outcomes.filter((outcome) => outcome === "stayed").length;
  const refused = numbers.length - stayed - changed.length;
  await context.db.query(
    "update bulk_operations set changed = changed + $2, stayed = stayed + $3, refused = refused + $4 where operation_no = $1",
    [operation.operation_no, changed.length, stayed, refused],
    "bulk-advance",
  );
  noteOperation(context, operation);
  context.journal.fact("changed", changed.length);
  context.journal.fact("refused", refused);
}

/** What an operation is, in its events. */
export function noteOperation({ journal }: Context, { operation_no: operationNo, kind, goal }: Pick<OperationRow, "operation_no" | "kind" | "goal">): void {
  journal.fact("operation", operationNo);
  journal.fact("kind", kind);
  for (const [name, value] of Object.entries({ owner: goal.ownerNo, cell: goal.cellNo, company: goal.companyNo })) {
    if (value !== undefined) {
      journal.fact(name, value);
    }
  }
}
