import { fieldClasses } from "#shared/rights.ts";
import { canRead, hasVerb, isVisible, levelOf, relationOf } from "#server/core/access/compile.ts";
import { rightsOf, type Policy } from "#server/core/access/policy.ts";
import { reasonsOf } from "#server/core/access/reasons.ts";
import { queryOver, showsOf, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { looksAt, type Query } from "#server/core/ledger/index.ts";
import { customerFor, customersMergedInto } from "#server/modules/customers/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import type { customerReaders as endpoint } from "#shared/reviews.ts";

type Reply = Draft<ReplyOf<typeof endpoint>>;
type Reader = Reply["readers"][number];

interface Standing {
  readonly kind: "customer";
  readonly ownerNo: number | null;
  readonly cellNo: number;
  readonly isSuspended: boolean;
}

/** Exposures looked through for the last one of each account, at most. */
const mostLookedAt = 1_000;

/**
 * Who sees a customer now, which classes, by which grants, and when each last did. Whoever reads the ledger may ask this of any
 * customer, everybody else of those whom they may read; no value of the customer is in the reply.
 * @throws Problem not-found: there is none, or the caller may not read them
 */
export async function customerReaders(context: Context, input: Input<typeof endpoint>): Promise<Reply> {
  const { db, policy } = context;
  const { customerNo } = input.params;
  if (!hasVerb(context.actor.rights, "read-ledger")) {
    await customerFor(context, customerNo);
  }
  const [row] = await db.query<{ owner_no: number | null; cell_no: number; state: Reply["state"]; is_suspended: boolean }>(
    "select owner_no, cell_no, state, is_suspended from customer_standing($1)",
    [customerNo],
  );
  if (row === undefined) {
    throw new Problem("not-found");
  }
  const standing: Standing = { kind: "customer", ownerNo: row.owner_no, cellNo: row.cell_no, isSuspended: row.is_suspended };
  const accounts = await db.query<{ account_no: number; state: Reader["state"]; department_no: number | null }>(
    "select account_no, state, department_no from accounts order by account_no",
  );
  const seeing = accounts.filter(({ account_no: no }) => {
    const rights = rightsOf(policy, no);
    return isVisible(rights, "customer", relationOf(rights, standing));
  });
  const query = queryOver(db);
  const last = await lastLooks(
    query,
    [customerNo, ...(await customersMergedInto(query, customerNo))],
    seeing.map(({ account_no: no }) => no),
  );
  const [place] = await db.query<{ department_no: number }>("select department_no from cells where cell_no = $1", [row.cell_no]);
  context.journal.touched("customer", customerNo);
  context.journal.fact("readers", seeing.length);
  return {
    ownerNo: row.owner_no,
    departmentNo: place?.department_no ?? null,
    state: row.state,
    isSuspended: row.is_suspended,
    accounts: accounts.filter(({ state }) => state === "active").length,
    readers: seeing.map(({ account_no: accountNo, state, department_no: departmentNo }) => ({
      accountNo,
      state,
      departmentNo,
      classes: classesFor(policy, accountNo, standing),
      mayReveal: hasVerb(rightsOf(policy, accountNo), "reveal"),
      reasons: reasonsOf(policy, accountNo, "customer", standing),
      lastLook: last.looks.get(accountNo) ?? null,
    })),
    lookedBackTo: last.backTo,
  };
}

/** What the door shows the account of each class that it reads: of a masked one the fields that have a mask stay masked. */
function classesFor(policy: Policy, accountNo: number, standing: Standing): Reader["classes"] {
  const rights = rightsOf(policy, accountNo);
  return fieldClasses.flatMap((fieldClass) => {
    const right = levelOf(rights, "customer", relationOf(rights, standing), fieldClass);
    if (!canRead(right)) {
      return [];
    }
    const fields = policy.fields.filter((field) => field.kind === "customer" && field.class === fieldClass && !field.isArchived);
    const isMasked = fields.some((field) => showsOf(policy, rights, standing, field) === 1);
    return [{ class: fieldClass, level: right.level as "read" | "write", shows: isMasked ? ("masked" as const) : ("full" as const) }];
  });
}

/** The newest event that showed each account something of these numbers. `backTo` is null where all were looked through. */
async function lastLooks(query: Query, nos: readonly number[], accountNos: readonly number[]) {
  const wanted = new Set(accountNos);
  const last = new Map<number, { eventNo: number; at: string }>();
  const { looks, nextBefore } = await looksAt(query, { kind: "customer", nos, limit: mostLookedAt });
  for (const { accountNo, eventNo, at } of looks) {
    if (accountNo !== null && wanted.delete(accountNo)) {
      last.set(accountNo, { eventNo, at: at.toISOString() });
    }
  }
  return { looks: last, backTo: nextBefore === null ? null : (looks.at(-1)?.at.toISOString() ?? null) };
}
