import { hasVerb } from "#server/core/access/compile.ts";
import { visibleTo } from "#server/core/access/sql-scope.ts";
import { sealed, type Context, type Draft } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as accounts from "#shared/accounts.ts";
import { accountColumns, accountRecord, type AccountRow } from "./account-records.ts";

/** Members of staff that the caller sees. When somebody was last there is for those who manage accounts. */
export async function listAccounts(context: Context): Promise<Draft<ReplyOf<typeof accounts.listAccounts>>> {
  const { db, policy, actor } = context;
  const scope = visibleTo(actor.rights, "account");
  const rows = await db.query<AccountRow>(`select ${accountColumns} from accounts where ${scope.text} order by account_no`, scope.values);
  const manages = hasVerb(actor.rights, "manage-accounts");
  return {
    accounts: rows.map((row) => {
      const record = accountRecord(row);
      return {
        accountNo: row.account_no,
        state: row.state,
        staffName: sealed(record, "staffName"),
        staffMail: sealed(record, "staffMail"),
        departmentNo: row.department_no,
        roles: [...(policy.rolesOf.get(row.account_no) ?? [])],
        hasSecondFactor: row.totp_sealed !== null,
        lastSeenAt: manages ? (row.last_seen_at?.toISOString() ?? null) : null,
      };
    }),
  };
}
