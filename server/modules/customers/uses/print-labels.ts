import { hasPurpose, hasVerb } from "#server/core/access/compile.ts";
import { examinePresence, SealedValues, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import { placesOf, printsWithoutBulk, type printLabels as endpoint } from "#shared/uses.ts";
import { classesOf, listCustomers } from "../customer-records.ts";

/** What stands on a label. */
const printedFields = ["fullName", "companyName", "section", "jobTitle", "postalCode", "address"] as const;

/**
 * Names and addresses for paper, in the order asked for. Whoever has no address, is in the trash, suspended or out of the
 * caller's sight is left out by number: nothing of them is opened.
 */
export async function printLabels(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { layout, startAt, honorific, postalBoxes, purpose } = input.body;
  const asked = [...new Set(input.body.customerNos)];
  const { across, down } = placesOf[layout];
  if (startAt > across * down) {
    throw new Problem("invalid-input", { field: "startAt" });
  }
  if (asked.length > printsWithoutBulk && !hasVerb(context.actor.rights, "bulk")) {
    throw new Problem("not-permitted", { verb: "bulk", most: printsWithoutBulk });
  }
  if (!hasPurpose(context.actor.rights, purpose)) {
    throw new Problem("purpose-needed");
  }
  const rows = await listCustomers(context, asked, classesOf(context, printedFields));
  if (rows.length === 0) {
    throw new Problem("not-found");
  }
  const usable = rows.filter((row) => row.state === "active" && !row.isSuspended);
  const withAddress = examinePresence(
    context,
    usable.map((row) => row.record),
    "address",
  );
  const printed = usable.filter((row) => withAddress.has(row.customerNo));
  const leftOut = asked.filter((no) => !withAddress.has(no));
  context.journal.purpose(purpose);
  context.journal.fact("layout", layout);
  context.journal.fact("persons", printed.length);
  context.journal.fact("leftOut", leftOut.length);
  return {
    at: context.now.toISOString(),
    layout,
    startAt,
    honorific,
    postalBoxes,
    persons: printed.map((row) => ({ customerNo: row.customerNo, values: new SealedValues(row.record, printedFields, "print") })),
    leftOut,
  };
}
