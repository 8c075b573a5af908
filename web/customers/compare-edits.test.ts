import { expect, it } from "vitest";
import { compareEdits } from "#web/customers/compare-edits.ts";

const base = { fullName: "高橋 一郎", phone: "03-1111-2222", notes: null, mail: { masked: "t•••@example.jp" } };

it("finds the fields that both changed to different values", () => {
  const theirs = { ...base, phone: "03-9999-0000", notes: "来社" };
  expect(compareEdits(base, { phone: "03-1234-5678", fullName: "髙橋 一郎" }, theirs)).toEqual({
    clashes: [{ field: "phone", mine: "03-1234-5678", theirs: "03-9999-0000" }],
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
  expect(compareEdits(base, { phone: null }, { ...base, phone: "03-9999-0000" }).clashes).toEqual([{ field: "phone", mine: null, theirs: "03-9999-0000" }]);
});
