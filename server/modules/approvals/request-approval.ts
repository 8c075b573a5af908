import { randomBytes } from "node:crypto";
import { sealText, type Context } from "#server/core/door/index.ts";
import type { ApprovalKindName } from "#shared/approvals.ts";
import { Problem } from "#shared/problems.ts";
import type { Purpose } from "#shared/rights.ts";
import type { ApprovalFacts } from "./approval-kind.ts";
import { noteApprovalWritten } from "./hashed-approvals.ts";

/** For so long a request may be judged. */
export const termDays = 14;
const mostCustomers = 10_000;
const dayMs = 86_400_000;

/**
 * Asks a second person, in the transaction of the act that needs it; the act's own event names the request and touches its
 * customers. `reason` is what the asker typed; it is sealed.
 * @throws Problem invalid-input for more than 10,000 customers
 */
export async function requestApproval(
  context: Context,
  given: { kind: ApprovalKindName; facts: ApprovalFacts; purpose?: Purpose; reason: string },
): Promise<{ requestNo: number }> {
  const { accountNo } = context.actor;
  if (accountNo === null) {
    throw new Error("only a member of staff asks for approval");
  }
  const { customerNos = [], ...facts } = given.facts;
  if (customerNos.length > mostCustomers) {
    throw new Problem("invalid-input", { field: "customerNos", most: mostCustomers });
  }
  const queryNo = randomBytes(5).readUIntBE(0, 5);
  const reason = sealText(context.door.vault, { kind: "query", no: queryNo }, "personal", 1, { reason: given.reason });
  const [row] = await context.db.query<{ request_no: number }>(
    `insert into approvals (kind, asked_by, asked_at, expires_at, purpose, facts, customer_nos, query_no, sealed_reason)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning request_no`,
    [
      given.kind,
      accountNo,
      context.now,
      new Date(context.now.getTime() + termDays * dayMs),
      given.purpose ?? null,
      JSON.stringify(facts),
      customerNos,
      queryNo,
      reason,
    ],
  );
  const requestNo = row?.request_no ?? 0;
  await noteApprovalWritten(context, requestNo);
  context.journal.fact("requestNo", requestNo);
  context.journal.fact("kind", given.kind);
  context.journal.fact("persons", facts.persons);
  if (given.purpose !== undefined) {
    context.journal.purpose(given.purpose);
  }
  for (const customerNo of customerNos) {
    context.journal.touched("customer", customerNo);
  }
  return { requestNo };
}
