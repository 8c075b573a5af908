import type { Context, Input } from "#server/core/door/index.ts";
import type * as accounts from "#shared/accounts.ts";
import { placeDepartment } from "./place-department.ts";

export async function createDepartment(context: Context, input: Input<typeof accounts.createDepartment>): Promise<{ departmentNo: number }> {
  return placeDepartment(context, input.body);
}
