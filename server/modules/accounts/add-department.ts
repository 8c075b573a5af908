import type { Context } from "#server/core/door/index.ts";

/** A department with its first cell; the policy is to be settled afterwards. */
export async function addDepartment({ db }: Context, given: { name: string; parentNo: number | null }): Promise<{ departmentNo: number; cellNo: number }> {
  const [department] = await db.query<{ department_no: number }>("insert into departments (parent_no, name) values ($1, $2) returning department_no", [
    given.parentNo,
    given.name.trim(),
  ]);
  const departmentNo = department?.department_no ?? 0;
  const [cell] = await db.query<{ cell_no: number }>("insert into cells (department_no) values ($1) returning cell_no", [departmentNo]);
  return { departmentNo, cellNo: cell?.cell_no ?? 0 };
}
