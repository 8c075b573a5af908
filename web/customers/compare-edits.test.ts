import { expect, it } from "vitest";
import { compareEdits, keepMine } from "#web/customers/compare-edits.ts";

const base = { fullName: "高橋 一郎", phone: "03-1111-2222", notes: null, mail: { masked: "t•••@example.jp" } };

it("finds the fields that both changed to different values", () => {
  const theirs = { ...base, phone: "03-9999-0000", notes: "来社" };
  expect(compareEdits(base, { phone: "03-1234-5678", fullName: "髙橋 一郎" }, theirs)).toEqual({
    clashes: [{ field: "phone", base: "03-1111-2222", mine: "03-1234-5678", theirs: "03-9999-0000" }],
    theirsOnly: ["notes"],
  });
});
it("sees no clash when both came to the same value", () => {
  expect(compareEdits(base, { phone: "03-9999-0000" }, { ...base, phone: "03-9999-0000" }).clashes).toEqual([]);
});
it("notices a masked value changed by the other", () => {
  expect(compareEdits(base, { mail: "new@example.jp" }, { ...base, mail: { masked: "x•••@example.jp" } }).clashes.map((clash) => clash.field)).toEqual([
    "mail",
  ]);
});
it("takes emptying for a change", () => {
  expect(compareEdits(base, { phone: null }, { ...base, phone: "03-9999-0000" }).clashes).toEqual([
    { field: "phone", base: "03-1111-2222", mine: null, theirs: "03-9999-0000" },
  ]);
});

/** Base, mine (undefined: not touched), theirs → who clashes, and what stands after saving with mine kept or dropped. */
it.each([
  ["only mine", "a", "b", "a", false, "b", "a"],
  ["only theirs", "a", undefined, "c", false, "c", "c"],
  ["both alike", "a", "b", "b", false, "b", "b"],
  ["both apart", "a", "b", "c", true, "b", "c"],
  ["nobody", "a", undefined, "a", false, "a", "a"],
  ["I emptied, they changed", "a", null, "c", true, null, "c"],
  ["they emptied, I changed", "a", "b", null, true, "b", null],
  ["both filled an empty one", null, "b", "c", true, "b", "c"],
] as const)("three-way: %s", (_, before, mine, theirs, clashes, kept, dropped) => {
  const edits = mine === undefined ? {} : { phone: mine };
  const newest = { phone: theirs };
  expect(compareEdits({ phone: before }, edits, newest).clashes.length > 0).toBe(clashes);
  expect({ ...newest, ...keepMine(edits, new Set()) }.phone).toBe(kept);
  expect({ ...newest, ...keepMine(edits, new Set(["phone"])) }.phone).toBe(dropped);
});
