import type { Context, Draft, Input } from "#server/core/door/index.ts";
import { customerFor } from "#server/modules/customers/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { holdsCardNumber } from "#shared/find-card-number.ts";
import type { recordPersonRequest as endpoint } from "#shared/person-requests.ts";
import { Problem } from "#shared/problems.ts";
import { noteRequestWritten } from "./hashed-requests.ts";
import { sealRequestText } from "./request-records.ts";

/** @throws Problem card-number: what was typed holds one, which is never stored */
export function refuseCardNumber(text: string): void {
  if (holdsCardNumber(text)) {
    throw new Problem("card-number", { field: "text" });
  }
}

/** Records a request of a person whom the caller sees. Whoever takes the call records it; the officer answers. */
export async function recordRequest(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { kind, receivedOn, channel, identityCheck, text } = input.body;
  const { customerNo } = await customerFor(context, input.params.customerNo);
  refuseCardNumber(text);
  const [row] = await context.db.query<{ request_no: number; due_on: string }>(
    `insert into person_requests (customer_no, kind, received_on, due_on, channel, identity_check, recorded_by, recorded_at, sealed_text)
     select $1, $2, $3::date, $3::date + answer_days, $4, $5, $6, $7, $8 from person_policy returning request_no, due_on`,
    [customerNo, kind, receivedOn, channel, identityCheck, context.actor.accountNo, context.now, sealRequestText(context, customerNo, text)],
  );
  const { request_no: requestNo, due_on: dueOn } = row as { request_no: number; due_on: string };
  await noteRequestWritten(context, "person-request", requestNo);
  context.journal.touched("customer", customerNo);
  context.journal.fact("requestNo", requestNo);
  context.journal.fact("kind", kind);
  context.journal.fact("dueOn", dueOn);
  return { requestNo, dueOn };
}
