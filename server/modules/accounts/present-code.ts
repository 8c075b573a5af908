import { CommittedRefusal, type Context, type Input } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import type * as session from "#shared/session.ts";
import { beginAttempt, forgetFailures, refuseAttempt } from "./login-attempts.ts";
import { longestSessionSeconds, openSession } from "./open-session.ts";
import { isDeviceNumber, newDeviceNumber, tokenHash } from "./opaque-token.ts";
import { countRecoveryCodes, useRecoveryCode } from "./recovery-codes.ts";
import { totpSecretName, totpStepOf } from "./second-factor.ts";

const mostFailuresOfAStep = 5;
/** A browser is known by its number for as long as browsers keep a cookie (RFC 6265bis: 400 days) after its last sign-in. */
const deviceSeconds = 400 * 86_400;

interface StepRow {
  account_no: number;
  mail_token: Buffer;
  totp_sealed: Buffer;
  is_frozen: boolean;
  is_over: boolean;
}

/** Second step of a sign-in: only here a session begins. Each time step and each recovery code is good once. */
export async function presentCode(context: Context, input: Input<typeof session.presentCode>): Promise<{ kind: "signed-in"; recoveryCodesLeft: number }> {
  const { db, journal, now } = context;
  const loginToken = input.cookies.get("login");
  if (loginToken === undefined) throw new Problem("not-signed-in");
  const [step] = await db.query<StepRow>(
    `select s.account_no, a.mail_token, a.totp_sealed, a.frozen_until > $2 as is_frozen, a.served_until <= $2 as is_over from login_steps s join accounts a using (account_no)
      where s.token_hash = $1 and s.expires_at > $2 and s.failed_attempts < $3 and a.state = 'active' and a.totp_sealed is not null`,
    [tokenHash(loginToken), now, mostFailuresOfAStep],
  );
  if (step === undefined) throw new Problem("not-signed-in");
  const method = "recoveryCode" in input.body ? "recovery-code" : "totp";
  journal.fact("step", method);
  journal.fact("accountNo", step.account_no);
  await beginAttempt(context, step.mail_token);

  const isRight =
    "recoveryCode" in input.body ? await useRecoveryCode(context, step.account_no, input.body.recoveryCode) : await useTotpCode(context, step, input.body.code);
  // The row of the step is what two racing requests with one cookie compete for.
  const [closed] = isRight ? await db.query("delete from login_steps where token_hash = $1 returning token_hash", [tokenHash(loginToken)]) : [];
  if (closed === undefined) {
    await db.query("update login_steps set failed_attempts = failed_attempts + 1 where token_hash = $1", [tokenHash(loginToken)]);
    return refuseAttempt(context, step.mail_token);
  }
  await forgetFailures(context, step.mail_token);
  if (step.is_frozen || step.is_over) {
    // Told to nobody who has not proved both factors.
    journal.becomes("session.refused");
    throw new CommittedRefusal(new Problem(step.is_frozen ? "account-frozen" : "term-over"));
  }
  const token = await openSession(context, { accountNo: step.account_no, address: context.address, device: context.device });
  input.cookies.clear("login");
  input.cookies.set("session", token, longestSessionSeconds);
  const device = input.cookies.get("device");
  input.cookies.set("device", isDeviceNumber(device) ? device : newDeviceNumber(), deviceSeconds);
  return { kind: "signed-in", recoveryCodesLeft: await countRecoveryCodes(context, step.account_no) };
}

/** RFC 6238 5.2: a code that was accepted is not accepted again, whoever of two racing requests comes first. */
async function useTotpCode({ db, door, now }: Context, step: StepRow, code: string): Promise<boolean> {
  const secret = door.vault.openSecret(totpSecretName(step.account_no), step.totp_sealed);
  const timeStep = totpStepOf(secret, code, now);
  secret.fill(0);
  if (timeStep === undefined) return false;
  const used = await db.query(
    "update accounts set totp_last_step = $2 where account_no = $1 and totp_last_step < $2 and state = 'active' returning account_no",
    [step.account_no, timeStep],
  );
  return used.length === 1;
}
