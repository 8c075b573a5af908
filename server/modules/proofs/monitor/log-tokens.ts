import { createHash, randomBytes } from "node:crypto";
import { hasVerb } from "#server/core/access/compile.ts";
import { sealText, SealedText, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { requestApproval, type ApprovalKind, type ApprovalRequest } from "#server/modules/approvals/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import type * as contract from "#shared/proofs.ts";

const mostTokens = 100;

interface TokenRow {
  readonly token_no: number;
  readonly made_by: number;
  readonly made_at: Date;
  readonly sealed_name: Buffer;
  readonly is_waiting: boolean;
  readonly used_hour: Date | null;
  readonly withdrawn_by: number | null;
  readonly withdrawn_at: Date | null;
}

export function hashOfToken(token: string): Buffer {
  return createHash("sha256").update(token, "utf8").digest();
}

/** Newest first. */
export async function listLogTokens(context: Context): Promise<Draft<ReplyOf<typeof contract.listLogTokens>>> {
  const rows = await context.db.query<TokenRow>(
    `select token_no, made_by, made_at, sealed_name, used_hour, withdrawn_by, withdrawn_at,
       exists (select from approvals a where a.request_no = t.request_no and a.state = 'waiting') as is_waiting
     from ledger_log_tokens t order by withdrawn_at is not null, token_no desc limit ${mostTokens}`,
  );
  return {
    tokens: rows.map((row) => ({
      tokenNo: row.token_no,
      name: new SealedText({ kind: "account", no: row.made_by }, row.sealed_name, "tokenName", { staff: true }),
      madeBy: row.made_by,
      madeAt: row.made_at.toISOString(),
      isTold: !row.is_waiting,
      usedHour: row.used_hour?.toISOString() ?? null,
      withdrawnBy: row.withdrawn_by,
      withdrawnAt: row.withdrawn_at?.toISOString() ?? null,
    })),
  };
}

/**
 * Makes a token; it is shown in this reply alone. It works from now on, and the privacy officer is told by a request: whose refusal ends it.
 * @throws Problem invalid-input {reason: "too-many-tokens"}
 */
export async function makeLogToken(context: Context, { body }: Input<typeof contract.makeLogToken>): Promise<ReplyOf<typeof contract.makeLogToken>> {
  const { db, door, actor, now, journal } = context;
  const [known] = await db.query<{ tokens: number }>("select count(*)::integer as tokens from ledger_log_tokens where withdrawn_at is null");
  if ((known?.tokens ?? 0) >= mostTokens) throw new Problem("invalid-input", { reason: "too-many-tokens" });
  const token = `kbm_${randomBytes(32).toString("base64url")}`;
  const madeBy = actor.accountNo as number;
  const { requestNo } = await requestApproval(context, { kind: "log-token", facts: { persons: 0 }, reason: body.name });
  const [row] = await db.query<{ token_no: number }>(
    "insert into ledger_log_tokens (hash, made_by, made_at, sealed_name, request_no) values ($1, $2, $3, $4, $5) returning token_no",
    [hashOfToken(token), madeBy, now, sealText(door.vault, { kind: "account", no: madeBy }, "internal", 1, { tokenName: body.name }), requestNo],
  );
  const tokenNo = (row as { token_no: number }).token_no;
  journal.fact("tokenNo", tokenNo);
  return { tokenNo, token };
}

/** By whoever makes them, and by the privacy officer. @throws Problem not-permitted, not-found */
export async function withdrawLogToken(context: Context, { params }: Input<typeof contract.withdrawLogToken>): Promise<{ ok: true }> {
  const { rights, accountNo } = context.actor;
  if (!hasVerb(rights, "run-backup") && !hasVerb(rights, "consent-rights")) throw new Problem("not-permitted");
  if ((await endToken(context, params.tokenNo, accountNo)) === 0) throw new Problem("not-found");
  context.journal.fact("tokenNo", params.tokenNo);
  return { ok: true };
}

async function endToken({ db, now }: Context, tokenNo: number, by: number | null): Promise<number> {
  const ended = await db.query(
    "update ledger_log_tokens set withdrawn_at = $2, withdrawn_by = $3 where token_no = $1 and withdrawn_at is null returning token_no",
    [tokenNo, now, by],
  );
  return ended.length;
}

async function tokenOf({ db, journal }: Context, request: ApprovalRequest): Promise<number | undefined> {
  const [row] = await db.query<{ token_no: number }>("select token_no from ledger_log_tokens where request_no = $1", [request.requestNo]);
  if (row !== undefined) journal.fact("tokenNo", row.token_no);
  return row?.token_no;
}

/** The privacy officer, and nobody else, takes note of a token, or ends it by refusing. One that nobody judged in its term ends with it. */
export const logTokenNotice: ApprovalKind = {
  kind: "log-token",
  async check(context) {
    if (!hasVerb(context.actor.rights, "consent-rights")) throw new Problem("not-permitted", { reason: "privacy-officer-consents" });
  },
  async approved(context, request) {
    await tokenOf(context, request);
  },
  async refused(context, request) {
    const tokenNo = await tokenOf(context, request);
    if (tokenNo !== undefined) await endToken(context, tokenNo, context.actor.accountNo);
  },
};
