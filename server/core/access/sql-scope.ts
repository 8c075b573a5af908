import type { FieldClass, Kind } from "#shared/rights.ts";
import { scopeFor, visibleScope } from "./compile.ts";
import type { ClassNeed, Rights, RowScope } from "./compile.ts";

/** A condition for a WHERE clause. `text` names only its own parameters, the first of them `$startAt`. */
export interface SqlPredicate {
  readonly text: string;
  readonly values: readonly (number | readonly number[])[];
}

/** Where owner and cell of a row stand. `null`: the table has none, so that scope matches no row of it. */
export interface ScopeColumns {
  readonly owner: string | null;
  readonly cell: string | null;
}

const columnsOf: Readonly<Record<Kind, ScopeColumns>> = {
  customer: { owner: "owner_no", cell: "cell_no" },
  company: { owner: null, cell: null },
  account: { owner: "account_no", cell: null },
};

function columnName(name: string): string {
  if (!/^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/.test(name)) throw new Error("not a column name");
  return name;
}

/**
 * The rows of `scope` as SQL. A row without owner gives NULL and not false, which a WHERE treats alike: use the predicate
 * as a condition joined by AND, never under NOT.
 */
export function scopePredicate(rights: Rights, scope: RowScope, columns: ScopeColumns, startAt = 1): SqlPredicate {
  if (scope.all) return { text: "true", values: [] };
  const parts: string[] = [];
  const values: (number | readonly number[])[] = [];
  const parameter = (value: number | readonly number[]): string => `$${startAt - 1 + values.push(value)}`;
  if (scope.own && columns.owner !== null && rights.accountNo > 0) {
    parts.push(`${columnName(columns.owner)} = ${parameter(rights.accountNo)}::integer`);
  }
  if (scope.cells && columns.cell !== null && rights.cells.size > 0) {
    parts.push(`${columnName(columns.cell)} = any(${parameter([...rights.cells])}::integer[])`);
  }
  if (parts.length === 0) return { text: "false", values: [] };
  return { text: `(${parts.join(" or ")})`, values };
}

/**
 * The rows of `kind` that the account sees at all, or of which it may read or write one class.
 * A list that sorts, filters or counts by a class must use that class's own predicate. Columns default to those of the
 * tables customers (owner_no, cell_no), companies (none) and accounts (account_no).
 */
export function visibleTo(
  rights: Rights,
  kind: Kind,
  asked: { fieldClass?: FieldClass; need?: ClassNeed; startAt?: number; columns?: ScopeColumns } = {},
): SqlPredicate {
  const scope = asked.fieldClass === undefined ? visibleScope(rights, kind) : scopeFor(rights, kind, asked.fieldClass, asked.need ?? { level: "read" });
  return scopePredicate(rights, scope, asked.columns ?? columnsOf[kind], asked.startAt);
}
