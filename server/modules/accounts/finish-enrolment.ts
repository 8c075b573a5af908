import type { Context, Input } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import type * as session from "#shared/session.ts";
import { noteAccountWritten } from "./account-records.ts";
import { enrolmentFor } from "./invitations.ts";
import { issueRecoveryCodes } from "./recovery-codes.ts";
import { totpSecretName, totpStepOf } from "./second-factor.ts";

/**
 * Second step of an enrolment: the first code proves the authenticator, then the account is active. That code is used up.
 * @throws Problem not-found, conflict (the first step is missing), wrong-credentials
 */
export async function finishEnrolment(context: Context, input: Input<typeof session.finishEnrolment>): Promise<{ kind: "enrolled"; recoveryCodes: string[] }> {
  const { db, door, journal, now } = context;
  const invitation = await enrolmentFor(context, input.body.token);
  const accountNo = invitation.account_no;
  journal.fact("accountNo", accountNo);
  const { pending_password_hash: passwordHash, pending_totp_sealed: totpSealed } = invitation;
  if (passwordHash === null || totpSealed === null) throw new Problem("conflict", { reason: "not-begun" });
  const timeStep = totpStepOf(door.vault.openSecret(totpSecretName(accountNo), totpSealed), input.body.code, now);
  if (timeStep === undefined) throw new Problem("wrong-credentials");
  await db.query(
    `update accounts set state = 'active', password_hash = $2, totp_sealed = $3, totp_last_step = $4, factors_handed_to = $5, version = version + 1
      where account_no = $1 and state = 'invited'`,
    [accountNo, passwordHash, totpSealed, timeStep, invitation.handed_to],
  );
  await db.query("update invitations set used_at = $2, pending_password_hash = null, pending_totp_sealed = null where invitation_no = $1", [
    invitation.invitation_no,
    now,
  ]);
  const recoveryCodes = await issueRecoveryCodes(context, accountNo);
  const row = await noteAccountWritten(context, accountNo);
  journal.fact("state", row.state);
  journal.fact("handedTo", invitation.handed_to);
  return { kind: "enrolled", recoveryCodes };
}
