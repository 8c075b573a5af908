import type { Context } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import { addDepartment } from "./add-department.ts";
import { holdPolicy, settlePolicy } from "./policy-change.ts";
import { noteDepartments } from "./policy-facts.ts";

/**
 * A new department with a cell of its own, below another one or at the top. Nobody's rights grow: the cell is empty. Event
 * `department.created`.
 * @throws Problem invalid-input {field: "parentNo"}, not-permitted
 */
export async function placeDepartment(context: Context, given: { name: string; parentNo: number | null }): Promise<{ departmentNo: number; cellNo: number }> {
  const held = await holdPolicy(context, "manage-accounts");
  if (given.parentNo !== null && !held.policy.departments.has(given.parentNo)) throw new Problem("invalid-input", { field: "parentNo" });
  const placed = await addDepartment(context, given);
  const { policy } = await settlePolicy(context, held);
  context.journal.touched("department", placed.departmentNo);
  context.journal.fact("departmentNo", placed.departmentNo);
  noteDepartments(context, policy);
  return placed;
}
