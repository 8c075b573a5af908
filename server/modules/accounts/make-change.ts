import type { Context } from "#server/core/door/index.ts";
import type { Policy } from "#server/core/access/policy.ts";
import { Problem } from "#shared/problems.ts";
import { noteAccountWritten, type AccountState } from "./account-records.ts";
import { replaceRoles } from "./add-account.ts";
import { accountOf, type Change } from "./change.ts";
import { weigh } from "./consent-rules.ts";
import { requestConsent } from "./request-consent.ts";
import type { HandedTo } from "./invitations.ts";
import { settlePolicy, type HeldPolicy } from "./policy-change.ts";
import { noteAccountState, noteAccountStates, noteDepartments } from "./policy-facts.ts";
import { renewFactors } from "./renew-factors.ts";
import { endSessions } from "./sessions-of.ts";
import { holdEnrolments, throughAdministrator } from "./through-administrator.ts";

export type Outcome = { kind: "done"; invitationToken: string | null } | { kind: "awaits-consent"; consentNo: number };

/** Makes a change at once, or keeps it for the privacy officer where it adds readable personal values. */
export async function makeOrRequest(context: Context, held: HeldPolicy, asked: Change): Promise<Outcome> {
  demandSense(held, asked);
  if (weigh(held.policy, asked).needsConsent) {
    return { kind: "awaits-consent", consentNo: await requestConsent(context, held, asked) };
  }
  const { invitationToken } = await makeChange(context, held, asked, "administrator");
  return { kind: "done", invitationToken };
}

/** What no consent can mend. @throws Problem invalid-input, conflict */
export function demandSense({ policy, states }: HeldPolicy, asked: Change): void {
  const demand = (isSensible: boolean, field: string): void => {
    if (!isSensible) throw new Problem("invalid-input", { field });
  };
  switch (asked.what) {
    case "account-roles":
      return demand(
        asked.roles.every((key) => policy.roles.has(key)),
        "roles",
      );
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

/** The tokens of new invitations that a change came to, for whoever carried it out. */
export interface Made {
  /** Of the account that the change speaks of. */
  readonly invitationToken: string | null;
  readonly otherInvitations: readonly { readonly accountNo: number; readonly invitationToken: string }[];
}

/**
 * Carries a change out, settles the policy and notes the full new state. With the officer's consent (`handedTo` is the officer)
 * nobody becomes a reader on factors that an administrator could have enrolled: those are void, and the new invitation's token
 * is the officer's to hand over.
 */
export async function makeChange(context: Context, held: HeldPolicy, asked: Change, handedTo: Extract<HandedTo, "administrator" | "officer">): Promise<Made> {
  const { db, journal } = context;
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
      break;
    case "department-move":
      await db.query("update departments set parent_no = $2 where department_no = $1", [asked.departmentNo, asked.parentNo]);
      journal.touched("department", asked.departmentNo);
      break;
    case "role-definition":
      await db.query("insert into roles (role_key, definition) values ($1, $2) on conflict (role_key) do update set definition = excluded.definition", [
        asked.definition.key,
        JSON.stringify(asked.definition),
      ]);
      journal.fact("role", asked.definition);
      break;
  }
  const renewed = await renewWhereNeeded(context, held, asked, handedTo);
  const accountNo = accountOf(asked);
  const after = await settlePolicy(context, held, accountNo === null ? undefined : [accountNo]);
  if (accountNo !== null) noteAccountState(context, after, accountNo);
  if (asked.what === "department-move") noteDepartments(context, after.policy);
  const others = [...renewed.keys()].filter((no) => no !== accountNo);
  if (others.length > 0) noteAccountStates(context, after, others);
  const written = asked.what === "enable-account" ? [asked.accountNo, ...others] : [...renewed.keys()];
  for (const no of written) await noteAccountWritten(context, no);
  return {
    invitationToken: (accountNo === null ? null : renewed.get(accountNo)) ?? null,
    otherInvitations: others.flatMap((no) => {
      const token = renewed.get(no) ?? null;
      return token === null ? [] : [{ accountNo: no, invitationToken: token }];
    }),
  };
}

/**
 * The tokens of new invitations by account number (null: disabled, so none), with the factors before them void. In the event:
 * `factorsReset`, who had enrolled through an administrator; `newInvitations`, and `handedTo` whom.
 */
async function renewWhereNeeded(
  context: Context,
  { policy }: HeldPolicy,
  asked: Change,
  handedTo: Extract<HandedTo, "administrator" | "officer">,
): Promise<Map<number, string | null>> {
  const { journal } = context;
  const renewed = new Map<number, string | null>();
  if (asked.what === "reset-factor") {
    renewed.set(asked.accountNo, await renewFactors(context, asked.accountNo, handedTo));
  } else if (handedTo === "officer") {
    const { beneficiaries } = weigh(policy, asked);
    await holdEnrolments(context, beneficiaries);
    const found = await throughAdministrator(context, beneficiaries);
    for (const { accountNo } of found) renewed.set(accountNo, await renewFactors(context, accountNo, handedTo));
    const reset = found.flatMap(({ accountNo, isEnrolled }) => (isEnrolled ? [accountNo] : []));
    if (reset.length > 0) journal.fact("factorsReset", reset);
  }
  const invited = [...renewed].flatMap(([accountNo, token]) => (token === null ? [] : [accountNo]));
  if (invited.length > 0) {
    journal.fact("newInvitations", invited);
    journal.fact("handedTo", handedTo);
  }
  return renewed;
}

/** Sessions from before must not wake up again; who never enrolled is invited and has no token by this. */
async function enable(context: Context, accountNo: number): Promise<void> {
  await endSessions(context, accountNo);
  const state: AccountState = "active";
  await context.db.query(
    `update accounts set state = case when password_hash is null or totp_sealed is null then 'invited' else $2 end, version = version + 1
      where account_no = $1`,
    [accountNo, state],
  );
}
