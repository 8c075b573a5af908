import { visibleScope } from "#server/core/access/compile.ts";
import { rightsOf, type Policy } from "#server/core/access/policy.ts";
import type { Db } from "#server/core/context/db.ts";

/**
 * Writes the scopes that row-level security applies, and who is frozen, for every account or for those named. Belongs into the transaction of
 * each change of policy, after it.
 */
export async function rebuildScopes(db: Db, policy: Policy, accountNos?: readonly number[]): Promise<void> {
  const numbers = accountNos ?? [...policy.rolesOf.keys()];
  const rows = numbers.map((accountNo) => {
    const rights = rightsOf(policy, accountNo);
    const customers = visibleScope(rights, "customer");
    return {
      account_no: accountNo,
      cells: [...rights.cells],
      reads_all_customers: customers.all,
      reads_cell_customers: customers.cells,
      reads_own_customers: customers.own,
      reads_companies: visibleScope(rights, "company").all,
    };
  });
  await db.query(
    `insert into account_scopes as s
     select n.account_no, array(select jsonb_array_elements_text(n.cells)::integer), n.reads_all_customers, n.reads_cell_customers,
            n.reads_own_customers, n.reads_companies
       from jsonb_to_recordset($1::jsonb) as n (account_no integer, cells jsonb, reads_all_customers boolean,
            reads_cell_customers boolean, reads_own_customers boolean, reads_companies boolean)
     on conflict (account_no) do update
        set cells = excluded.cells, reads_all_customers = excluded.reads_all_customers,
            reads_cell_customers = excluded.reads_cell_customers, reads_own_customers = excluded.reads_own_customers,
            reads_companies = excluded.reads_companies
      where (s.cells, s.reads_all_customers, s.reads_cell_customers, s.reads_own_customers, s.reads_companies)
            is distinct from (excluded.cells, excluded.reads_all_customers, excluded.reads_cell_customers,
                              excluded.reads_own_customers, excluded.reads_companies)`,
    [JSON.stringify(rows)],
  );
  // A role or department may be frozen: who takes it up is frozen with it, who leaves it is not any more.
  await db.query("select refresh_freezes()");
}
