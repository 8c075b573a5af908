import { queryOver, SealedText, type Context, type Draft, type Input, type SealedRecord } from "#server/core/door/index.ts";
import { listEvents, type RecordedEvent } from "#server/core/ledger/index.ts";
import type { customerHistory as endpoint } from "#shared/customers.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { customerFor, listCustomers } from "./customer-records.ts";
import { customersMergedInto } from "./merged-customers.ts";

type History = Draft<ReplyOf<typeof endpoint>>;

const editsAPage = 20;
/** Resealing moves values between blobs and changes none: no edit of anyone. */
const noEdits: ReadonlySet<string> = new Set(["customer.resealed"]);

/**
 * The edits of a customer and of those merged into it, newest first (履歴). Old values are judged as the field and the customer stand now: who may not
 * read a field today reads none of its former values.
 */
export async function customerHistory(context: Context, input: Input<typeof endpoint>): Promise<History> {
  const query = queryOver(context.db);
  const { record, customerNo } = await customerFor(context, input.params.customerNo);
  const merged = await listCustomers(context, await customersMergedInto(query, customerNo), new Set());
  const records = [record, ...merged.map((row) => row.record)];
  records.forEach(({ no }) => context.journal.touched("customer", no));
  const { events, nextBefore } = await listEvents(query, {
    customerNo: records.map(({ no }) => no),
    writing: true,
    before: input.query.before,
    limit: editsAPage,
  });
  return {
    edits: events
      .filter((event) => !noEdits.has(event.type))
      .map((event) => ({
        eventNo: event.eventNo,
        at: event.at.toISOString(),
        accountNo: event.accountNo,
        type: event.type,
        fields: records.flatMap((one) => changesOfEvent(context, one, event)),
      })),
    nextBefore,
  };
}

/**
 * What an event changed of a customer or company, as handles of before and after. A bulk import keeps no before and after:
 * its event has no fields.
 */
export function changesOfEvent(context: Context, record: SealedRecord, event: RecordedEvent): History["edits"][number]["fields"] {
  const numbers = event.facts["fields"];
  const { kind, no } = record;
  if (!Array.isArray(numbers) || kind === "account") {
    return [];
  }
  const parts = (label: string): Buffer[] =>
    event.sealed.filter((part) => part.label === label && part.subject.kind === kind && part.subject.no === no).map((part) => part.blob);
  const [before, after] = [parts("before"), parts("after")];
  const subject = { kind, no } as const;
  return context.policy.fields
    .filter((field) => field.kind === kind && numbers.includes(field.no))
    .map(({ key }) => ({
      field: key,
      before: before.length === 0 ? null : new SealedText(subject, before, key, { record, field: key }),
      after: after.length === 0 ? null : new SealedText(subject, after, key, { record, field: key }),
    }));
}
