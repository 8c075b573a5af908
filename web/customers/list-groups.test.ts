import fc from "fast-check";
import { expect, test } from "vitest";
import { layGroups } from "#web/customers/list-groups.ts";

const groups = fc.uniqueArray(fc.record({ companyNo: fc.integer({ min: 1, max: 500 }), customers: fc.integer({ min: 1, max: 12 }) }), {
  selector: (group) => group.companyNo,
  minLength: 1,
  maxLength: 30,
});

test("the lines of a grouped list are the heads in their order, and below each open one exactly its rows", () => {
  fc.assert(
    fc.property(groups, fc.integer({ min: 0, max: 500 }), (given, salt) => {
      const isClosed = (group: { companyNo: number | null }): boolean => (Number(group.companyNo) + salt) % 3 === 0;
      const lines = layGroups(given, isClosed);
      let row = 0;
      const expected = given.flatMap((group, head) => {
        const rows = Array.from({ length: group.customers }, () => ({ row: row++ }));
        return [{ head }, ...(isClosed(group) ? [] : rows)];
      });
      expect(Array.from({ length: lines.total }, (_, line) => lines.at(line))).toEqual(expected);
    }),
  );
});

test("only the rows that stand on the lines in sight are asked for", () => {
  const lines = layGroups(
    [
      { companyNo: 1, customers: 60 },
      { companyNo: 2, customers: 3 },
      { companyNo: null, customers: 40 },
    ],
    (group) => group.companyNo === 1,
  );
  expect(lines.rowsWithin(0, 3)).toEqual({ first: 60, last: 61 });
  expect(lines.rowsWithin(0, 0)).toBeUndefined();
  expect(lines.rowsWithin(5, 500)).toEqual({ first: 63, last: 102 });
});
