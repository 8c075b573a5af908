import type { Context } from "#server/core/door/index.ts";
import type { CustomerRow } from "../customer-records.ts";
import { placeAfter } from "./judge-row.ts";
import type { Goal } from "./operation-records.ts";

/**
 * How many accounts would see at least one of the rows that they do not see now, and how many would see one no more: numbers
 * and nothing else.
 */
export async function countSight(context: Context, rows: readonly CustomerRow[], goal: Goal): Promise<{ gainSight: number; loseSight: number }> {
  const moves = new Map<string, { ownerNo: number | null; cellNo: number; toOwnerNo: number | null; toCellNo: number }>();
  for (const row of rows) {
    const to = placeAfter(row, goal);
    if (to.ownerNo !== row.ownerNo || to.cellNo !== row.cellNo) {
      moves.set(`${row.ownerNo}.${row.cellNo}`, { ownerNo: row.ownerNo, cellNo: row.cellNo, toOwnerNo: to.ownerNo, toCellNo: to.cellNo });
    }
  }
  if (moves.size === 0) {
    return { gainSight: 0, loseSight: 0 };
  }
  const given = [...moves.values()];
  const sees = (owner: string, cell: string): string =>
    `(s.reads_all_customers or (s.reads_cell_customers and m.${cell} = any(s.cells)) or (s.reads_own_customers and coalesce(m.${owner}, 0) = s.account_no))`;
  const moved = "unnest($1::integer[], $2::integer[], $3::integer[], $4::integer[]) as m (owner, cell, to_owner, to_cell)";
  const [row] = await context.db.query<{ gain: number; lose: number }>(
    `select count(*) filter (where exists (select from ${moved} where ${sees("to_owner", "to_cell")} and not ${sees("owner", "cell")}))::integer as gain,
            count(*) filter (where exists (select from ${moved} where ${sees("owner", "cell")} and not ${sees("to_owner", "to_cell")}))::integer as lose
       from account_scopes s join accounts a using (account_no) where a.state = 'active'`,
    [given.map((one) => one.ownerNo), given.map((one) => one.cellNo), given.map((one) => one.toOwnerNo), given.map((one) => one.toCellNo)],
  );
  return { gainSight: row?.gain ?? 0, loseSight: row?.lose ?? 0 };
}
