import { hasVerb } from "#server/core/access/compile.ts";
import { queryOver, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { customerFor, listCustomers, numbersMergedInto, suspendedSince } from "#server/modules/customers/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { personFile as endpoint } from "#shared/person-requests.ts";
import { consentsOf } from "./consents.ts";
import { erasureOut, erasuresOf } from "./erasure-records.ts";
import { heldInSight } from "./held-in-sight.ts";
import { requestFacts, requestsOf, requestText } from "./request-records.ts";
import { mayWriteRow } from "./suspend-use.ts";

/** What a person asked, agreed to, and whether their use is suspended; what stands on rows merged into it is the person's too. */
export async function personFile(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const row = await customerFor(context, input.params.customerNo);
  const { customerNo, record } = row;
  const since = row.isSuspended ? await suspendedSince(context, customerNo) : null;
  const every = [...(await numbersMergedInto(queryOver(context.db), "customer", [customerNo])).keys()];
  const merged = await listCustomers(
    context,
    every.filter((no) => no !== customerNo),
    new Set(),
  );
  const records = new Map([[customerNo, record], ...merged.map((one) => [one.customerNo, one.record] as const)]);
  const numbers = [...records.keys()];
  const requests = await requestsOf(context, numbers);
  const consents = await consentsOf(context, numbers);
  const erasures = await erasuresOf(context, numbers);
  const held = await heldInSight(context, numbers);
  const { rights } = context.actor;
  const answers = hasVerb(rights, "answer-person");
  const writes = mayWriteRow(context, row);
  numbers.forEach((no) => context.journal.touched("customer", no));
  return {
    isHeld: held.size > 0,
    suspendedAt: since?.toISOString() ?? null,
    requests: requests.map((request) => ({
      ...requestFacts(context, request, held),
      text: requestText(records.get(request.customer_no) ?? record, request.sealed_text),
      answer: requestText(records.get(request.customer_no) ?? record, request.sealed_answer),
    })),
    consents: consents.map((one) => ({
      consentNo: one.consent_no,
      purposeNo: one.purpose_no,
      stance: one.stance,
      how: one.how,
      recordedBy: one.recorded_by,
      recordedAt: one.recorded_at.toISOString(),
      withdrawnAt: one.withdrawn_at?.toISOString() ?? null,
    })),
    erasures: erasures.map(erasureOut),
    may: { write: writes, suspend: writes || answers, lift: answers, erase: answers || (writes && hasVerb(rights, "delete")), answer: answers },
  };
}
