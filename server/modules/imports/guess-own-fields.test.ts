import { expect, test } from "vitest";
import { guessOwnFields } from "./guess-own-fields.ts";
import { guessMapping, prepareRowPlan } from "./reading/index.ts";

const choices = [{ key: "太陽光", ja: "太陽光", en: "Solar", isRetired: false }];
const own = [
  { key: "own64", ja: "趣味メモ", en: "Hobby", isOwn: true, type: "text" as const, choices: [] },
  { key: "own65", ja: "契約更新日", en: "Renewal", isOwn: true, type: "date" as const, choices: [] },
  { key: "own66", ja: "ご興味", en: "Interests", isOwn: true, type: "multi" as const, choices },
];
const headers = ["氏名", "趣味メモ", "契約更新日", "Interests", "趣味メモ"];
const guess = () => guessOwnFields(guessMapping(headers, []), headers, own);

test("a column is guessed by the label of an own field, whatever else its words would mean, and each field once", () => {
  expect(
    guess()
      .toSorted((a, b) => a.column - b.column)
      .map(({ field }) => field),
  ).toEqual(["fullName", "own64", "own65", "own66", "notes"]);
});

test("cells are read as their field's type, and a required one that is empty is reported while the row is kept", () => {
  const plan = prepareRowPlan({
    headerRow: 0,
    columns: guess().filter(({ column }) => column < 4),
    ownFields: new Map(own.map((field) => [field.key, field])),
    required: new Set(["own65"]),
  });
  expect(plan({ row: 1, cells: ["高山", "釣り", "R9.4.1", "solar"] })).toEqual({
    kind: "planned",
    row: 1,
    values: { fullName: "高山", own64: "釣り", own65: "2027-04-01", own66: "太陽光" },
    problems: [],
  });
  expect(plan({ row: 2, cells: ["高山", "", "", "風力"] })).toMatchObject({
    kind: "planned",
    values: { fullName: "高山" },
    problems: [
      { column: 3, field: "own66", code: "bad-choice", value: "風力" },
      { column: 2, field: "own65", code: "required", outcome: "row-kept-value-held-back" },
    ],
  });
});
