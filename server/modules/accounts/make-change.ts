import type { Context } from "#server/core/door/index.ts";
import type { Policy } from "#server/core/access/policy.ts";
import { Problem } from "#shared/problems.ts";
import { noteAccountWritten, type AccountState } from "./account-records.ts";
import { replaceRoles } from "./add-account.ts";
import { accountOf, type Change } from "./change.ts";
import { formerKept } from "./choose-password.ts";
import { weigh } from "./consent-rules.ts";
import { requestConsent } from "./request-consent.ts";
import { issueInvitation, voidInvitations } from "./invitations.ts";
import { forgetFailures } from "./login-attempts.ts";
import { settlePolicy, type HeldPolicy } from "./policy-change.ts";
import { noteAccountState, noteDepartments } from "./policy-facts.ts";
import { endSessions } from "./sessions-of.ts";

export type Outcome = { kind: "done"; invitationToken: string | null } | { kind: "awaits-consent"; consentNo: number };

/** Makes a change at once, or keeps it for the privacy officer where it adds readable personal values. */
export async function makeOrRequest(context: Context, held: HeldPolicy, asked: Change): Promise<Outcome> {
  demandSense(held, asked);
  if (weigh(held.policy, asked).needsConsent) {
    return { kind: "awaits-consent", consentNo: await requestConsent(context, held, asked) };
  }
  return { kind: "done", invitationToken: await makeChange(context, held, asked) };
}

/** What no consent can mend. @throws Problem invalid-input, conflict */
export function demandSense({ policy, states }: HeldPolicy, asked: Change): void {
  const demand = (isSensible: boolean, field: string): void => {
    if (!isSensible) throw new Problem("invalid-input", { field });
  };
  switch (asked.what) {
    case "account-roles":
      return demand(asked.roles.every((key) => policy.roles.has(key)), "roles");
    case "account-department":
      return demand(asked.departmentNo === null || policy.departments.has(asked.departmentNo), "departmentNo");
    case "department-move":
      return demand(!isBelow(policy, asked.parentNo, asked.departmentNo), "parentNo");
    case "enable-account":
      if (states.get(asked.accountNo) !== "disabled") throw new Problem("conflict", { reason: "not-disabled" });
      return;
    case "reset-factor":
      if (states.get(asked.accountNo) === "disabled") throw new Problem("conflict", { reason: "disabled" });
      return;
    case "role-definition":
      return;
  }
}

/** Whether `no` is the department `aboveNo` or lies below it, or is none. */
function isBelow(policy: Policy, no: number | null, aboveNo: number): boolean {
  for (let at = no, steps = 0; at !== null; steps += 1) {
    const department = policy.departments.get(at);
    if (department === undefined || at === aboveNo || steps > policy.departments.size) return true;
    at = department.parentNo;
  }
  return false;
}

/**
 * Carries a change out, settles the policy and notes the full new state. Returns the token of the new invitation after a
 * reset.
 */
export async function makeChange(context: Context, held: HeldPolicy, asked: Change): Promise<string | null> {
  const { db, journal } = context;
  let invitationToken: string | null = null;
  switch (asked.what) {
    case "account-roles":
      await replaceRoles(context, asked.accountNo, asked.roles);
      break;
    case "account-department":
      await db.query("update accounts set department_no = $2 where account_no = $1", [asked.accountNo, asked.departmentNo]);
      break;
    case "enable-account":
      await enable(context, asked.accountNo);
      break;
    case "reset-factor":
      invitationToken = await resetFactor(context, asked.accountNo);
      break;
    case "department-move":
      await db.query("update departments set parent_no = $2 where department_no = $1", [asked.departmentNo, asked.parentNo]);
      journal.touched("department", asked.departmentNo);
      break;
    case "role-definition":
      await db.query(
        "insert into roles (role_key, definition) values ($1, $2) on conflict (role_key) do update set definition = excluded.definition",
        [asked.definition.key, JSON.stringify(asked.definition)],
      );
      journal.fact("role", asked.definition);
      break;
  }
  const accountNo = accountOf(asked);
  const after = await settlePolicy(context, held, accountNo === null ? undefined : [accountNo]);
  if (accountNo !== null) noteAccountState(context, after, accountNo);
  if (asked.what === "enable-account" || asked.what === "reset-factor") await noteAccountWritten(context, asked.accountNo);
  if (asked.what === "department-move") noteDepartments(context, after.policy);
  return invitationToken;
}

/** Sessions from before must not wake up again; who never enrolled stays invited and needs a reset for a new token. */
async function enable(context: Context, accountNo: number): Promise<void> {
  await endSessions(context, accountNo);
  const state: AccountState = "active";
  await context.db.query(
    `update accounts set state = case when password_hash is null or totp_sealed is null then 'invited' else $2 end, version = version + 1
      where account_no = $1`,
    [accountNo, state],
  );
}

/** Password, second factor, recovery codes, sessions and lock-out go; a new invitation comes. */
async function resetFactor(context: Context, accountNo: number): Promise<string> {
  const { db } = context;
  const [row] = await db.query<{ mail_token: Buffer; password_hash: string | null; former_password_hashes: string[] }>(
    "select mail_token, password_hash, former_password_hashes from accounts where account_no = $1",
    [accountNo],
  );
  if (row === undefined) throw new Problem("not-found");
  const former = [row.password_hash, ...row.former_password_hashes].flatMap((hash) => hash ?? []).slice(0, formerKept);
  await db.query(
    `update accounts set state = 'invited', password_hash = null, totp_sealed = null, former_password_hashes = $2, version = version + 1
      where account_no = $1`,
    [accountNo, former],
  );
  await db.query("delete from recovery_codes where account_no = $1", [accountNo]);
  await endSessions(context, accountNo);
  await forgetFailures(context, row.mail_token);
  await voidInvitations(context, accountNo);
  return issueInvitation(context, accountNo);
}
