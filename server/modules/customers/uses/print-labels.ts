import { hasPurpose, hasVerb } from "#server/core/access/compile.ts";
import { recordFieldOf } from "#server/core/access/policy.ts";
import { examinePresence, SealedValues, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { approvedRequest, requestApproval, type ApprovalKind } from "#server/modules/approvals/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import type { Purpose } from "#shared/rights.ts";
import {
  placesOf,
  printableDays,
  printsWithoutBulk,
  type askPrint as askEndpoint,
  type printApproved as approvedEndpoint,
  type printLabels as endpoint,
  type PrintLayout,
  type PrintStyle,
} from "#shared/uses.ts";
import { classesOf, listCustomers, type CustomerRow } from "../customer-records.ts";
import { demandAllInSight } from "../demand-all-in-sight.ts";
import { countPrint, type TakenOtherwise } from "./free-prints.ts";
import { offsetOf } from "./print-offset.ts";

/** What stands on a label. */
const printedFields = ["fullName", "companyName", "section", "jobTitle", "postalCode", "address"] as const;
const dayMs = 86_400_000;

/**
 * Names and addresses for paper, in the order asked for, as many as may be taken out without asking. Whoever has no address,
 * is in the trash, suspended or out of the caller's sight is left out by number: nothing of them is opened.
 * @throws Problem invalid-input, not-found, purpose-needed; not-permitted {reason: "print-limit"} where a second person is asked
 */
export async function printLabels(context: Context, input: Input<typeof endpoint>, takenOtherwise: TakenOtherwise): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { startAt, purpose, customerNos, ...style } = input.body;
  demandPlace(style.layout, startAt);
  const { printed, leftOut } = await choose(context, customerNos, purpose);
  if (hasSensitive(context)) {
    throw new Problem("not-permitted", { reason: "print-limit", limit: 0 });
  }
  await countPrint(
    context,
    printed.map((row) => row.customerNo),
    takenOtherwise,
  );
  return paper(context, { ...style, startAt, purpose, printed, leftOut });
}

/** Asks a second person for a print beyond what may be taken out without asking. */
export async function askPrint(context: Context, input: Input<typeof askEndpoint>): Promise<Draft<ReplyOf<typeof askEndpoint>>> {
  const { purpose, reason, customerNos, ...style } = input.body;
  const { printed, leftOut } = await choose(context, customerNos, purpose);
  if (printed.length === 0) {
    throw new Problem("invalid-input", { field: "customerNos" });
  }
  const facts = {
    persons: printed.length,
    customerNos: printed.map((row) => row.customerNo),
    fields: printedFields,
    sensitive: hasSensitive(context),
    ...style,
  };
  const { requestNo } = await requestApproval(context, { kind: "label-print", facts, purpose, reason });
  return { requestNo, persons: printed.length, leftOut: leftOut.length };
}

/**
 * Prints what a second person approved, for some days: paper jams. Rights, sight and suspension are asked again each time.
 * @throws Problem as {@link approvedRequest}; conflict {reason: "term-over"}; not-permitted {reason: "classed-anew"}
 */
export async function printApproved(context: Context, input: Input<typeof approvedEndpoint>): Promise<Draft<ReplyOf<typeof approvedEndpoint>>> {
  const { requestNo } = input.params;
  const { request, purpose, decidedAt } = await approvedRequest(context, "label-print", requestNo);
  const { customerNos = [], sensitive, layout, honorific, postalBoxes } = request.facts;
  const style = { layout, honorific, postalBoxes } as PrintStyle;
  context.journal.fact("requestNo", requestNo);
  if (decidedAt.getTime() + printableDays * dayMs < context.now.getTime()) {
    throw new Problem("conflict", { reason: "term-over" });
  }
  if (hasSensitive(context) && sensitive !== true) {
    throw new Problem("not-permitted", { reason: "classed-anew" });
  }
  demandPlace(style.layout, input.body.startAt);
  return paper(context, { ...style, startAt: input.body.startAt, purpose, ...(await choose(context, customerNos, purpose)) });
}

/** A print beyond the limit: judged by somebody who sees all of them. Whoever asked prints it afterwards. */
export const printApproval: ApprovalKind = {
  kind: "label-print",
  check: (context, { facts }) => demandAllInSight(context, facts.customerNos ?? []),
  approved: async (context, { facts }) => {
    for (const customerNo of facts.customerNos ?? []) {
      context.journal.touched("customer", customerNo);
    }
  },
};

function demandPlace(layout: PrintLayout, startAt: number): void {
  const { across, down } = placesOf[layout];
  if (startAt > across * down) {
    throw new Problem("invalid-input", { field: "startAt" });
  }
}

function hasSensitive({ policy }: Pick<Context, "policy">): boolean {
  return printedFields.some((key) => recordFieldOf(policy, "customer", key)?.class === "sensitive");
}

/** Who of those asked for can be printed, and the numbers of the others. */
async function choose(context: Context, customerNos: readonly number[], purpose: Purpose): Promise<{ printed: CustomerRow[]; leftOut: number[] }> {
  const asked = [...new Set(customerNos)];
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
  return { printed: usable.filter((row) => withAddress.has(row.customerNo)), leftOut: asked.filter((no) => !withAddress.has(no)) };
}

interface Paper extends PrintStyle {
  readonly startAt: number;
  readonly purpose: Purpose;
  readonly printed: readonly CustomerRow[];
  readonly leftOut: number[];
}

async function paper(context: Context, { printed, leftOut, purpose, startAt, ...style }: Paper): Promise<Draft<ReplyOf<typeof endpoint>>> {
  context.journal.purpose(purpose);
  context.journal.fact("layout", style.layout);
  context.journal.fact("persons", printed.length);
  context.journal.fact("leftOut", leftOut.length);
  return {
    at: context.now.toISOString(),
    startAt,
    layout: style.layout,
    honorific: style.honorific,
    postalBoxes: style.postalBoxes,
    offset: await offsetOf(context),
    persons: printed.map((row) => ({ customerNo: row.customerNo, values: new SealedValues(row.record, printedFields, "print") })),
    leftOut,
  };
}
