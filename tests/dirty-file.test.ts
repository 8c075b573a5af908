import { describe, expect, test } from "vitest";
import { openTable, prepareRowPlan, previewTable, sourceOfBuffer, type PlannedRow } from "#server/modules/imports/reading/index.ts";
import { dirtKinds, writeDirtyFile } from "#server/modules/sample/index.ts";

const file = writeDirtyFile({ seed: 5, people: 240 });
const table = await openTable(sourceOfBuffer(file.bytes));
const preview = await previewTable(table, 0);
const plan = prepareRowPlan({ headerRow: preview.headerRow, columns: preview.guesses.map(({ column, field }) => ({ column, field })), today: "2026-11-21" });
const planned = new Map<number, PlannedRow>();
for await (const { rows } of table.rows(0)) for (const row of rows) planned.set(row.row, plan(row));

/** Spaces within names and the hyphens of phones are the reader's own style. */
const loosely = (value: string | undefined): string | undefined => value?.replace(/[\s　-]/g, "");

describe("the dirty file, read as it stands with the guessed mapping", () => {
  test("is found to be CP932 with its header below two title rows", () => {
    expect(table.encoding).toMatch(/cp932/i);
    expect(preview.headerRow).toBe(file.headerRow);
  });
  for (const kind of dirtKinds) {
    test(`gives every person of the kind "${kind}" with the promised values`, () => {
      const rows = file.rows.filter((row) => row.dirt.includes(kind));
      expect(rows.length).toBeGreaterThan(5);
      for (const expected of rows) {
        const row = planned.get(expected.row);
        expect(row?.kind).toBe("planned");
        const values = row?.kind === "planned" ? row.values : {};
        expect(Object.fromEntries(Object.entries(values).map(([key, value]) => [key, loosely(value)]))).toEqual(
          Object.fromEntries(Object.entries(expected.values).map(([key, value]) => [key, loosely(value)])),
        );
      }
    });
  }
  test("reports each problem at its cell, and no other", () => {
    const reported = [...planned.values()].flatMap((row) =>
      row.kind === "skipped" ? [] : row.problems.map(({ column, code }) => ({ row: row.row, column, code })),
    );
    expect(reported.sort((a, b) => a.row - b.row || (a.column ?? -1) - (b.column ?? -1))).toEqual(
      file.problems.filter((problem) => problem.code !== "duplicate-in-file"),
    );
  });
  test("passes over totals and empty rows", () => {
    for (const row of file.passedOver) expect([undefined, "skipped"]).toContain(planned.get(row)?.kind);
  });
});
