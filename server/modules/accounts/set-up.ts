import type { Context, Input } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import type * as session from "#shared/session.ts";
import { addAccount } from "./add-account.ts";
import { addDepartment } from "./add-department.ts";
import { noteAccountWritten } from "./account-records.ts";
import { foundOrganisation } from "./found-organisation.ts";
import { invitationFor, issueInvitation } from "./invitations.ts";
import { foldMail } from "./keyed-token.ts";
import { holdPolicy, settlePolicy } from "./policy-change.ts";
import { noteDepartments } from "./policy-facts.ts";

/**
 * First set-up: both offices, each with a token to enrol, and the recovery key. One person in both offices must be chosen
 * expressly and stands in the ledger with an alarm.
 * @throws Problem not-found (the link is used, void or expired), invalid-input, conflict
 */
export async function setUp(
  context: Context,
  input: Input<typeof session.setUp>,
): Promise<{ administratorToken: string; officerToken: string | null; recoveryKey: string }> {
  const { journal } = context;
  const { token, organisation, administrator, officer, acceptsCombinedOffice } = input.body;
  const held = await holdPolicy(context, null);
  const invitation = await invitationFor(context, token);
  if (invitation.kind !== "set-up") throw new Problem("not-found");
  if (officer === undefined && acceptsCombinedOffice !== true) throw new Problem("invalid-input", { field: "officer" });
  if (officer !== undefined && foldMail(officer.mail) === foldMail(administrator.mail)) {
    throw new Problem("invalid-input", { field: "officer.mail" });
  }

  const isCombined = officer === undefined;
  const recoveryKey = await foundOrganisation(context, { name: organisation, combinedOffice: isCombined });
  const { departmentNo } = await addDepartment(context, { name: organisation, parentNo: null });
  const administratorRoles = isCombined ? ["system-administrator", "privacy-officer"] : ["system-administrator"];
  const administratorNo = await addAccount(context, { ...administrator, departmentNo, roles: administratorRoles });
  const officerNo = officer === undefined ? null : await addAccount(context, { ...officer, departmentNo, roles: ["privacy-officer"] });
  const { policy } = await settlePolicy(context, held);

  const accounts = officerNo === null ? [administratorNo] : [administratorNo, officerNo];
  journal.fact(
    "accounts",
    accounts.map((accountNo) => ({ accountNo, state: "invited", departmentNo, roles: policy.rolesOf.get(accountNo) ?? [] })),
  );
  noteDepartments(context, policy);
  if (isCombined) journal.fact("alarm", true);
  for (const accountNo of accounts) await noteAccountWritten(context, accountNo);
  return {
    administratorToken: await issueInvitation(context, administratorNo, "console"),
    officerToken: officerNo === null ? null : await issueInvitation(context, officerNo, "console"),
    recoveryKey,
  };
}
