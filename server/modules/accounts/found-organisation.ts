import type { Context } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import { addDepartment } from "./add-department.ts";
import { voidInvitations } from "./invitations.ts";
import { makeRecoveryKey } from "./recovery-public-key.ts";

/**
 * Names the organisation, gives it a first department of the same name and a recovery key, and ends the time in which it can
 * be set up. Of two at once one wins. The policy is to be settled afterwards. Event `organisation.founded` when it is an act
 * of its own.
 * @throws Problem conflict when that was done before
 */
export async function foundOrganisation(
  context: Context,
  given: { name: string; combinedOffice: boolean },
): Promise<{ departmentNo: number; cellNo: number; recoveryKey: string }> {
  const { db, journal, now } = context;
  const founded = await db.query(
    "update organisation set name = $1, combined_office = $2, set_up_at = $3 where set_up_at is null returning one",
    [given.name.trim(), given.combinedOffice, now],
  );
  if (founded.length === 0) throw new Problem("conflict", { reason: "already-set-up" });
  await voidInvitations(context, null);
  journal.fact("combinedOffice", given.combinedOffice);
  const department = await addDepartment(context, { name: given.name, parentNo: null });
  return { ...department, recoveryKey: await makeRecoveryKey(context) };
}
