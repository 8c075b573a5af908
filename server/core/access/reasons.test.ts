import fc from "fast-check";
import { expect, it } from "vitest";
import { fieldClasses, kinds, levels } from "#shared/rights.ts";
import { everyRow, myCells, myNo } from "#tests/support/access-cases.ts";
import { anyRole } from "#tests/support/any-role.ts";
import { levelOf, relationOf } from "./compile.ts";
import { rightsOf, type Policy } from "./policy.ts";
import { reasonsOf } from "./reasons.ts";

it("the reasons for a row together give exactly what is decided of it, whatever the roles", () => {
  const roleList = fc.uniqueArray(anyRole, { maxLength: 3, selector: (role) => role.key });
  fc.assert(
    fc.property(roleList, (roles) => {
      const policy: Policy = {
        version: 1,
        fields: [],
        sections: [],
        roles: new Map(roles.map((role) => [role.key, role])),
        shippedRoles: new Set(),
        departments: new Map([[1, { departmentNo: 1, parentNo: null, cells: myCells }]]),
        rolesOf: new Map([[myNo, roles.map((role) => role.key)]]),
        departmentOf: new Map([[myNo, 1]]),
        rightsCache: new Map(),
      };
      const rights = rightsOf(policy, myNo);
      for (const kind of kinds) {
        for (const row of everyRow) {
          const reasons = reasonsOf(policy, myNo, kind, row);
          for (const fieldClass of fieldClasses) {
            const given = reasons.flatMap((reason) => reason.classes.filter((one) => one.class === fieldClass));
            const right = levelOf(rights, kind, relationOf(rights, row), fieldClass);
            expect(Math.max(0, ...given.map((one) => levels.indexOf(one.level)))).toBe(levels.indexOf(right.level));
            expect(given.some((one) => !one.isMasked)).toBe(!right.masked);
          }
        }
      }
    }),
  );
});
