import { hasVerb } from "#server/core/access/compile.ts";
import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { countApprovals as countEndpoint, listApprovals as endpoint } from "#shared/approvals.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import { approvalColumns, requestOf, textOfRequest, type ApprovalRow } from "./approval-records.ts";
import type { KindsByName } from "./decide-approval.ts";

const most = 100;
const sampled = 5;
type Reply = ReplyOf<typeof endpoint>;

/** Requests that wait for the caller, one's own, and those one decided: the newest of each. */
export async function listApprovals(context: Context, _input: Input<typeof endpoint>, kinds: KindsByName): Promise<Draft<Reply>> {
  const { accountNo } = context.actor;
  const waiting = await waitingFor(context, kinds);
  const own = await context.db.query<ApprovalRow>(`select ${approvalColumns} from approvals where asked_by = $1 order by request_no desc limit $2`, [
    accountNo,
    most,
  ]);
  const decided = await context.db.query<ApprovalRow>(`select ${approvalColumns} from approvals where decided_by = $1 order by request_no desc limit $2`, [
    accountNo,
    most,
  ]);
  const shown = (row: ApprovalRow): Draft<Reply>["own"][number] => {
    const { persons, fields, sensitive, destination, ...rest } = row.facts;
    return {
      requestNo: row.request_no,
      kind: row.kind,
      state: row.state === "waiting" && row.expires_at <= context.now ? "expired" : row.state,
      askedBy: row.asked_by,
      askedAt: row.asked_at.toISOString(),
      expiresAt: row.expires_at.toISOString(),
      purpose: row.purpose,
      reason: textOfRequest(row, "reason"),
      persons,
      fields: [...(fields ?? [])],
      sensitive: sensitive ?? false,
      destination: destination ?? null,
      more: Object.fromEntries(Object.entries(rest).filter((entry): entry is [string, string | number | boolean] => typeof entry[1] !== "object")),
      sample: row.customer_nos.slice(0, sampled),
      decidedBy: row.decided_by,
      decidedAt: row.decided_at?.toISOString() ?? null,
      comment: textOfRequest(row, "comment"),
    };
  };
  return { waiting: waiting.map(shown), own: own.map(shown), decided: decided.map(shown) };
}

export async function countApprovals(context: Context, _input: Input<typeof countEndpoint>, kinds: KindsByName): Promise<Draft<ReplyOf<typeof countEndpoint>>> {
  const [own] = await context.db.query<{ count: number }>(
    "select count(*)::integer as count from approvals where asked_by = $1 and state = 'waiting' and expires_at > $2",
    [context.actor.accountNo, context.now],
  );
  return { waiting: (await waitingFor(context, kinds)).length, own: own?.count ?? 0 };
}

/** The requests that the caller may judge, the oldest first: somebody else's, and within what the caller sees. */
async function waitingFor(context: Context, kinds: KindsByName): Promise<ApprovalRow[]> {
  if (!hasVerb(context.actor.rights, "approve")) {
    return [];
  }
  const rows = await context.db.query<ApprovalRow>(
    `select ${approvalColumns} from approvals where state = 'waiting' and expires_at > $1 and asked_by <> $2 order by request_no limit $3`,
    [context.now, context.actor.accountNo, most],
  );
  const judged: ApprovalRow[] = [];
  for (const row of rows) {
    if (await mayJudge(context, row, kinds)) {
      judged.push(row);
    }
  }
  return judged;
}

async function mayJudge(context: Context, row: ApprovalRow, kinds: KindsByName): Promise<boolean> {
  const kind = kinds.get(row.kind);
  try {
    await kind?.check?.(context, requestOf(row));
    return kind !== undefined;
  } catch (error) {
    if (error instanceof Problem) {
      return false;
    }
    throw error;
  }
}
