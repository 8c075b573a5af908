import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fieldClasses, kinds, levels, purposes, verbs } from "#shared/rights.ts";
import type { RoleDefinition } from "#shared/rights.ts";
import { anyRole } from "#tests/support/any-role.ts";
import { everyRow, myCells, myNo } from "#tests/support/access-cases.ts";
import {
  canRead,
  canWrite,
  closest,
  compileRights,
  hasVerb,
  inCells,
  isVisible,
  levelOf,
  mayCall,
  mayReveal,
  noRights,
  own,
  relationOf,
  relations,
  scopeFor,
  unrelated,
  visibleScope,
} from "./compile.ts";
import type { ClassRight, Rights, RowScope } from "./compile.ts";

const anyRoles = fc.array(anyRole, { maxLength: 3 });
const rightsOf = (roles: readonly RoleDefinition[]): Rights => compileRights({ roles, accountNo: myNo, cells: myCells });
const isAtLeast = (more: ClassRight, less: ClassRight): boolean => levels.indexOf(more.level) >= levels.indexOf(less.level) && (!more.masked || less.masked);

function contains(scope: RowScope, row: { ownerNo: number | null; cellNo: number | null }): boolean {
  return scope.all || (scope.own && row.ownerNo === myNo) || (scope.cells && row.cellNo !== null && myCells.includes(row.cellNo));
}

describe("compiled rights", () => {
  it("never shrink by a further role, nor by a row standing closer", () => {
    fc.assert(
      fc.property(anyRoles, anyRole, (roles, further) => {
        const less = rightsOf(roles);
        const more = rightsOf([...roles, further]);
        for (const kind of kinds) {
          for (const fieldClass of fieldClasses) {
            for (const relation of relations) {
              expect(isAtLeast(levelOf(more, kind, relation, fieldClass), levelOf(less, kind, relation, fieldClass))).toBe(true);
              expect(isAtLeast(levelOf(less, kind, closest, fieldClass), levelOf(less, kind, relation, fieldClass))).toBe(true);
              expect(isAtLeast(levelOf(less, kind, relation, fieldClass), levelOf(less, kind, unrelated, fieldClass))).toBe(true);
            }
          }
        }
      }),
    );
  });

  it("say the same about a row by its scope as by its relation, for every class and need", () => {
    fc.assert(
      fc.property(anyRoles, (roles) => {
        const rights = rightsOf(roles);
        for (const kind of kinds) {
          for (const row of everyRow) {
            const relation = relationOf(rights, row);
            expect(contains(visibleScope(rights, kind), row)).toBe(isVisible(rights, kind, relation));
            for (const fieldClass of fieldClasses) {
              const right = levelOf(rights, kind, relation, fieldClass);
              expect(contains(scopeFor(rights, kind, fieldClass, { level: "read" }), row)).toBe(canRead(right));
              expect(contains(scopeFor(rights, kind, fieldClass, { level: "read", unmasked: true }), row)).toBe(!right.masked);
              expect(contains(scopeFor(rights, kind, fieldClass, { level: "write" }), row)).toBe(canWrite(right));
            }
          }
        }
      }),
    );
  });

  it("let through the first gate exactly what is granted in some scope", () => {
    fc.assert(
      fc.property(anyRoles, (roles) => {
        const rights = rightsOf(roles);
        const granted = roles.flatMap((role) => role.grants);
        for (const kind of kinds) {
          const given = granted.filter((grant) => grant.kind === kind).flatMap((grant) => Object.values(grant.levels));
          expect(mayCall(rights, `${kind}.read`)).toBe(given.some((level) => level !== "none"));
          expect(mayCall(rights, `${kind}.write`)).toBe(given.includes("write"));
        }
        for (const verb of verbs) expect(mayCall(rights, verb)).toBe(roles.some((role) => role.verbs.includes(verb)));
      }),
    );
  });

  it("tell own, department and other rows apart", () => {
    const rights = rightsOf([]);
    expect(relationOf(rights, { ownerNo: myNo, cellNo: 4 })).toBe(own);
    expect(relationOf(rights, { ownerNo: 8, cellNo: 5 })).toBe(inCells);
    expect(relationOf(rights, { ownerNo: myNo, cellNo: 3 })).toBe(closest);
    expect(relationOf(rights, { ownerNo: null, cellNo: null })).toBe(unrelated);
  });

  it("are nothing at all without an account, even on rows that nobody owns", () => {
    expect(relationOf(noRights, { ownerNo: 0, cellNo: 0 })).toBe(unrelated);
    for (const kind of kinds) expect(visibleScope(noRights, kind)).toEqual({ all: false, cells: false, own: false });
    for (const verb of verbs) expect(mayCall(noRights, verb)).toBe(false);
  });

  it("grant nothing for names that this release does not know", () => {
    const stranger = {
      key: "later",
      labelJa: "後",
      labelEn: "Later",
      verbs: ["teleport"],
      purposes: ["curiosity"],
      grants: [
        { kind: "customer", scope: "galaxy", levels: { open: "write", internal: "write", personal: "write", sensitive: "write" }, masked: [] },
        { kind: "customer", scope: "all", levels: { open: "own", internal: "none", personal: "none", sensitive: "none" }, masked: [] },
      ],
    } as unknown as RoleDefinition;
    const { table, verbs: verbBits, purposes: purposeBits } = rightsOf([stranger]);
    expect([...table, verbBits, purposeBits].every((word) => word === 0)).toBe(true);
  });

  it("reveal a masked value only with level, verb and purpose together", () => {
    const full: RoleDefinition = {
      key: "full",
      labelJa: "全",
      labelEn: "Full",
      verbs: ["reveal"],
      purposes: ["inquiry"],
      grants: [{ kind: "customer", scope: "own", levels: { open: "none", internal: "none", personal: "read", sensitive: "none" }, masked: ["personal"] }],
    };
    const may = (role: RoleDefinition, relation = own): boolean => mayReveal(rightsOf([role]), "customer", relation, "personal", "inquiry");
    expect(may(full)).toBe(true);
    expect(may({ ...full, verbs: [] })).toBe(false);
    expect(may({ ...full, purposes: ["sales"] })).toBe(false);
    expect(may({ ...full, grants: [] })).toBe(false);
    expect(may(full, inCells)).toBe(false);
    expect(purposes.filter((purpose) => mayReveal(rightsOf([full]), "customer", own, "personal", purpose))).toEqual(["inquiry"]);
    expect(hasVerb(rightsOf([full]), "reveal")).toBe(true);
  });
});
