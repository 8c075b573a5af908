import { randomBytes, randomInt } from "node:crypto";
import { canRead, closest, hasPurpose, levelOf } from "#server/core/access/compile.ts";
import { recordFieldOf, type Field } from "#server/core/access/policy.ts";
import { sealText, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { requestApproval } from "#server/modules/approvals/index.ts";
import { listCustomers, numbersOfView } from "#server/modules/customers/index.ts";
import { alikeNumbers } from "#server/modules/duplicates/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { mostListed, type createList as endpoint } from "#shared/lists.ts";
import { Problem } from "#shared/problems.ts";
import { dayAfter, dayInTokyo } from "./days.ts";
import { limitsOf, takenFreely } from "./list-policy.ts";
import { noteList } from "./list-records.ts";
import { makePassword } from "./make-password.ts";

/**
 * Makes a list of persons whom the caller sees. Within the limit it is ready; above it, or with a sensitive field, it waits
 * for a second person. The limit counts the different persons of 24 hours, so that many small lists are one large one.
 * @throws Problem purpose-needed, not-permitted {field}, invalid-input {field}, conflict {persons} when a list finds others than expected
 */
export async function createList(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { db, journal, door, now, actor } = context;
  const { body } = input;
  if (!hasPurpose(actor.rights, body.purpose)) {
    throw new Problem("purpose-needed");
  }
  const fields = [...new Set(body.fields)].map((key) => readableField(context, key));
  const limits = await limitsOf(context);
  demandTerm(body.endsOn, now, limits.days);
  if (body.destination === "handler" && body.handler === "") {
    throw new Problem("invalid-input", { field: "handler" });
  }
  const asked = await askedNumbers(context, body);
  const members = (await listCustomers(context, asked, new Set())).filter((row) => row.state === "active" && !row.isSuspended).map((row) => row.customerNo);
  if (members.length === 0) {
    throw new Problem("invalid-input", { field: "customerNos" });
  }
  const sensitive = fields.some((field) => field.class === "sensitive");
  const isFree = !sensitive && (await countTaken(context, members)) <= limits.freePersons;
  const facts = {
    persons: members.length,
    customerNos: members,
    fields: fields.map((field) => field.key),
    sensitive,
    destination: body.destination,
  };

  const queryNo = randomBytes(5).readUIntBE(0, 5);
  const subject = { kind: "query", no: queryNo } as const;
  const [made] = await db.query<{ list_no: number }>(
    `insert into lists (owner_no, state, purpose, destination, fields, sensitive, persons, query_no, sealed_words, sealed_password, made_at, ends_on)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning list_no`,
    [
      actor.accountNo,
      isFree ? "ready" : "waiting",
      body.purpose,
      body.destination,
      facts.fields,
      sensitive,
      members.length,
      queryNo,
      sealText(door.vault, subject, "personal", 1, { name: body.name, handler: body.destination === "handler" ? body.handler : null }),
      sealText(door.vault, subject, "sensitive", 1, { password: makePassword(randomInt) }),
      now,
      body.endsOn,
    ],
  );
  const listNo = made?.list_no ?? 0;
  await db.query("insert into list_members (list_no, customer_no) select $1, unnest($2::integer[])", [listNo, members]);
  journal.purpose(body.purpose);
  noteList(context, { list_no: listNo, persons: members.length, fields: facts.fields });
  const leftOut = asked.length - members.length;
  if (isFree) {
    for (const customerNo of members) {
      journal.touched("customer", customerNo);
    }
    return { kind: "ready", listNo, requestNo: null, persons: members.length, leftOut };
  }
  journal.becomes("list.asked-for");
  const { requestNo } = await requestApproval(context, {
    kind: "list-export",
    facts: { ...facts, listNo, endsOn: body.endsOn },
    purpose: body.purpose,
    reason: body.reason,
  });
  await db.query("update lists set request_no = $2 where list_no = $1", [listNo, requestNo]);
  return { kind: "awaits-approval", listNo, requestNo, persons: members.length, leftOut };
}

/** The numbers that were given, or those whom an opened list finds, if it finds as many as its reader saw. */
async function askedNumbers(context: Context, body: Input<typeof endpoint>["body"]): Promise<number[]> {
  const { customerNos, viewId, expected } = body;
  if ((customerNos === undefined) === (viewId === undefined)) {
    throw new Problem("invalid-input", { field: "customerNos" });
  }
  if (viewId === undefined) {
    return [...new Set(customerNos)];
  }
  const found = await numbersOfView(context, viewId, { most: mostListed, alikeNumbers });
  if (expected !== undefined && expected.persons !== found.length) {
    throw new Problem("conflict", { persons: found.length });
  }
  return [...found];
}

function readableField(context: Context, key: string): Field {
  const field = recordFieldOf(context.policy, "customer", key);
  if (field === undefined) {
    throw new Problem("invalid-input", { field: "fields" });
  }
  if (!canRead(levelOf(context.actor.rights, "customer", closest, field.class))) {
    throw new Problem("not-permitted", { field: field.key });
  }
  return field;
}

function demandTerm(endsOn: string, now: Date, days: number): void {
  const today = dayInTokyo(now);
  if (endsOn < today || endsOn > dayAfter(today, days)) {
    throw new Problem("invalid-input", { field: "endsOn", days });
  }
}

/** How many different persons the caller would have taken out without asking within 24 hours, these among them. */
async function countTaken(context: Context, members: readonly number[]): Promise<number> {
  // Two lists at the same moment are counted one after the other.
  await context.db.query("select pg_advisory_xact_lock(hashtext('lists'), $1)", [context.actor.accountNo]);
  return new Set([...(await takenFreely(context)), ...members]).size;
}
