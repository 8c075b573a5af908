import type { Context } from "#server/core/door/index.ts";

/** An account whose factors an administrator could have enrolled, or could still enrol. */
export interface ThroughAdministrator {
  readonly accountNo: number;
  /** Whether it has factors already; else only an invitation, or not even that. */
  readonly isEnrolled: boolean;
}

/**
 * Those of the accounts that must not become readers as they are: their factors were enrolled by a token that an administrator
 * was handed (or nobody knows by which), or they have none and no open invitation that went past the administrators.
 * Ascending.
 */
export async function throughAdministrator({ db, now }: Pick<Context, "db" | "now">, accountNos: readonly number[]): Promise<ThroughAdministrator[]> {
  if (accountNos.length === 0) return [];
  const rows = await db.query<{ account_no: number; is_enrolled: boolean }>(
    `select account_no, is_enrolled
       from (select *, password_hash is not null and totp_sealed is not null as is_enrolled from accounts where account_no = any($1)) a
      where case when is_enrolled then coalesce(factors_handed_to, 'administrator') = 'administrator'
                 else not exists (select from invitations i where i.account_no = a.account_no and i.used_at is null
                                     and i.expires_at > $2 and i.handed_to <> 'administrator') end
      order by account_no`,
    [[...accountNos], now],
  );
  return rows.map((row) => ({ accountNo: row.account_no, isEnrolled: row.is_enrolled }));
}

/**
 * Nobody enrols in these accounts from here to the end of the transaction. Invitations first, as an enrolment itself does, so
 * that the two never wait for each other in a circle.
 */
export async function holdEnrolments({ db }: Pick<Context, "db">, accountNos: readonly number[]): Promise<void> {
  await db.query("select from invitations where account_no = any($1) and used_at is null order by invitation_no for update", [[...accountNos]]);
  await db.query("select from accounts where account_no = any($1) order by account_no for no key update", [[...accountNos]]);
}
