import { standardFields, type FieldChoice, type FieldType } from "#shared/fields.ts";
import { maskCardNumbers } from "#shared/find-card-number.ts";
import { isHeaderRow, isTotalRow } from "./find-header.ts";
import { joinParts } from "./join-parts.ts";
import { normalise } from "./normalise.ts";
import type { RowProblemCode } from "./row-problem.ts";
import type { SourceRow } from "./source-row.ts";

/** Columns may also name who is in charge; the caller finds the account or department and its number. */
export const assignmentFields = ["owner", "department"] as const;

export interface RowProblem {
  /** From 0; `null` when the row as a whole is meant. */
  readonly column: number | null;
  readonly field: string | null;
  readonly code: RowProblemCode;
  readonly outcome: "row-kept-value-held-back" | "row-held-back" | "row-skipped";
  /** What stood there, at most 4,000 characters; the digits of card numbers are already •. A personal value. */
  readonly value: string;
}

/**
 * - `planned`    a customer to add or match; single values may be held back in `problems`
 * - `held-back`  nothing by which a person or company could be known is left
 * - `skipped`    the row was never a customer
 */
export type PlannedRow =
  | {
      readonly kind: "planned" | "held-back";
      readonly row: number;
      readonly values: Readonly<Record<string, string>>;
      readonly problems: readonly RowProblem[];
    }
  | { readonly kind: "skipped"; readonly row: number; readonly reason: "empty-row" | "total-row" | "repeated-header" };

export interface RowPlan {
  /** From 1; rows up to it are left out. 0: no header. */
  readonly headerRow: number;
  /** In joining order; `field: null` leaves a column out. */
  readonly columns: readonly { readonly column: number; readonly field: string | null }[];
  /** The fields that the organisation added itself, by key. */
  readonly ownFields?: ReadonlyMap<string, { readonly type: FieldType; readonly choices: readonly FieldChoice[] }>;
  /** Keys that no row should leave empty. */
  readonly required?: ReadonlySet<string>;
  readonly is1904?: boolean;
  /** ISO date; a birth date after it is refused. */
  readonly today?: string;
}

interface PlannedField {
  readonly key: string;
  readonly type: FieldType;
  readonly choices?: readonly FieldChoice[];
  readonly columns: readonly number[];
}

const identifying = ["fullName", "kana", "companyName", "mail", "phone", "mobile", "memberNumber"] as const;

/**
 * Prepare the planning of rows by a mapping. The returned function is pure: one row of the file in, values and problems
 * by field key out. Empty values are absent. `values.owner` and `values.department` are names as written.
 * @throws Error for a field key that does not exist (the mapping is checked before it comes here)
 */
export function prepareRowPlan(plan: RowPlan): (row: SourceRow) => PlannedRow {
  const fields = plannedFields(plan);
  const is1904 = plan.is1904 ?? false;
  const today = plan.today ?? "9999-12-31";

  return function planRow({ row, cells, problems: cellProblems }) {
    if (row <= plan.headerRow) return { kind: "skipped", row, reason: "repeated-header" };
    if (isTotalRow(cells)) return { kind: "skipped", row, reason: "total-row" };
    const values: Record<string, string> = {};
    const problems: RowProblem[] = [];
    const overflow: { field: PlannedField; others: readonly string[] }[] = [];
    const holdBack = (field: PlannedField | undefined, column: number | null, code: RowProblemCode, value: string): void => {
      problems.push({ column, field: field?.key ?? null, code, outcome: "row-kept-value-held-back", value: maskCardNumbers(value).slice(0, 4000) });
    };
    let isBlank = true;
    for (const field of fields) {
      const reported = cellProblems?.find((problem) => field.columns.includes(problem.column));
      if (reported !== undefined) {
        isBlank = false;
        holdBack(field, reported.column, reported.code, cells[reported.column] || reported.value);
        continue;
      }
      const raw =
        field.columns.length === 1
          ? plainText(cells[field.columns[0] as number] ?? "")
          : joinParts(
              field.type,
              field.columns.map((column) => plainText(cells[column] ?? "")),
            );
      if (raw === "") continue;
      const result = normalise(field.type, raw, field.choices === undefined ? { is1904 } : { is1904, choices: field.choices });
      if ("problem" in result) {
        isBlank = false;
        holdBack(field, field.columns.find((column) => (cells[column] ?? "") !== "") ?? null, result.problem, raw);
      } else if (result.value !== "") {
        isBlank = false;
        if (field.key === "birthDate" && result.value > today) holdBack(field, field.columns[0] ?? null, "bad-date", raw);
        else values[field.key] = result.value;
        if (result.others !== undefined) overflow.push({ field, others: result.others });
      }
    }
    if (isBlank) return { kind: "skipped", row, reason: "empty-row" };
    if (isHeaderRow(cells)) return { kind: "skipped", row, reason: "repeated-header" };
    for (const { field, others } of overflow)
      placeOthers(values, field, others, (value) => holdBack(field, field.columns[0] ?? null, field.type === "mail" ? "bad-mail" : "bad-phone", value));
    for (const field of fields) {
      if (plan.required?.has(field.key) === true && values[field.key] === undefined && !problems.some((problem) => problem.field === field.key))
        holdBack(field, field.columns[0] ?? null, "required", "");
    }
    if (identifying.some((key) => values[key] !== undefined)) return { kind: "planned", row, values, problems };
    const heldBack = problems.map((problem): RowProblem => ({ ...problem, outcome: "row-held-back" }));
    if (heldBack.length === 0) heldBack.push({ column: null, field: null, code: "empty-row", outcome: "row-held-back", value: "" });
    return { kind: "held-back", row, values, problems: heldBack };
  };
}

/** An apostrophe that only keeps a spreadsheet program from taking the text for a formula is not part of it. */
export function plainText(cell: string): string {
  return cell.startsWith("'") && /^'[\s\u3000]*[=+\-@＝＋－＠|%]/.test(cell) ? cell.slice(1) : cell;
}

function plannedFields({ columns, ownFields }: RowPlan): PlannedField[] {
  const grouped = new Map<string, number[]>();
  for (const { column, field } of columns) {
    if (field === null) continue;
    const known = grouped.get(field);
    if (known === undefined) grouped.set(field, [column]);
    else known.push(column);
  }
  return [...grouped].map(([key, of]) => ({ key, ...typeOfField(key, ownFields), columns: of }));
}

function typeOfField(key: string, ownFields: RowPlan["ownFields"]): Pick<PlannedField, "type" | "choices"> {
  if (key === "owner" || key === "department") return { type: "text" };
  const own = ownFields?.get(key);
  if (own !== undefined) return own;
  const type = standardFields.find((field) => field.kind === "customer" && field.key === key)?.type;
  if (type === undefined) throw new Error(`No such field: ${key}`);
  return { type };
}

/**
 * A second number in a phone cell goes to the other phone field when that fits its kind and is empty; what finds no place
 * is held back and reported, so nothing is lost. Further mail addresses are always reported.
 */
function placeOthers(values: Record<string, string>, field: PlannedField, others: readonly string[], holdBack: (value: string) => void): void {
  const left: string[] = [];
  for (const other of others) {
    const place = /^0[789]0-/.test(other) ? "mobile" : "phone";
    const isFree = (field.key === "phone" || field.key === "mobile") && values[place] === undefined && !other.includes("内線");
    if (isFree) values[place] = other;
    else left.push(other);
  }
  if (left.length > 0) holdBack(left.join("、"));
}
