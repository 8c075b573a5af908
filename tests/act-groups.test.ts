import { expect, test } from "vitest";
import { modules } from "#server/app/modules.ts";
import { actGroups } from "#shared/ledger-filter.ts";

const types = modules.flatMap((module) => Object.keys(module.events));
const typesOf = (group: keyof typeof actGroups): string[] => types.filter((type) => new RegExp(actGroups[group]).test(type));

test("the groups by which the ledger is asked hold the acts that their names promise, and not their neighbours", () => {
  expect(typesOf("seen")).toEqual(
    expect.arrayContaining(["customers.listed", "customer.viewed", "customer.revealed", "company.viewed", "duplicates.compared"]),
  );
  expect(typesOf("taken-out")).toEqual(expect.arrayContaining(["list.downloaded", "labels.printed", "person.disclosed", "ledger.lines-downloaded"]));
  expect(typesOf("rights")).toEqual(
    expect.arrayContaining(["role.defined", "account.roles-changed", "consent.decided", "department.changed", "field.reclassed"]),
  );
  expect(typesOf("changed")).toEqual(expect.arrayContaining(["customer.changed", "customers.bulk-batch", "import.batch", "note.added"]));
  expect(typesOf("taken-out").filter((type) => /layout|arranged|viewed/.test(type))).toEqual([]);
  expect(typesOf("changed").filter((type) => /^(session|clock|backup)\.|viewed|previewed/.test(type))).toEqual([]);
});

test("every group holds acts that the product records", () => {
  for (const group of Object.keys(actGroups) as (keyof typeof actGroups)[]) expect([group, typesOf(group).length]).not.toEqual([group, 0]);
});
