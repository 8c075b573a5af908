import { heldAmong, queryOver, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { lastActivities } from "#server/modules/activities/index.ts";
import { numbersMergedInto } from "#server/modules/customers/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { askDisposal as endpoint, dueDisposals as dueEndpoint } from "#shared/person-requests.ts";
import { Problem } from "#shared/problems.ts";
import { storeErasure } from "./ask-erasure.ts";
import { personPolicy } from "./person-policy.ts";

/** One disposal at most; the rest waits for the next one. */
const mostAtOnce = 10_000;
const sampled = 5;

type Reason = Input<typeof endpoint>["body"]["reason"];
interface Due {
  /** Persons; the rows merged into them are not among them. */
  readonly numbers: readonly number[];
  readonly held: number;
  readonly oldest: Date | null;
}

async function trashDays(context: Context): Promise<number> {
  const [row] = await context.db.query<{ trash_days: number }>("select trash_days from organisation");
  return row?.trash_days ?? 30;
}

/**
 * Customers past a term: no activity for the years of the policy, or longer in the trash than its days. Left out are those
 * under a hold, with an open request of their own, or in an erasure that waits already.
 */
async function dueFor(context: Context, reason: Reason): Promise<Due> {
  const { retentionYears } = await personPolicy(context);
  if (reason === "term-over" && retentionYears === null) {
    return { numbers: [], held: 0, oldest: null };
  }
  const rows = await context.db.query<{ customer_no: number; since: Date }>(
    `select c.customer_no, ${reason === "term-over" ? "c.updated_at" : "c.trashed_at"} as since from customers c
      where ${
        reason === "term-over"
          ? "c.state = 'active' and c.updated_at < $1::timestamptz - make_interval(years => $2)"
          : "c.state = 'trashed' and c.trashed_at < $1::timestamptz - make_interval(days => $2)"
      }
        and not exists (select from erasure_members m join erasures e using (erasure_no) where m.customer_no = c.customer_no and e.state in ('waiting', 'running'))
      order by since, c.customer_no limit ${mostAtOnce}`,
    [context.now, reason === "term-over" ? retentionYears : await trashDays(context)],
  );
  const kept = await numbersMergedInto(
    queryOver(context.db),
    "customer",
    rows.map((row) => row.customer_no),
  );
  const asking = await askingAmong(context, kept);
  const waiting = rows.filter((row) => !asking.has(row.customer_no));
  const due = reason === "term-over" ? await withoutActivitySince(context, waiting, retentionYears ?? 0) : waiting;
  const dueNos = new Set(due.map((row) => row.customer_no));
  const heldNos = await heldAmong(
    context,
    "customer",
    [...kept].filter(([, person]) => dueNos.has(person)).map(([no]) => no),
  );
  const held = new Set([...heldNos].map((no) => kept.get(no) ?? no));
  return { numbers: due.map((row) => row.customer_no).filter((no) => !held.has(no)), held: held.size, oldest: due[0]?.since ?? null };
}

/** Whose own request waits, under any number of theirs. */
async function askingAmong(context: Context, kept: ReadonlyMap<number, number>): Promise<Set<number>> {
  const rows = await context.db.query<{ no: number }>(
    "select distinct customer_no as no from person_requests where customer_no = any($1) and state in ('open', 'decided')",
    [[...kept.keys()]],
  );
  return new Set(rows.map(({ no }) => kept.get(no) ?? no));
}

/** Without those of whom something was noted or bought within the years. */
async function withoutActivitySince<Row extends { customer_no: number }>(context: Context, rows: readonly Row[], years: number): Promise<Row[]> {
  const since = new Date(context.now);
  since.setUTCFullYear(since.getUTCFullYear() - years);
  const last = await lastActivities(
    context,
    rows.map((row) => row.customer_no),
  );
  return rows.filter((row) => (last.get(row.customer_no) ?? new Date(0)) < since);
}

export async function dueDisposals(context: Context): Promise<Draft<ReplyOf<typeof dueEndpoint>>> {
  const groups = [];
  for (const reason of ["term-over", "trash-term-over"] as const) {
    const { numbers, held, oldest } = await dueFor(context, reason);
    groups.push({ reason, persons: numbers.length, oldest: oldest?.toISOString() ?? null, held, sample: numbers.slice(0, sampled) });
  }
  return { groups, retentionYears: (await personPolicy(context)).retentionYears, trashDays: await trashDays(context) };
}

/**
 * Asks a second person to allow the disposal of everybody past a term, as counted when the caller looked.
 * @throws Problem conflict {reason: "changed-since", persons}; invalid-input when there is nobody
 */
export async function askDisposal(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { reason, expectedPersons, comment } = input.body;
  const { numbers } = await dueFor(context, reason);
  if (numbers.length === 0) {
    throw new Problem("invalid-input", { field: "reason", reason: "nobody-due" });
  }
  if (numbers.length !== expectedPersons) {
    throw new Problem("conflict", { reason: "changed-since", persons: numbers.length });
  }
  const every = [...(await numbersMergedInto(queryOver(context.db), "customer", numbers)).keys()];
  const stored = await storeErasure(context, { kind: "disposal", because: reason, requestNo: null, reason: comment, numbers: every });
  return { ...stored, persons: numbers.length };
}
