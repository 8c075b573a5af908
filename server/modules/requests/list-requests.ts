import { hasVerb } from "#server/core/access/compile.ts";
import { sealed, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { classesOf, listCustomers } from "#server/modules/customers/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { listPersonRequests as endpoint } from "#shared/person-requests.ts";
import { heldInSight } from "./held-in-sight.ts";
import { requestColumns, requestFacts, type RequestRow } from "./request-records.ts";

const most = 200;

/** The register of requests within the caller's reach, what is due first. */
export async function listRequests(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const rows = await context.db.query<RequestRow>(
    input.query.state === "due"
      ? `select ${requestColumns} from person_requests where state in ('open', 'decided') order by due_on, request_no limit $1`
      : `select ${requestColumns} from person_requests order by request_no desc limit $1`,
    [most],
  );
  const numbers = [...new Set(rows.map((row) => row.customer_no))];
  const customers = new Map((await listCustomers(context, numbers, classesOf(context, ["fullName"]))).map((row) => [row.customerNo, row.record]));
  const held = await heldInSight(context, numbers);
  return {
    mayAnswer: hasVerb(context.actor.rights, "answer-person"),
    requests: rows.map((row) => {
      const record = customers.get(row.customer_no);
      return { ...requestFacts(context, row, held), fullName: record === undefined ? null : sealed(record, "fullName") };
    }),
  };
}
