import { hasVerb } from "#server/core/access/compile.ts";
import { rightsOf } from "#server/core/access/policy.ts";
import type { Context } from "#server/core/door/index.ts";
import type { BodyOf } from "#shared/endpoint.ts";
import { mostUnconfirmed, type previewMeasure } from "#shared/measures.ts";
import { Problem } from "#shared/problems.ts";

export type Act = BodyOf<typeof previewMeasure>;
export type Refusal = "oneself" | "last-officer" | "not-held" | "unconfirmed-again";

const forAccounts = ["cut-sessions", "freeze"];

/** @throws Problem invalid-input when the target does not go with the kind, not-found when there is no such target */
export async function demandTarget({ db, policy }: Pick<Context, "db" | "policy">, act: Act): Promise<void> {
  const isForAccounts = forAccounts.includes(act.kind);
  const fits = isForAccounts ? act.target !== "service" && !(act.kind === "freeze" && act.target === "everybody") : act.target === "service";
  const named = [act.accountNo, act.roleKey, act.departmentNo].filter((one) => one !== null).length;
  const isNamed = act.target === "account" ? act.accountNo !== null : act.target === "role" ? act.roleKey !== null : act.departmentNo !== null;
  const needsName = ["account", "role", "department"].includes(act.target);
  if (!fits || named !== (needsName ? 1 : 0) || (needsName && !isNamed)) {
    throw new Problem("invalid-input", { field: "target" });
  }
  if (act.roleKey !== null && !policy.roles.has(act.roleKey)) {
    throw new Problem("not-found");
  }
  if (act.departmentNo !== null && !policy.departments.has(act.departmentNo)) {
    throw new Problem("not-found");
  }
  if (act.accountNo !== null && (await db.query("select from accounts where account_no = $1", [act.accountNo])).length === 0) {
    throw new Problem("not-found");
  }
}

/** The members of staff whom it means; oneself is never cut. Ascending. */
export async function accountsMeant({ db, actor }: Pick<Context, "db" | "actor">, act: Act): Promise<number[]> {
  if (!forAccounts.includes(act.kind)) {
    return [];
  }
  const rows =
    act.target === "everybody"
      ? await db.query<{ account_no: number }>("select account_no from accounts where state = 'active' and account_no is distinct from $1 order by 1", [
          actor.accountNo,
        ])
      : await db.query<{ account_no: number }>(
          `select m.account_no from accounts_meant($1, $2, $3) as m (account_no) join accounts a using (account_no)
            where a.state = 'active' and ($4 or m.account_no is distinct from $5) order by 1`,
          [act.accountNo, act.roleKey, act.departmentNo, act.kind === "freeze", actor.accountNo],
        );
  return rows.map((row) => row.account_no);
}

/**
 * Whether one person may not do it alone. Accounts whom they froze alone and who still are count together, so that many are not
 * frozen one by one; a single one never needs anybody else.
 */
export async function needsSecond(context: Pick<Context, "db" | "actor" | "now">, act: Act, meant: readonly number[]): Promise<boolean> {
  if (act.kind === "stop" || (act.kind === "cut-sessions" && act.target === "everybody")) {
    return true;
  }
  if (act.kind !== "freeze") {
    return false;
  }
  const [row] = await context.db.query<{ most: number }>("select most_frozen_alone as most from organisation");
  const most = row?.most ?? 0;
  const together = new Set([...meant, ...(await frozenAlone(context))]);
  return act.target === "account" ? together.size > Math.max(most, 1) : together.size > most;
}

/** Members of staff whom freezes mean that the caller took without a second person and that still stand. */
async function frozenAlone({ db, actor, now }: Pick<Context, "db" | "actor" | "now">): Promise<number[]> {
  const rows = await db.query<{ account_no: number }>(
    `select distinct m.account_no from measures s
       cross join lateral accounts_meant(s.account_no, s.role_key, s.department_no) as m (account_no) join accounts a on a.account_no = m.account_no
      where s.kind = 'freeze' and s.taken_by = $1 and s.request_no is null and not s.is_drill and s.ended_at is null
        and (s.ends_at is null or s.ends_at > $2) and a.state = 'active'`,
    [actor.accountNo, now],
  );
  return rows.map((row) => row.account_no);
}

/** Why it is refused, in a code that the screens have words for. */
export async function refusalOf(context: Context, act: Act, meant: readonly number[], isTwoPersons: boolean): Promise<Refusal | null> {
  const { db, actor, now, policy } = context;
  if (act.kind === "freeze") {
    if (actor.accountNo !== null && meant.includes(actor.accountNo)) {
      return "oneself";
    }
    // Whoever is left must be able to judge and to end it.
    const left = await db.query<{ account_no: number }>(
      "select account_no from accounts where state = 'active' and frozen_until <= $1 and account_no <> all($2)",
      [now, meant],
    );
    const isOfficer = (accountNo: number): boolean => hasVerb(rightsOf(policy, accountNo), "consent-rights");
    if (meant.some(isOfficer) && !left.some((row) => isOfficer(row.account_no))) {
      return "last-officer";
    }
  }
  if (act.kind === "withdraw-lists") {
    const [held] = await db.query<{ is_held: boolean }>("select exports_held_until > $1 as is_held from organisation", [now]);
    if (held?.is_held !== true) {
      return "not-held";
    }
  }
  if (isTwoPersons && actor.accountNo !== null) {
    const [former] = await db.query<{ count: number }>(
      `select count(*)::integer as count from measures
        where taken_by = $1 and kind = $2 and target = $3 and role_key is not distinct from $4 and department_no is not distinct from $5
          and not is_drill and confirm_by is not null and confirmed_at is null and taken_at > $6`,
      [actor.accountNo, act.kind, act.target, act.roleKey, act.departmentNo, new Date(now.getTime() - 12 * 3_600_000)],
    );
    if ((former?.count ?? 0) >= mostUnconfirmed) {
      return "unconfirmed-again";
    }
  }
  return null;
}

/** How many others could confirm it at this moment. */
export async function countConfirmers({ db, policy, actor, now }: Context, meant: readonly number[]): Promise<number> {
  const rows = await db.query<{ account_no: number }>(
    "select account_no from accounts where state = 'active' and frozen_until <= $1 and account_no is distinct from $2 and account_no <> all($3)",
    [now, actor.accountNo, meant],
  );
  return rows.filter((row) => hasVerb(rightsOf(policy, row.account_no), "approve")).length;
}
