import type { Context } from "#server/core/door/index.ts";
import { addAccount } from "./add-account.ts";
import { noteAccountWritten } from "./account-records.ts";
import { holdPolicy, settlePolicy } from "./policy-change.ts";
import { noteAccountState } from "./policy-facts.ts";
import { totpSecretName, totpSecretOf } from "./second-factor.ts";

/**
 * An account that can sign in at once, for the sample company and for tests: no invitation, no consent, no rule for the
 * password. `passwordHash` is one of hashPassword, which may stand for many accounts; `totpSecret` is base32 (RFC 4648).
 * Event `account.added`, one an account.
 */
export async function addActiveAccount(
  context: Context,
  given: { name: string; mail: string; passwordHash: string; totpSecret: string; departmentNo: number | null; roles: readonly string[] },
): Promise<{ accountNo: number }> {
  if (context.actor.principal !== "system") throw new Error("only the product itself adds an active account");
  const held = await holdPolicy(context, null);
  const accountNo = await addAccount(context, given);
  await context.db.query("update accounts set state = 'active', password_hash = $2, totp_sealed = $3, factors_handed_to = 'product' where account_no = $1", [
    accountNo,
    given.passwordHash,
    context.door.vault.sealSecret(totpSecretName(accountNo), totpSecretOf(given.totpSecret)),
  ]);
  const after = await settlePolicy(context, held, [accountNo]);
  noteAccountState(context, after, accountNo);
  await noteAccountWritten(context, accountNo);
  return { accountNo };
}
