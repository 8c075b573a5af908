import { createHash } from "node:crypto";
import { cellsBelow, type Policy } from "#server/core/access/policy.ts";
import type { RoleDefinition } from "#shared/rights.ts";
import { accountOf, type Change } from "./change.ts";
import { weigh } from "./consent-rules.ts";
import type { HeldPolicy } from "./policy-change.ts";

/**
 * SHA-256 of everything that a change was weighed against: the account with its roles' definitions and its cells, the role
 * with its holders, the tree, and whom it would benefit. A consent is given to this state and to no other.
 */
export function basisOf(held: HeldPolicy, asked: Change): Buffer {
  const { policy } = held;
  const parts: unknown[] = [asked, weigh(policy, asked)];
  const accountNo = accountOf(asked);
  if (accountNo !== null) parts.push(accountState(held, accountNo));
  if (asked.what === "account-roles") parts.push(asked.roles.toSorted().map((key) => definitionOf(policy, key)));
  if (asked.what === "account-department") parts.push(cellsBelow(policy, asked.departmentNo));
  if (asked.what === "role-definition") {
    const { key } = asked.definition;
    const holders = [...policy.rolesOf].filter(([, roles]) => roles.includes(key)).map(([holder]) => holder);
    parts.push(
      definitionOf(policy, key),
      holders.toSorted((a, b) => a - b),
    );
  }
  if (asked.what === "department-move") {
    const tree = [...policy.departments.values()].toSorted((a, b) => a.departmentNo - b.departmentNo);
    parts.push(tree.map(({ departmentNo, parentNo, cells }) => [departmentNo, parentNo, cells.toSorted((a, b) => a - b)]));
  }
  return createHash("sha256").update(JSON.stringify(parts)).digest();
}

function accountState({ policy, states }: HeldPolicy, accountNo: number): unknown {
  const departmentNo = policy.departmentOf.get(accountNo) ?? null;
  const roles = (policy.rolesOf.get(accountNo) ?? []).toSorted();
  return [states.get(accountNo), departmentNo, cellsBelow(policy, departmentNo), roles.map((key) => definitionOf(policy, key))];
}

/** The parts that decide, each in one order: a definition read back from the database has its keys in another. */
function definitionOf(policy: Policy, key: string): unknown {
  const role: RoleDefinition | undefined = policy.roles.get(key);
  if (role === undefined) return [key];
  const grants = role.grants.map(({ kind, scope, levels, masked }) => [
    kind,
    scope,
    levels.open,
    levels.internal,
    levels.personal,
    levels.sensitive,
    masked.toSorted(),
  ]);
  return [key, grants.map((each) => JSON.stringify(each)).toSorted(), role.verbs.toSorted(), role.purposes.toSorted()];
}
