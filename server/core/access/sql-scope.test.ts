import { describe, expect, it } from "vitest";
import type { RoleDefinition } from "#shared/rights.ts";
import { compileRights } from "./compile.ts";
import { shippedRoles } from "./shipped-roles.ts";
import { scopePredicate, visibleTo } from "./sql-scope.ts";

const rightsFor = (key: string, cells: readonly number[]) =>
  compileRights({ roles: shippedRoles.filter((role: RoleDefinition) => role.key === key), accountNo: 7, cells });

describe("a scope in SQL", () => {
  it("names own and department rows, with parameters and never with values in its text", () => {
    expect(visibleTo(rightsFor("sales", [3, 5]), "customer")).toEqual({
      text: "(owner_no = $1::integer or cell_no = any($2::integer[]))",
      values: [7, [3, 5]],
    });
  });

  it("numbers its parameters on from where the query stands", () => {
    expect(visibleTo(rightsFor("sales", [3]), "customer", { startAt: 4, columns: { owner: "c.owner_no", cell: "c.cell_no" } }).text).toBe(
      "(c.owner_no = $4::integer or c.cell_no = any($5::integer[]))",
    );
  });

  it("narrows to the class that a list sorts or filters by", () => {
    const sales = rightsFor("sales", [3]);
    expect(visibleTo(sales, "customer", { fieldClass: "personal", need: { level: "read", unmasked: true } }).text).toBe("(owner_no = $1::integer)");
    expect(visibleTo(sales, "customer", { fieldClass: "sensitive" })).toEqual({ text: "false", values: [] });
  });

  it("is true for everyone's rows and false for nobody's", () => {
    expect(visibleTo(rightsFor("privacy-officer", []), "customer")).toEqual({ text: "true", values: [] });
    expect(visibleTo(rightsFor("system-administrator", [3]), "customer")).toEqual({ text: "false", values: [] });
    expect(visibleTo(rightsFor("office", []), "customer")).toEqual({ text: "false", values: [] });
  });

  it("takes no text from outside as a column", () => {
    expect(() => scopePredicate(rightsFor("sales", []), { all: false, cells: false, own: true }, { owner: "1=1 or a", cell: null })).toThrow(
      "not a column name",
    );
  });
});
