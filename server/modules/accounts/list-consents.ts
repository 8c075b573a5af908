import { hasVerb } from "#server/core/access/compile.ts";
import type { Context, Draft } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as accounts from "#shared/accounts.ts";
import { actingAccount } from "./account-for.ts";
import { accountOf, change } from "./change.ts";
import { weigh } from "./consent-rules.ts";
import { throughAdministrator } from "./through-administrator.ts";

const most = 500;

/** All for the privacy officer, one's own for others; what waits comes first, then the newest. */
export async function listConsents(context: Context): Promise<Draft<ReplyOf<typeof accounts.listConsents>>> {
  const { accountNo } = actingAccount(context);
  const rows = await context.db.query<{ consent_no: number; change: unknown; requested_by: number; requested_at: Date; state: "pending" }>(
    `select consent_no, change, requested_by, requested_at, state from consents where $1 or requested_by = $2
      order by state = 'pending' desc, consent_no desc limit $3`,
    [hasVerb(context.actor.rights, "consent-rights"), accountNo, most],
  );
  const requests = rows.map((row) => {
    const asked = change.parse(row.change);
    return { row, asked, beneficiaries: row.state === "pending" ? [...weigh(context.policy, asked).beneficiaries] : [] };
  });
  const found = await throughAdministrator(context, [...new Set(requests.flatMap((request) => request.beneficiaries))]);
  const enrolled = new Set(found.filter((each) => each.isEnrolled).map((each) => each.accountNo));
  return {
    consents: requests.map(({ row, asked, beneficiaries }) => {
      return {
        consentNo: row.consent_no,
        what: asked.what,
        accountNo: accountOf(asked),
        roleKey: asked.what === "role-definition" ? asked.definition.key : null,
        departmentNo: "departmentNo" in asked ? asked.departmentNo : null,
        roles: asked.what === "account-roles" ? asked.roles : null,
        definition: asked.what === "role-definition" ? asked.definition : null,
        parentNo: asked.what === "department-move" ? asked.parentNo : null,
        beneficiaries,
        renewsFactorsOf: beneficiaries.filter((accountNo) => enrolled.has(accountNo)),
        requestedBy: row.requested_by,
        requestedAt: row.requested_at.toISOString(),
        state: row.state,
      };
    }),
  };
}
