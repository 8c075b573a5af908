import { randomBytes } from "node:crypto";
import { sealText, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { requestApproval } from "#server/modules/approvals/index.ts";
import { addJob } from "#server/platform/jobs/index.ts";
import type { startBulk as endpoint } from "#shared/bulk.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import { listCustomers } from "../customer-records.ts";
import { trashRules } from "../trash-rules.ts";
import { countTrashedAlone } from "../trashed-alone.ts";
import type { ViewCache } from "../view-cache.ts";
import { carryOutNext, noteOperation, type HandOverHook } from "./carry-out.ts";
import { goalOf } from "./goal-of.ts";
import { judgeRow, type Verdict } from "./judge-row.ts";
import { operationFor, type Goal } from "./operation-records.ts";
import { selectedNumbers } from "./selected-numbers.ts";

/** The name of the job that carries an operation out. */
export const bulkTask = "customers.bulk";
/** So many are changed while the caller waits; more go on in the background. */
const mostWaitedFor = 200;

/**
 * Begins an operation on many customers. Few are done in the same transaction; many by a job; more for the trash than one
 * person may send there wait for a second person.
 * @throws Problem conflict {persons} when others are meant than the preview said
 */
export async function startBulk(
  context: Context,
  input: Input<typeof endpoint>,
  cache: ViewCache,
  onHandOver: HandOverHook | undefined,
): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { body } = input;
  const goal = await goalOf(context, body);
  const numbers = await selectedNumbers(context, body, cache);
  if (numbers.length !== body.expected.persons) {
    throw new Problem("conflict", { persons: numbers.length });
  }
  const operationNo = await insertOperation(context, body, goal, numbers);
  noteOperation(context, { operation_no: operationNo, kind: body.kind, goal });
  context.journal.fact("persons", numbers.length);
  if (body.kind === "trash" && (await askFirst(context, operationNo, goal, numbers, body.reason))) {
    return { operationNo, state: "awaits-approval" };
  }
  if (numbers.length > mostWaitedFor) {
    for (const row of await listCustomers(context, numbers, new Set())) {
      context.journal.touched("customer", row.customerNo);
    }
    await addJob(context.db, bulkTask, { operationNo }, { key: `bulk ${operationNo}` });
    return { operationNo, state: "running" };
  }
  await carryOutNext(context, await operationFor(context, operationNo, "change"), onHandOver, mostWaitedFor);
  await context.db.query("update bulk_operations set state = 'done', finished_at = $2 where operation_no = $1", [operationNo, context.now]);
  return { operationNo, state: "done" };
}

async function insertOperation(context: Context, body: Input<typeof endpoint>["body"], goal: Goal, numbers: readonly number[]): Promise<number> {
  const hasValues = goal.fields !== undefined;
  const queryNo = hasValues ? randomBytes(5).readUIntBE(0, 5) : null;
  // Under the strictest class: the blob may hold a field of any.
  const blob = queryNo === null ? null : sealText(context.door.vault, { kind: "query", no: queryNo }, "sensitive", 1, body.values ?? {});
  const [row] = await context.db.query<{ operation_no: number }>(
    `insert into bulk_operations (account_no, kind, state, goal, query_no, sealed_values, persons, created_at, started_at)
     values ($1, $2, 'running', $3, $4, $5, $6, $7, $7) returning operation_no`,
    [context.actor.accountNo, body.kind, JSON.stringify(goal), queryNo, blob, numbers.length, context.now],
    "bulk-insert",
  );
  const operationNo = (row as { operation_no: number }).operation_no;
  await context.db.query("insert into bulk_members (operation_no, customer_no) select $1, unnest($2::integer[])", [operationNo, numbers], "bulk-members");
  return operationNo;
}

/** True when it waits for a second person now. */
async function askFirst(context: Context, operationNo: number, goal: Goal, numbers: readonly number[], reason: string): Promise<boolean> {
  const verdicts = new Map((await listCustomers(context, numbers, new Set())).map((row) => [row.customerNo, judgeRow(context, row, "trash", goal)]));
  const customerNos = numbers.filter((no) => verdicts.get(no) === "change");
  const { alone } = await trashRules(context);
  if (customerNos.length === 0 || customerNos.length + (await countTrashedAlone(context, { lock: true, besides: operationNo })) <= alone) {
    return false;
  }
  const { requestNo } = await requestApproval(context, { kind: "bulk-trash", facts: { persons: customerNos.length, customerNos, operationNo }, reason });
  await context.db.query("update bulk_operations set state = 'awaits-approval', request_no = $2 where operation_no = $1", [operationNo, requestNo]);
  await settleOthers(context, operationNo, numbers, verdicts);
  return true;
}

/** Whom the second person is not asked about is not carried out afterwards either, whatever the rights will be by then. */
async function settleOthers(context: Context, operationNo: number, numbers: readonly number[], verdicts: ReadonlyMap<number, Verdict>): Promise<void> {
  const others = numbers.filter((no) => verdicts.get(no) !== "change");
  await context.db.query(
    "update bulk_members m set outcome = n.outcome from unnest($2::integer[], $3::text[]) as n (no, outcome) where m.operation_no = $1 and m.customer_no = n.no",
    [operationNo, others, others.map((no) => verdicts.get(no) ?? "gone")],
  );
  await context.db.query("update bulk_operations set refused = refused + $2 where operation_no = $1", [operationNo, others.length]);
}
