import { visibleTo } from "#server/core/access/sql-scope.ts";
import { sealed, type Context, type Draft } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as accounts from "#shared/accounts.ts";
import { fieldClasses } from "#shared/rights.ts";
import { accountColumns, accountRecord, type AccountRow } from "./account-records.ts";

/** Names by account number, of former members of staff too: they stand in histories. */
export async function listStaff(context: Context): Promise<Draft<ReplyOf<typeof accounts.listStaff>>> {
  const scope = visibleTo(context.actor.rights, "account");
  const rows = await context.db.query<AccountRow>(`select ${accountColumns} from accounts where ${scope.text} order by account_no`, scope.values);
  return {
    staff: rows.map((row) => ({
      accountNo: row.account_no,
      staffName: sealed(accountRecord(row), "staffName"),
      departmentNo: row.department_no,
      mayHoldCustomers: row.state === "active" && writesCustomers(context, row.account_no),
    })),
  };
}

function writesCustomers({ policy }: Pick<Context, "policy">, accountNo: number): boolean {
  const grants = (policy.rolesOf.get(accountNo) ?? []).flatMap((key) => policy.roles.get(key)?.grants ?? []);
  return grants.some(({ kind, levels }) => kind === "customer" && fieldClasses.some((fieldClass) => levels[fieldClass] === "write"));
}
