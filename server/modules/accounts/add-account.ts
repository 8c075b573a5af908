import type { Context } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import { sealStaff } from "./account-records.ts";
import { foldMail, keyedToken } from "./keyed-token.ts";

const mailForm = /^[^\s@]{1,64}@[^\s@]+\.[^\s@]+$/u;

/**
 * A new row for a member of staff, in the state `invited` and with these roles; the policy is to be settled afterwards.
 * @throws Problem invalid-input {field: "mail"}, conflict {field: "mail"} when the address has an account
 */
export async function addAccount(
  context: Context,
  given: { name: string; mail: string; departmentNo: number | null; roles: readonly string[] },
): Promise<number> {
  const { db, now } = context;
  const mail = foldMail(given.mail);
  if (!mailForm.test(mail)) throw new Problem("invalid-input", { field: "mail" });
  const mailToken = await keyedToken(context, "mail", mail);
  const taken = await db.query("select account_no from accounts where mail_token = $1", [mailToken]);
  if (taken.length > 0) throw new Problem("conflict", { field: "mail" });
  const [next] = await db.query<{ no: number }>("select nextval(pg_get_serial_sequence('accounts', 'account_no'))::integer as no");
  const accountNo = next?.no ?? 0;
  await db.query(
    `insert into accounts (account_no, state, department_no, sealed_internal, mail_token, created_at)
     overriding system value values ($1, 'invited', $2, $3, $4, $5)`,
    [accountNo, given.departmentNo, sealStaff(context, accountNo, 1, { name: given.name.trim(), mail: given.mail.normalize("NFKC").trim() }), mailToken, now],
  );
  await replaceRoles(context, accountNo, given.roles);
  return accountNo;
}

export async function replaceRoles({ db }: Context, accountNo: number, roles: readonly string[]): Promise<void> {
  await db.query("delete from account_roles where account_no = $1", [accountNo]);
  await db.query("insert into account_roles (account_no, role_key) select $1, unnest($2::text[])", [accountNo, [...new Set(roles)]]);
}
