import type { Context } from "#server/core/door/index.ts";
import { addDepartment } from "./add-department.ts";
import { foundOrganisation } from "./found-organisation.ts";
import { holdPolicy, settlePolicy } from "./policy-change.ts";
import { noteDepartments } from "./policy-facts.ts";

/**
 * Founds the sample company without a set-up link: its name, its departments (each parent before its children), and a
 * recovery key that nobody is shown. Returns the departments by key, each with its cell. Event `organisation.founded`.
 * @throws Problem conflict when there is an organisation
 */
export async function foundSampleOrganisation(
  context: Context,
  given: { name: string; departments: readonly { key: string; parent: string | null; name: string }[] },
): Promise<Map<string, { departmentNo: number; cellNo: number }>> {
  if (context.actor.principal !== "system") throw new Error("only the product itself founds an organisation without a set-up");
  const held = await holdPolicy(context, null);
  await foundOrganisation(context, { name: given.name, combinedOffice: false });
  const placed = new Map<string, { departmentNo: number; cellNo: number }>();
  for (const { key, parent, name } of given.departments) {
    const parentNo = parent === null ? null : (placed.get(parent)?.departmentNo ?? null);
    placed.set(key, await addDepartment(context, { name, parentNo }));
  }
  const { policy } = await settlePolicy(context, held);
  noteDepartments(context, policy);
  return placed;
}
