import { examineExact, type Context } from "#server/core/door/index.ts";
import { fold } from "#server/core/vault/index.ts";
import { accountRecords, listDepartments } from "#server/modules/accounts/index.ts";

/** Who is in charge by the name that a cell says: members of staff and departments within reach of the importer. */
export interface Assignments {
  /** Undefined: nobody of that name, or several. */
  owner(name: string): number | undefined;
  /** The cell that new customers of a department carry. */
  cell(name: string): number | undefined;
}

/** Finds the members of staff and departments that a batch names. */
export async function resolveAssignments(
  context: Context,
  accountNo: number | null,
  names: { owners: ReadonlySet<string>; departments: ReadonlySet<string> },
): Promise<Assignments> {
  const owners = new Map<string, number[]>();
  if (names.owners.size > 0) {
    const records = [...(await accountRecords(context.db, [...context.policy.rolesOf.keys()])).values()];
    for (const [folded, numbers] of examineExact(context, "account", "staffName", names.owners, records, accountNo)) {
      owners.set(folded, numbers);
    }
  }
  const cells = new Map<string, number[]>();
  if (names.departments.size > 0) {
    for (const { name, cellNo, isClosed } of (await listDepartments(context)).departments) {
      if (!isClosed && (accountNo === null || context.actor.cells.includes(cellNo))) {
        cells.set(fold("name", name), [...(cells.get(fold("name", name)) ?? []), cellNo]);
      }
    }
  }
  const only = (of: ReadonlyMap<string, number[]>, name: string): number | undefined => {
    const numbers = of.get(fold("name", name));
    return numbers?.length === 1 ? numbers[0] : undefined;
  };
  return { owner: (name) => only(owners, name), cell: (name) => only(cells, name) };
}
