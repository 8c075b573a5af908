import type { Identity } from "#server/core/door/index.ts";
import type { Mapping } from "#shared/imports.ts";
import type { NotedProblem } from "./note-problems.ts";
import type { PersonRow } from "./plan-batches.ts";

/** A row that becomes a customer. Later rows of the same person may still add to its values. */
export interface NewPerson {
  readonly row: number;
  readonly values: Record<string, string>;
}

/** What becomes of the rows of a batch. */
export interface Decisions {
  readonly added: NewPerson[];
  /** Customer number → the values that the file gives it, and the row that gave the first of them. */
  readonly updates: Map<number, { row: number; values: Record<string, string> }>;
  /** Row → the new person or the customer that it went into. */
  readonly problems: NotedProblem[];
  /** Customers of the store to whom a row answered, whatever became of it. */
  readonly met: Set<number>;
  readonly counts: { updated: number; skipped: number; duplicates: number };
}

/**
 * Decides row by row, in the order of the file. `identities` are those of the rows, one each; `known` says which customers answer to which identity (door);
 * `isOfThisFile` tells those that an earlier batch of the same file made, `isSuspended` those whose use is suspended.
 */
export function decideRows(
  rows: readonly PersonRow[],
  identities: readonly Identity[],
  mode: Mapping["duplicates"],
  known: ReadonlyMap<string, number>,
  isOfThisFile: (customerNo: number) => boolean,
  isSuspended: (customerNo: number) => boolean = () => false,
): Decisions {
  const fresh = new Map<string, NewPerson>();
  const decisions: Decisions = { added: [], updates: new Map(), problems: [], met: new Set(), counts: { updated: 0, skipped: 0, duplicates: 0 } };
  const { counts } = decisions;
  const isAnyPoor = identities.some(({ isPoor }) => isPoor);
  const add = (row: PersonRow, { own, answers }: Identity): void => {
    const person = { row: row.row, values: { ...row.values } };
    decisions.added.push(person);
    for (const key of isAnyPoor ? answers() : own) {
      if (!fresh.has(key)) {
        fresh.set(key, person);
      }
    }
  };
  const skip = (row: PersonRow, code: "duplicate-in-file" | "duplicate-in-store"): void => {
    counts.skipped += 1;
    decisions.problems.push({ row: row.row, column: null, field: null, code, outcome: "row-skipped", value: "" });
  };
  for (const [index, row] of rows.entries()) {
    if (row.kind === "held-back") {
      counts.skipped += 1;
      continue;
    }
    const keys = identities[index] as Identity;
    const twin = firstOf(keys.own, fresh);
    const customerNo = twin === undefined ? firstOf(keys.own, known) : undefined;
    if (twin === undefined && customerNo === undefined) {
      add(row, keys);
      continue;
    }
    counts.duplicates += 1;
    if (customerNo !== undefined) decisions.met.add(customerNo);
    // Whose use is suspended is neither written to nor taken in anew, whatever the mode.
    if (customerNo !== undefined && isSuspended(customerNo)) {
      skip(row, "duplicate-in-store");
      continue;
    }
    if (mode === "add") {
      add(row, keys);
    } else if (mode === "skip") {
      skip(row, twin !== undefined || isOfThisFile(customerNo as number) ? "duplicate-in-file" : "duplicate-in-store");
    } else if (twin !== undefined) {
      Object.assign(twin.values, row.values);
      counts.updated += 1;
    } else {
      const update = decisions.updates.get(customerNo as number) ?? { row: row.row, values: {} };
      Object.assign(update.values, row.values);
      decisions.updates.set(customerNo as number, update);
      counts.updated += 1;
    }
  }
  return decisions;
}

function firstOf<Value>(keys: readonly string[], map: ReadonlyMap<string, Value>): Value | undefined {
  for (const key of keys) {
    const value = map.get(key);
    if (value !== undefined) {
      return value;
    }
  }
  return undefined;
}
