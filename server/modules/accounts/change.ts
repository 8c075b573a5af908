import { z } from "zod";
import { grant, purposes, verbs } from "#shared/rights.ts";
import type { Policy } from "#server/core/access/policy.ts";

/** A change of rights as it is asked for and, where it needs consent, kept until the decision. */
export const change = z.discriminatedUnion("what", [
  z.object({ what: z.literal("account-roles"), accountNo: z.number(), roles: z.array(z.string()) }),
  z.object({
    what: z.literal("role-definition"),
    definition: z.object({
      key: z.string(),
      labelJa: z.string(),
      labelEn: z.string(),
      grants: z.array(grant),
      verbs: z.array(z.enum(verbs)),
      purposes: z.array(z.enum(purposes)),
    }),
  }),
  z.object({ what: z.literal("reset-factor"), accountNo: z.number() }),
  z.object({ what: z.literal("account-department"), accountNo: z.number(), departmentNo: z.number().nullable() }),
  z.object({ what: z.literal("department-move"), departmentNo: z.number(), parentNo: z.number().nullable() }),
  z.object({ what: z.literal("enable-account"), accountNo: z.number() }),
]);
export type Change = z.output<typeof change>;

/** The account that a change speaks of, or null when it speaks of a role or a department. */
export function accountOf(asked: Change): number | null {
  return "accountNo" in asked ? asked.accountNo : null;
}

/** The policy as it would be after the change. A reset and an enabling change nothing in it. */
export function policyAfter(policy: Policy, asked: Change): Policy {
  const fresh = { ...policy, rightsCache: new Map() };
  switch (asked.what) {
    case "account-roles":
      return { ...fresh, rolesOf: new Map(policy.rolesOf).set(asked.accountNo, asked.roles) };
    case "role-definition":
      return { ...fresh, roles: new Map(policy.roles).set(asked.definition.key, asked.definition) };
    case "account-department":
      return { ...fresh, departmentOf: new Map(policy.departmentOf).set(asked.accountNo, asked.departmentNo) };
    case "department-move": {
      const moved = policy.departments.get(asked.departmentNo);
      if (moved === undefined) return fresh;
      return { ...fresh, departments: new Map(policy.departments).set(asked.departmentNo, { ...moved, parentNo: asked.parentNo }) };
    }
    case "reset-factor":
    case "enable-account":
      return fresh;
  }
}
