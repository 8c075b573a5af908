import type { Context } from "#server/core/door/index.ts";
import { policiesBetween, type PolicyOfThen } from "./policy-of-then.ts";

export type Body = { readonly role: string } | { readonly departmentNo: number };

/** The accounts that held a role, or belonged to a department or one below it, at any moment between two times; ascending. */
export async function membersOf(context: Pick<Context, "db">, body: Body, from: Date, to: Date): Promise<number[]> {
  const { policies } = await policiesBetween(context, from, to);
  return [...new Set(policies.flatMap((policy) => membersUnder(policy, body)))].toSorted((a, b) => a - b);
}

function membersUnder(policy: PolicyOfThen, body: Body): number[] {
  if ("role" in body) return [...policy.rolesOf].flatMap(([accountNo, roles]) => (roles.includes(body.role) ? [accountNo] : []));
  return [...policy.departmentOf].flatMap(([accountNo, departmentNo]) => (isBelow(policy, departmentNo, body.departmentNo) ? [accountNo] : []));
}

function isBelow({ departments }: PolicyOfThen, departmentNo: number | null, aboveNo: number): boolean {
  const seen = new Set<number>();
  for (let at = departmentNo; at !== null && !seen.has(at); at = departments.get(at)?.parentNo ?? null) {
    if (at === aboveNo) return true;
    seen.add(at);
  }
  return false;
}
