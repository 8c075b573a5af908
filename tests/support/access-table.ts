import { fieldClasses, kinds, purposes, verbs } from "#shared/rights.ts";
import type { RoleDefinition } from "#shared/rights.ts";
import type { Endpoint } from "#shared/endpoint.ts";
import { closest, compileRights, hasPurpose, hasVerb, inCells, levelOf, mayCall, own, unrelated } from "#server/core/access/compile.ts";
import type { Relation, Rights } from "#server/core/access/compile.ts";

const columns: readonly { title: string; relation: Relation }[] = [
  { title: "any", relation: unrelated },
  { title: "own", relation: own },
  { title: "cell", relation: inCells },
  { title: "own+cell", relation: closest },
];

const rightsOf = (role: RoleDefinition): Rights => compileRights({ roles: [role], accountNo: 1, cells: [1] });

/** Lines of cells, padded to columns. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? "").length)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/**
 * role × kind × relation of the row × class. Each group is open, internal, personal, sensitive in this order:
 * `·` nothing, `R` read, `W` read and write; small letters: masked until revealed.
 */
export function classTable(roles: readonly RoleDefinition[]): string {
  const rows = roles.flatMap((role) =>
    kinds.map((kind) => [
      role.key,
      kind,
      ...columns.map(({ relation }) =>
        fieldClasses
          .map((fieldClass) => {
            const right = levelOf(rightsOf(role), kind, relation, fieldClass);
            const letter = { none: "·", read: "R", write: "W" }[right.level];
            return right.masked ? letter.toLowerCase() : letter;
          })
          .join(""),
      ),
    ]),
  );
  return aligned([["role", "kind", ...columns.map((column) => column.title)], ...rows]);
}

/** verb or purpose × role: `x` granted. */
export function actTable(roles: readonly RoleDefinition[]): string {
  const mark = (holds: boolean): string => (holds ? "x" : "·");
  return aligned([
    ["verb", ...roles.map((role) => role.key)],
    ...verbs.map((verb) => [verb, ...roles.map((role) => mark(hasVerb(rightsOf(role), verb)))]),
    ...purposes.map((purpose) => [`for ${purpose}`, ...roles.map((role) => mark(hasPurpose(rightsOf(role), purpose)))]),
  ]);
}

/** Each access with the roles that pass the first gate, and under it the endpoints that ask for it. The row and each value are decided again behind it. */
export function gateList(roles: readonly RoleDefinition[], endpoints: readonly Endpoint[]): string {
  const accesses = [...new Set(endpoints.map((one) => one.access))].toSorted();
  return accesses
    .flatMap((access) => {
      const passing = roles.filter((role) => mayCall(rightsOf(role), access)).map((role) => role.key);
      const asking = endpoints.filter((one) => one.access === access).map((one) => `  ${one.path} ${one.method}`);
      return [`${access}: ${passing.length === roles.length ? "every role" : passing.join(", ")}`, ...asking.toSorted()];
    })
    .join("\n");
}
