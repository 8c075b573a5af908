import { CommittedRefusal, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import type * as contract from "#shared/proofs.ts";
import { proveConsistency } from "../prove.ts";
import { showLogCheckpoint, showLogTile } from "../show-log.ts";
import { hashOfToken } from "./log-tokens.ts";

/** Requests of one token in a minute, on one node. */
export const mostInMinute = 1_200;
const hourMs = 3_600_000;

/** How often each token came within the current minute. */
export interface Pace {
  minute: number;
  readonly counts: Map<number, number>;
}

type Asked = Pick<Input<never>, "header">;

/**
 * Whose token it is. Its first use in an hour becomes an event of the ledger, as does the first use in an hour of one that was withdrawn, whose
 * monitor may go on asking for months; whatever is no token at all is a refusal like any other.
 * @throws Problem not-permitted, not-signed-in (withdrawn), too-many-requests
 */
async function demandToken(context: Context, pace: Pace, { header }: Asked): Promise<void> {
  const { db, now, journal } = context;
  const [, token] = /^Bearer (kbm_[A-Za-z0-9_-]{43})$/i.exec(header("authorization") ?? "") ?? [];
  if (token === undefined) throw new Problem("not-permitted");
  const hour = new Date(Math.floor(now.getTime() / hourMs) * hourMs);
  const [row] = await db.query<{ token_no: number; is_withdrawn: boolean; used_hour: Date | null; refused_hour: Date | null }>(
    // Over with the term of its request, whether that was written down yet or not.
    `select token_no, used_hour, refused_hour, withdrawn_at is not null or not exists (
       select from approvals a where a.request_no = t.request_no and (a.state = 'approved' or a.state = 'waiting' and a.expires_at > $2)
     ) as is_withdrawn from ledger_log_tokens t where hash = $1`,
    [hashOfToken(token), now],
  );
  if (row === undefined) throw new Problem("not-permitted");
  keepPace(pace, row.token_no, now);
  const column = row.is_withdrawn ? "refused_hour" : "used_hour";
  const isFirst =
    row[column]?.getTime() !== hour.getTime() &&
    (
      await db.query(`update ledger_log_tokens set ${column} = $2 where token_no = $1 and ${column} is distinct from $2 returning token_no`, [
        row.token_no,
        hour,
      ])
    ).length > 0;
  if (isFirst) {
    journal.becomes("ledger.log-monitored");
    journal.fact("tokenNo", row.token_no);
    journal.fact("hour", hour.toISOString());
  }
  if (row.is_withdrawn) {
    const problem = new Problem("not-signed-in");
    throw isFirst ? new CommittedRefusal(problem) : problem;
  }
}

/** @throws Problem too-many-requests */
export function keepPace(pace: Pace, tokenNo: number, now: Date): void {
  const minute = Math.floor(now.getTime() / 60_000);
  if (pace.minute !== minute) {
    pace.minute = minute;
    pace.counts.clear();
  }
  const count = (pace.counts.get(tokenNo) ?? 0) + 1;
  pace.counts.set(tokenNo, count);
  if (count > mostInMinute) throw new Problem("too-many-requests", { retryAfterSeconds: 60 });
}

export const monitorCheckpoint =
  (pace: Pace) =>
  async (context: Context, input: Input<typeof contract.monitorCheckpoint>): Promise<Draft<ReplyOf<typeof contract.monitorCheckpoint>>> => {
    await demandToken(context, pace, input);
    return showLogCheckpoint(context);
  };

export const monitorTile =
  (pace: Pace) =>
  async (context: Context, input: Input<typeof contract.monitorTile>): Promise<Draft<ReplyOf<typeof contract.monitorTile>>> => {
    await demandToken(context, pace, input);
    return showLogTile(context, input);
  };

export const monitorConsistency =
  (pace: Pace) =>
  async (context: Context, input: Input<typeof contract.monitorConsistency>): Promise<Draft<ReplyOf<typeof contract.monitorConsistency>>> => {
    await demandToken(context, pace, input);
    return proveConsistency(context, input);
  };
