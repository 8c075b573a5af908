import { isVisible, relationOf } from "#server/core/access/compile.ts";
import type { Context } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import { accountColumns, type AccountRow } from "./account-records.ts";

/** The account, locked for the act. @throws Problem not-found when it does not exist or is not visible to the caller */
export async function accountFor(context: Context, accountNo: number): Promise<AccountRow> {
  const [row] = await context.db.query<AccountRow>(`select ${accountColumns} from accounts where account_no = $1 for no key update`, [accountNo]);
  const relation = relationOf(context.actor.rights, { ownerNo: accountNo, cellNo: null });
  if (row === undefined || !isVisible(context.actor.rights, "account", relation)) throw new Problem("not-found");
  return row;
}

/** The number of who acts. @throws Problem not-signed-in for anybody but an account */
export function actingAccount({ actor }: Context): { accountNo: number; sessionId: string } {
  if (actor.principal !== "account") throw new Problem("not-signed-in");
  return { accountNo: actor.accountNo, sessionId: actor.sessionId };
}
