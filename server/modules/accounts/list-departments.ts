import type { Context, Draft } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as accounts from "#shared/accounts.ts";

/** Each department with its first cell: the one that new customers of it carry. */
export async function listDepartments({ db }: Context): Promise<Draft<ReplyOf<typeof accounts.listDepartments>>> {
  const rows = await db.query<{ department_no: number; parent_no: number | null; name: string; is_closed: boolean; cell_no: number | null }>(
    `select d.department_no, d.parent_no, d.name, d.is_closed, min(c.cell_no) as cell_no
       from departments d left join cells c using (department_no) group by d.department_no order by d.department_no`,
  );
  return {
    departments: rows.flatMap((row) =>
      row.cell_no === null ? [] : [{ departmentNo: row.department_no, parentNo: row.parent_no, name: row.name, cellNo: row.cell_no, isClosed: row.is_closed }],
    ),
  };
}
