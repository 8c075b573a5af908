import { hasVerb, levelOf, relationOf } from "#server/core/access/compile.ts";
import { sealText, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { customerFor, setCustomerSuspended, type CustomerRow } from "#server/modules/customers/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { liftSuspension as liftEndpoint, suspendUse as endpoint } from "#shared/person-requests.ts";
import { Problem } from "#shared/problems.ts";
import { fieldClasses } from "#shared/rights.ts";
import { refuseCardNumber } from "./record-request.ts";

/** Whether the caller may write something of this very row. */
export function mayWriteRow(context: Context, row: CustomerRow): boolean {
  const { rights } = context.actor;
  const relation = relationOf(rights, row.record);
  return fieldClasses.some((name) => levelOf(rights, "customer", relation, name).level === "write");
}

/**
 * Stops every use of a person's data, at once and by whoever looks after the person: waiting would be the harm.
 * @throws Problem not-found, not-permitted; conflict {reason: "already-suspended"}
 */
export async function suspendUse(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const row = await customerFor(context, input.params.customerNo, "change");
  if (!mayWriteRow(context, row) && !hasVerb(context.actor.rights, "answer-person")) {
    throw new Problem("not-permitted");
  }
  if (row.isSuspended) {
    throw new Problem("conflict", { reason: "already-suspended", version: row.version });
  }
  keepReason(context, row, input.body.reason);
  return { kind: "suspended", ...(await setCustomerSuspended(context, row, true)) };
}

/**
 * Lifts a suspension: the privacy officer alone (the route's access).
 * @throws Problem not-found; conflict {reason: "not-suspended"}
 */
export async function liftSuspension(context: Context, input: Input<typeof liftEndpoint>): Promise<Draft<ReplyOf<typeof liftEndpoint>>> {
  const row = await customerFor(context, input.params.customerNo, "change");
  if (!row.isSuspended) {
    throw new Problem("conflict", { reason: "not-suspended", version: row.version });
  }
  keepReason(context, row, input.body.reason);
  return { kind: "lifted", ...(await setCustomerSuspended(context, row, false)) };
}

function keepReason(context: Context, { customerNo, version }: CustomerRow, reason: string): void {
  refuseCardNumber(reason);
  const subject = { kind: "customer", no: customerNo } as const;
  context.journal.sealed({
    label: "reason",
    subject,
    fieldClass: "personal",
    blob: sealText(context.door.vault, subject, "personal", version + 1, { reason }),
  });
}
