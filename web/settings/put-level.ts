import type { FieldClass, Grant, Kind, Level, RoleDefinition, Scope } from "#shared/rights.ts";

const nothing = { open: "none", internal: "none", personal: "none", sensitive: "none" } as const;

export function grantOf(role: RoleDefinition, kind: Kind, scope: Scope): Grant | undefined {
  return role.grants.find((grant) => grant.kind === kind && grant.scope === scope);
}

/** The role with one cell of its matrix set. A grant that gives nothing any more is dropped. */
export function putLevel(role: RoleDefinition, kind: Kind, scope: Scope, fieldClass: FieldClass, level: Level, isMasked: boolean): RoleDefinition {
  const former = grantOf(role, kind, scope) ?? { kind, scope, levels: nothing, masked: [] };
  const others = former.masked.filter((one) => one !== fieldClass);
  const next: Grant = { ...former, levels: { ...former.levels, [fieldClass]: level }, masked: isMasked && level !== "none" ? [...others, fieldClass] : others };
  const isEmpty = Object.values(next.levels).every((one) => one === "none");
  const place = role.grants.findIndex((grant) => grant.kind === kind && grant.scope === scope);
  const grants = place === -1 ? [...role.grants, next] : role.grants.with(place, next);
  return { ...role, grants: isEmpty ? grants.filter((grant) => grant !== next) : grants };
}
