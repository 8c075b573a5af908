import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fieldClasses } from "#shared/rights.ts";
import type { RoleDefinition } from "#shared/rights.ts";
import { anyRole } from "#tests/support/any-role.ts";
import { closest, compileRights, inCells, levelOf, own, relations, unrelated } from "./compile.ts";
import { gainsByMove } from "./gains-by-move.ts";
import { shippedRoles } from "./shipped-roles.ts";

const rightsFor = (roles: readonly RoleDefinition[]) => compileRights({ roles, accountNo: 1, cells: [1] });

describe("moving a row", () => {
  it("a salesperson cannot make a colleague's customer their own, but can hand one over", () => {
    const sales = rightsFor(shippedRoles.filter((role) => role.key === "sales"));
    expect(gainsByMove(sales, "customer", inCells, closest)).toBe(true);
    expect(gainsByMove(sales, "customer", closest, inCells)).toBe(false);
    expect(gainsByMove(sales, "customer", closest, own)).toBe(false);
  });

  it("a manager may spread customers among the staff of the department", () => {
    const manager = rightsFor(shippedRoles.filter((role) => role.key === "manager"));
    expect(gainsByMove(manager, "customer", inCells, closest)).toBe(false);
  });

  it("is a gain exactly when some class is read, written or unmasked that was not", () => {
    fc.assert(
      fc.property(fc.array(anyRole, { maxLength: 3 }), fc.constantFrom(...relations), fc.constantFrom(...relations), (roles, from, to) => {
        const rights = rightsFor(roles);
        const abilities = (relation: typeof from): string[] =>
          fieldClasses.flatMap((fieldClass) => {
            const { level, masked } = levelOf(rights, "customer", relation, fieldClass);
            return [...(level === "none" ? [] : ["read"]), ...(level === "write" ? ["write"] : []), ...(masked ? [] : ["unmasked"])].map(
              (can) => fieldClass + can,
            );
          });
        const had = abilities(from);
        expect(gainsByMove(rights, "customer", from, to)).toBe(abilities(to).some((can) => !had.includes(can)));
        expect(gainsByMove(rights, "customer", from, unrelated)).toBe(false);
      }),
    );
  });
});
