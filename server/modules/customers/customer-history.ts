import { queryOver, SealedText, type Context, type Draft, type Input, type SealedRecord } from "#server/core/door/index.ts";
import { listEvents, type RecordedEvent } from "#server/core/ledger/index.ts";
import type { customerHistory as endpoint } from "#shared/customers.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { customerFor } from "./customer-records.ts";

type History = Draft<ReplyOf<typeof endpoint>>;

const editsAPage = 20;
/** Resealing moves values between blobs and changes none: no edit of anyone. */
const noEdits: ReadonlySet<string> = new Set(["customer.resealed"]);

/**
 * The edits of a customer, newest first (履歴). Old values are judged as the field and the customer stand now: who may not
 * read a field today reads none of its former values.
 */
export async function customerHistory(context: Context, input: Input<typeof endpoint>): Promise<History> {
  const { record, customerNo } = await customerFor(context, input.params.customerNo);
  context.journal.touched("customer", customerNo);
  const { events, nextBefore } = await listEvents(queryOver(context.db), { customerNo, writing: true, before: input.query.before, limit: editsAPage });
  return {
    edits: events
      .filter((event) => !noEdits.has(event.type))
      .map((event) => ({
        eventNo: event.eventNo,
        at: event.at.toISOString(),
        accountNo: event.accountNo,
        type: event.type,
        fields: changedFields(context, record, event),
      })),
    nextBefore,
  };
}

/** A bulk import keeps no before and after: its event has no fields. */
function changedFields(context: Context, record: SealedRecord, event: RecordedEvent): History["edits"][number]["fields"] {
  const numbers = event.facts["fields"];
  if (!Array.isArray(numbers)) {
    return [];
  }
  const parts = (label: string): Buffer[] =>
    event.sealed.filter((part) => part.label === label && part.subject.kind === "customer" && part.subject.no === record.no).map((part) => part.blob);
  const [before, after] = [parts("before"), parts("after")];
  const subject = { kind: "customer", no: record.no } as const;
  return context.policy.fields
    .filter((field) => field.kind === "customer" && numbers.includes(field.no))
    .map(({ key }) => ({
      field: key,
      before: before.length === 0 ? null : new SealedText(subject, before, key, { record, field: key }),
      after: after.length === 0 ? null : new SealedText(subject, after, key, { record, field: key }),
    }));
}
