import { queryOver, type Context, type Draft, type Input, type SealedSource } from "#server/core/door/index.ts";
import { listEvents, type RecordedEvent } from "#server/core/ledger/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import type { undoEdit as endpoint } from "#shared/trash.ts";
import { customerFor, type CustomerRow } from "./customer-records.ts";
import { updateCustomer } from "./write-customer.ts";

const edits = ["customer.changed", "customer.edit-undone"];

/**
 * Undoes the caller's own last edit of a customer. What it was before stands sealed in the event of the edit; the door seals it
 * into the record again, and neither this use case nor the browser holds it.
 * @throws Problem conflict when somebody changed it since, or the last change was no edit of the caller
 */
export async function undoEdit(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const row = await customerFor(context, input.params.customerNo, "change");
  if (row.version !== input.body.version || row.state !== "active") {
    throw new Problem("conflict", { version: row.version });
  }
  const event = await lastEdit(context, row);
  if (event === undefined) {
    throw new Problem("conflict", { reason: "not-undoable" });
  }
  const { facts } = event;
  context.journal.fact("undone", event.eventNo);
  const from = formerValues(row, event);
  return updateCustomer(context, row, {
    ...(from === undefined ? {} : { from }),
    ...("formerOwner" in facts ? { ownerNo: facts["formerOwner"] as number | null } : {}),
    ...("formerCell" in facts ? { cellNo: facts["formerCell"] as number } : {}),
    ...("formerCompany" in facts ? { companyNo: facts["formerCompany"] as number | null } : {}),
  });
}

/** The event of the row's present version, which bears its very time. */
async function lastEdit(context: Context, row: CustomerRow): Promise<RecordedEvent | undefined> {
  const { events } = await listEvents(queryOver(context.db), {
    customerNo: row.customerNo,
    writing: true,
    types: edits,
    accountNo: context.actor.accountNo ?? undefined,
    from: row.updatedAt,
    to: new Date(row.updatedAt.getTime() + 1),
    limit: 10,
  });
  return events.find((event) => event.facts["version"] === row.version);
}

function formerValues(row: CustomerRow, event: RecordedEvent): SealedSource | undefined {
  const blobs = event.sealed
    .filter((part) => part.label === "before" && part.subject.kind === "customer" && part.subject.no === row.customerNo)
    .map((part) => part.blob);
  return blobs.length === 0 ? undefined : { subject: { kind: "customer", no: row.customerNo }, blobs };
}
