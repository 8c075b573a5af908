import { hasVerb } from "#server/core/access/compile.ts";
import { demandUnheld, queryOver, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { requestApproval, type ApprovalKind, type ApprovalRequest } from "#server/modules/approvals/index.ts";
import { beyondScope, customerFor, keptFor, listCustomers, numbersMergedInto } from "#server/modules/customers/index.ts";
import { addJob } from "#server/platform/jobs/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { askErasure as endpoint, erasureReasons } from "#shared/person-requests.ts";
import { Problem } from "#shared/problems.ts";
import { noteRequestWritten } from "./hashed-requests.ts";
import { refuseCardNumber } from "./record-request.ts";
import { erasureTask } from "./run-erasure.ts";
import { mayWriteRow } from "./suspend-use.ts";

/** The person's whole row of numbers: the customer with all that were merged into it. */
export type PersonsOf = (context: Context, customerNos: readonly number[]) => Promise<readonly number[]>;

/**
 * Asks a second person to allow the erasure of one person. Nothing is erased before.
 * @throws Problem not-found, not-permitted; conflict {reason: "held" | "already-asked"}; invalid-input {reason: "identity-first"}
 */
export async function askErasure(context: Context, input: Input<typeof endpoint>, personsOf: PersonsOf): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const row = await customerFor(context, input.params.customerNo, "change");
  const { rights } = context.actor;
  if (!hasVerb(rights, "answer-person") && !(hasVerb(rights, "delete") && mayWriteRow(context, row))) {
    throw new Problem("not-permitted", { verb: "delete" });
  }
  const { because, requestNo, reason } = input.body;
  if (requestNo !== null) {
    const [request] = await context.db.query<{ identity_check: string }>(
      "select identity_check from person_requests where request_no = $1 and customer_no = $2 and kind = 'erasure' and state <> 'withdrawn'",
      [requestNo, row.customerNo],
    );
    if (request === undefined) {
      throw new Problem("invalid-input", { field: "requestNo" });
    }
    if (request.identity_check === "none") {
      throw new Problem("invalid-input", { field: "identityCheck", reason: "identity-first" });
    }
  }
  const numbers = await personsOf(context, [row.customerNo]);
  return storeErasure(context, { kind: "erasure", because, requestNo, reason, numbers });
}

/** Stores an erasure that waits, and asks for it. */
export async function storeErasure(
  context: Context,
  given: {
    kind: "erasure" | "disposal";
    because: (typeof erasureReasons)[number];
    requestNo: number | null;
    reason: string;
    numbers: readonly number[];
  },
): Promise<{ erasureNo: number; approvalNo: number }> {
  refuseCardNumber(given.reason);
  const customerNos = [...given.numbers];
  await demandUnheld(context, "customer", customerNos);
  const [asked] = await context.db.query(
    "select 1 from erasure_members m join erasures e using (erasure_no) where m.customer_no = any($1) and e.state in ('waiting', 'running') limit 1",
    [customerNos],
  );
  if (asked !== undefined) {
    throw new Problem("conflict", { reason: "already-asked" });
  }
  const { requestNo: approvalNo } = await requestApproval(context, {
    kind: given.kind,
    facts: { persons: customerNos.length, customerNos, because: given.because },
    reason: given.reason,
  });
  const [stored] = await context.db.query<{ erasure_no: number }>(
    `insert into erasures (kind, reason_code, approval_no, request_no, asked_by, asked_at, persons) values ($1, $2, $3, $4, $5, $6, $7) returning erasure_no`,
    [given.kind, given.because, approvalNo, given.requestNo, context.actor.accountNo, context.now, customerNos.length],
  );
  const erasureNo = stored?.erasure_no ?? 0;
  await context.db.query("insert into erasure_members (erasure_no, customer_no) select $1, unnest($2::integer[])", [erasureNo, customerNos]);
  await noteRequestWritten(context, "erasure", erasureNo);
  context.journal.fact("erasureNo", erasureNo);
  context.journal.fact("because", given.because);
  return { erasureNo, approvalNo };
}

/** How a second person's judgement of an erasure or a disposal is carried out: as a job, person by person. */
export function erasureApproval(kind: "erasure" | "disposal"): ApprovalKind {
  return {
    kind,
    async check(context, request) {
      const numbers = request.facts.customerNos ?? [];
      if ((await listCustomers(context, numbers, new Set())).length !== numbers.length) {
        throw new Problem("not-permitted", { reason: "out-of-reach" });
      }
    },
    async approved(context, request) {
      await demandSamePersons(context, request.facts.customerNos ?? []);
      const erasureNo = await settle(context, request, "running");
      await addJob(context.db, erasureTask, { erasureNo }, { key: `${erasureTask} ${erasureNo}` });
    },
    async refused(context, request) {
      await settle(context, request, "refused");
    },
  };
}

/** Who was merged into one of them since is more than what was asked for, and would lose whom it stands with. */
async function demandSamePersons(context: Context, customerNos: readonly number[]): Promise<void> {
  const query = queryOver(context.db);
  const kept = await keptFor(query, "customer", customerNos);
  const every = await beyondScope(context, () => numbersMergedInto(query, "customer", [...new Set(kept.values())]));
  if ([...every.keys()].some((no) => !customerNos.includes(no))) {
    throw new Problem("conflict", { reason: "changed-since" });
  }
}

async function settle(context: Context, request: ApprovalRequest, state: "running" | "refused"): Promise<number> {
  const [row] = await context.db.query<{ erasure_no: number }>(
    "update erasures set state = $2, granted_by = $3, granted_at = $4 where approval_no = $1 and state = 'waiting' returning erasure_no",
    [request.requestNo, state, state === "running" ? context.actor.accountNo : null, state === "running" ? context.now : null],
  );
  if (row === undefined) {
    throw new Error("an approval of an erasure has no erasure");
  }
  await noteRequestWritten(context, "erasure", row.erasure_no);
  context.journal.fact("erasureNo", row.erasure_no);
  for (const no of request.facts.customerNos ?? []) {
    context.journal.touched("customer", no);
  }
  return row.erasure_no;
}
