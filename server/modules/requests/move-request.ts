import { demandUnheld, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { customerFor, setCustomerSuspended } from "#server/modules/customers/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { movePersonRequest as endpoint } from "#shared/person-requests.ts";
import { Problem } from "#shared/problems.ts";
import { noteRequestWritten } from "./hashed-requests.ts";
import { refuseCardNumber } from "./record-request.ts";
import { requestColumns, sealRequestText, type RequestRow } from "./request-records.ts";

type Step = Input<typeof endpoint>["body"]["step"];

/**
 * One step of a request. Nothing is granted before it is known that it is the person; granting a suspension suspends at once.
 * @throws Problem not-found; conflict when it moved meanwhile, or {reason: "held"}: an erasure waits as long as a hold stands;
 *   invalid-input {reason: "identity-first"}
 */
export async function moveRequest(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { version, step } = input.body;
  const [row] = await context.db.query<RequestRow>(`select ${requestColumns} from person_requests where request_no = $1 for update`, [input.params.requestNo]);
  if (row === undefined) {
    throw new Problem("not-found");
  }
  if (row.version !== version || !mayTake(row, step)) {
    throw new Problem("conflict", { version: row.version });
  }
  context.journal.touched("customer", row.customer_no);
  context.journal.fact("requestNo", row.request_no);
  context.journal.fact("kind", row.kind);
  context.journal.fact("step", step.kind);
  const state = await take(context, row, step);
  await noteRequestWritten(context, "person-request", row.request_no);
  context.journal.fact("state", state);
  return { requestNo: row.request_no, version: row.version + 1, state };
}

function mayTake(row: RequestRow, step: Step): boolean {
  switch (step.kind) {
    case "identity":
    case "decide":
      return row.state === "open";
    case "answer":
      return row.state === "decided";
    case "withdraw":
      return row.state === "open" || row.state === "decided";
  }
}

async function take(context: Context, row: RequestRow, step: Step): Promise<RequestRow["state"]> {
  const set = async (assignments: string, values: readonly unknown[]): Promise<void> => {
    await context.db.query(`update person_requests set version = version + 1, ${assignments} where request_no = $1`, [row.request_no, ...values]);
  };
  switch (step.kind) {
    case "identity":
      await set("identity_check = $2", [step.identityCheck]);
      context.journal.fact("identityCheck", step.identityCheck);
      return row.state;
    case "decide":
      if (step.decision !== "refused" && row.identity_check === "none") {
        throw new Problem("invalid-input", { field: "identityCheck", reason: "identity-first" });
      }
      if (row.kind === "erasure" && step.decision !== "refused") await demandUnheld(context, "customer", [row.customer_no]);
      refuseCardNumber(step.answer);
      await set("state = 'decided', decision = $2, decided_by = $3, decided_at = $4, sealed_answer = $5", [
        step.decision,
        context.actor.accountNo,
        context.now,
        sealRequestText(context, row.customer_no, step.answer),
      ]);
      context.journal.fact("decision", step.decision);
      if (row.kind === "suspension" && step.decision === "granted") {
        await suspendUnlessErased(context, row.customer_no);
      }
      return "decided";
    case "answer":
      await set("state = 'answered', answered_by = $2, answered_at = $3", [context.actor.accountNo, context.now]);
      return "answered";
    case "withdraw":
      await set("state = 'withdrawn'", []);
      return "withdrawn";
  }
}

async function suspendUnlessErased(context: Context, customerNo: number): Promise<void> {
  if (context.door.vault.isErased({ kind: "customer", no: customerNo })) {
    return;
  }
  const customer = await customerFor(context, customerNo, "change");
  if (!customer.isSuspended) {
    await setCustomerSuspended(context, customer, true);
    context.journal.fact("suspended", true);
  }
}
