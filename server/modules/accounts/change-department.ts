import type { Context, Draft, Input } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as accounts from "#shared/accounts.ts";
import { makeOrRequest } from "./make-change.ts";
import { holdPolicy } from "./policy-change.ts";

/** A new name holds at once; a move that gives anybody readable personal values waits for the privacy officer. */
export async function changeDepartment(
  context: Context,
  input: Input<typeof accounts.changeDepartment>,
): Promise<Draft<ReplyOf<typeof accounts.changeDepartment>>> {
  const { db, journal } = context;
  const { departmentNo } = input.params;
  const { name, parentNo } = input.body;
  const held = await holdPolicy(context, "manage-accounts");
  const department = held.policy.departments.get(departmentNo);
  if (department === undefined) throw new Problem("not-found");
  journal.fact("departmentNo", departmentNo);
  if (name !== undefined) {
    await db.query("update departments set name = $2 where department_no = $1", [departmentNo, name.trim()]);
    journal.fact("renamed", true);
  }
  if (parentNo === undefined || parentNo === department.parentNo) return { kind: "done" };
  return makeOrRequest(context, held, { what: "department-move", departmentNo, parentNo });
}
