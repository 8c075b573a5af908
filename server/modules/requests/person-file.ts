import { hasVerb } from "#server/core/access/compile.ts";
import type { Context, Draft, Input } from "#server/core/door/index.ts";
import { customerFor, suspendedSince } from "#server/modules/customers/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { personFile as endpoint } from "#shared/person-requests.ts";
import { consentsOf } from "./consents.ts";
import { erasureOut, erasuresOf } from "./erasure-records.ts";
import { requestFacts, requestsOf, requestText } from "./request-records.ts";
import { mayWriteRow } from "./suspend-use.ts";

/** What a person asked, agreed to, and whether their use is suspended. */
export async function personFile(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const row = await customerFor(context, input.params.customerNo);
  const { customerNo, record } = row;
  const since = row.isSuspended ? await suspendedSince(context, customerNo) : null;
  const requests = await requestsOf(context, customerNo);
  const consents = await consentsOf(context, customerNo);
  const erasures = await erasuresOf(context, customerNo);
  const { rights } = context.actor;
  const answers = hasVerb(rights, "answer-person");
  const writes = mayWriteRow(context, row);
  context.journal.touched("customer", customerNo);
  return {
    suspendedAt: since?.toISOString() ?? null,
    requests: requests.map((request) => ({
      ...requestFacts(context, request),
      text: requestText(record, request.sealed_text),
      answer: requestText(record, request.sealed_answer),
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
