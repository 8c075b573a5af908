import { renderSVG } from "uqr";
import type { Context, Input } from "#server/core/door/index.ts";
import type * as session from "#shared/session.ts";
import { accountColumns, accountRecord, type AccountRow } from "./account-records.ts";
import { choosePassword } from "./choose-password.ts";
import { enrolmentFor } from "./invitations.ts";
import { newTotpSecret, totpSecretName, totpText, totpUri } from "./second-factor.ts";

/**
 * First step of an enrolment: checks the password and makes the secret of the second factor. Nothing holds before the second
 * step; beginning again replaces both.
 * @throws Problem not-found, weak-password
 */
export async function beginEnrolment(
  context: Context,
  input: Input<typeof session.beginEnrolment>,
): Promise<{ totpUri: string; totpSecret: string; qrSvg: string }> {
  const { db, door, journal } = context;
  const invitation = await enrolmentFor(context, input.body.token);
  const accountNo = invitation.account_no;
  journal.fact("accountNo", accountNo);
  const [row] = await db.query<AccountRow & { former_password_hashes: string[] }>(
    `select ${accountColumns}, former_password_hashes from accounts where account_no = $1`,
    [accountNo],
  );
  if (row === undefined) throw new Error("an invitation without its account");
  const chosen = await choosePassword(context, {
    password: input.body.password,
    record: accountRecord(row),
    former: row.former_password_hashes,
  });
  const secret = newTotpSecret();
  await db.query("update invitations set pending_password_hash = $2, pending_totp_sealed = $3 where invitation_no = $1", [
    invitation.invitation_no,
    chosen,
    door.vault.sealSecret(totpSecretName(accountNo), secret),
  ]);
  const uri = totpUri(secret, accountNo);
  return { totpUri: uri, totpSecret: totpText(secret), qrSvg: renderSVG(uri, { border: 2 }) };
}
