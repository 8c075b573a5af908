import type { Context } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import { newToken, tokenHash } from "./opaque-token.ts";

const hourMs = 3_600_000;
const setUpHours = 24;
const invitationHours = 7 * 24;

/**
 * Who receives the token, to hand it to the invited person: the administrator or the privacy officer on the screen, or whoever
 * sits at the terminal (which shows the set-up link, too).
 */
export type HandedTo = "administrator" | "officer" | "console";

export interface InvitationRow {
  readonly invitation_no: number;
  readonly kind: "set-up" | "invitation";
  readonly handed_to: HandedTo;
  readonly account_no: number | null;
  readonly expires_at: Date;
  readonly pending_password_hash: string | null;
  readonly pending_totp_sealed: Buffer | null;
}

/** A one-time token for an account (`null`: for the set-up). Earlier unused ones for the same are void from now on. */
export async function issueInvitation({ db, now }: Context, accountNo: number | null, handedTo: HandedTo): Promise<string> {
  await voidInvitations({ db, now }, accountNo);
  const token = newToken();
  const hours = accountNo === null ? setUpHours : invitationHours;
  await db.query("insert into invitations (kind, token_hash, account_no, expires_at, handed_to) values ($1, $2, $3, $4, $5)", [
    accountNo === null ? "set-up" : "invitation",
    tokenHash(token),
    accountNo,
    new Date(now.getTime() + hours * hourMs),
    handedTo,
  ]);
  return token;
}

export async function voidInvitations({ db, now }: Pick<Context, "db" | "now">, accountNo: number | null): Promise<void> {
  await db.query(
    `update invitations set used_at = $2, pending_password_hash = null, pending_totp_sealed = null
      where account_no is not distinct from $1::integer and used_at is null`,
    [accountNo, now],
  );
}

/**
 * The invitation of a token, locked for the act.
 * @throws Problem not-found for a token that is unknown, used, void or expired, or of an account that is not invited any more
 */
export async function invitationFor({ db, now }: Context, token: string): Promise<InvitationRow> {
  const [row] = await db.query<InvitationRow>(
    `select invitation_no, kind, handed_to, account_no, expires_at, pending_password_hash, pending_totp_sealed from invitations i
      where token_hash = $1 and used_at is null and expires_at > $2
        and (account_no is null or exists (select from accounts a where a.account_no = i.account_no and a.state = 'invited'))
      for update`,
    [tokenHash(token), now],
  );
  if (row === undefined) throw new Problem("not-found");
  return row;
}

/** As {@link invitationFor}, for a person: the set-up link is none. */
export async function enrolmentFor(context: Context, token: string): Promise<InvitationRow & { account_no: number }> {
  const row = await invitationFor(context, token);
  if (row.account_no === null) throw new Problem("not-found");
  return { ...row, account_no: row.account_no };
}
