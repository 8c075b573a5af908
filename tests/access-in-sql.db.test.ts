import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fieldClasses, kinds } from "#shared/rights.ts";
import type { Kind, RoleDefinition } from "#shared/rights.ts";
import { canRead, canWrite, compileRights, isVisible, levelOf, relationOf } from "#server/core/access/compile.ts";
import type { ClassNeed, ClassRight, Rights } from "#server/core/access/compile.ts";
import { shippedRoles } from "#server/core/access/shipped-roles.ts";
import { visibleTo } from "#server/core/access/sql-scope.ts";
import type { ScopeColumns, SqlPredicate } from "#server/core/access/sql-scope.ts";
import fc from "fast-check";
import { anyRole } from "./support/any-role.ts";
import { everyRow, myCells, myNo, roleSets } from "./support/access-cases.ts";
import { cloneDatabase } from "./support/database.ts";
import type { TestDatabase } from "./support/database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
});
afterAll(() => database.drop());

const needs: readonly { name: string; need: ClassNeed; holds: (right: ClassRight) => boolean }[] = [
  { name: "read", need: { level: "read" }, holds: canRead },
  { name: "unmasked", need: { level: "read", unmasked: true }, holds: (right) => canRead(right) && !right.masked },
  { name: "write", need: { level: "write" }, holds: canWrite },
];

/** The predicates of one account on one kind, numbered on from each other, with what the compiled table says of each row. */
function predicatesOf(rights: Rights, kind: Kind, columns: ScopeColumns) {
  const asked: { name: string; predicate: SqlPredicate; expected: readonly boolean[] }[] = [];
  let startAt = 1;
  const ask = (name: string, given: Parameters<typeof visibleTo>[2], holds: (row: (typeof everyRow)[number]) => boolean): void => {
    const predicate = visibleTo(rights, kind, { ...given, startAt, columns });
    startAt += predicate.values.length;
    asked.push({ name: `${kind} ${name}`, predicate, expected: everyRow.map(holds) });
  };
  ask("visible", {}, (row) => isVisible(rights, kind, relationOf(rights, row)));
  for (const fieldClass of fieldClasses) {
    for (const { name, need, holds } of needs) {
      ask(`${fieldClass} ${name}`, { fieldClass, need }, (row) => holds(levelOf(rights, kind, relationOf(rights, row), fieldClass)));
    }
  }
  return asked;
}

const rowsInSql = `(values ${everyRow.map((row, at) => `(${at}, ${row.ownerNo ?? "null"}::integer, ${row.cellNo ?? "null"}::integer)`).join(", ")}) as r (row_no, owner_no, cell_no)`;

async function differences(roles: readonly RoleDefinition[], cells: readonly number[]): Promise<string[]> {
  const rights = compileRights({ roles, accountNo: myNo, cells });
  const found: string[] = [];
  for (const kind of kinds) {
    const asked = predicatesOf(rights, kind, { owner: "r.owner_no", cell: "r.cell_no" });
    // A WHERE keeps a row when its condition is true, and drops it for false and NULL alike.
    const columns = asked.map(({ predicate }, at) => `(${predicate.text}) is true as p${at}`).join(", ");
    const { rows } = await database.app.query<Record<string, boolean>>({
      text: `select ${columns} from ${rowsInSql} order by row_no`,
      values: asked.flatMap(({ predicate }) => predicate.values) as unknown[],
    });
    asked.forEach(({ name, expected }, at) => {
      expected.forEach((isExpected, rowAt) => {
        if (rows[rowAt]?.[`p${at}`] !== isExpected) found.push(`${roles.map((role) => role.key).join("+")} ${name}: ${everyRow[rowAt]?.name}`);
      });
    });
  }
  return found;
}

describe("the SQL predicate in PostgreSQL and the compiled rights", () => {
  it("keep the same rows for no role, every shipped role and every pair of them, for each kind, class and need", async () => {
    for (const roles of roleSets(shippedRoles)) expect(await differences(roles, myCells)).toEqual([]);
  });

  it("keep the same rows for an account without any cell", async () => {
    for (const roles of roleSets(shippedRoles)) expect(await differences(roles, [])).toEqual([]);
  });

  it("keep the same rows for roles that an organisation may define itself", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRole, { maxLength: 3 }), async (roles) => {
        expect(await differences(roles, myCells)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it("run on the product's own tables, with the columns that each kind has", async () => {
    for (const role of shippedRoles) {
      const rights = compileRights({ roles: [role], accountNo: myNo, cells: myCells });
      for (const [kind, table] of [
        ["customer", "customers"],
        ["company", "companies"],
        ["account", "accounts"],
      ] as const) {
        const { text, values } = visibleTo(rights, kind);
        const { rows } = await database.owner.query<{ count: string | number }>({ text: `select count(*) from ${table} where ${text}`, values: [...values] });
        expect(Number(rows[0]?.count)).toBe(0);
      }
    }
  });
});
