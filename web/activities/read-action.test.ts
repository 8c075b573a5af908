import fc from "fast-check";
import { expect, it } from "vitest";
import { dayOf, readAction } from "#web/activities/read-action.ts";

/** A Saturday. */
const today = "2026-11-21";

it.each([
  ["見積の件で電話\n→ 見積を送る 明日", { text: "見積の件で電話", action: "見積を送る", dueOn: "2026-11-22" }],
  ["> 12/3 訪問", { text: "", action: "訪問", dueOn: "2026-12-03" }],
  ["不在\n＞折り返し待ち", { text: "不在", action: "折り返し待ち", dueOn: null }],
  ["called\n> send the quote next week", { text: "called", action: "send the quote", dueOn: "2026-11-28" }],
  ["→ 来週", { text: "", action: "来週", dueOn: null }],
  ["A→Bへ変更", { text: "A→Bへ変更", action: null, dueOn: null }],
  ["→ 資料を送る 金曜\n→ 電話する", { text: "", action: "資料を送る / 電話する", dueOn: "2026-11-27" }],
])("%j is read as it is meant", (typed, read) => {
  expect(readAction(typed, today)).toEqual(read);
});

it.each([
  ["今日", "2026-11-21"],
  ["あさって", "2026-11-23"],
  ["来月", "2026-12-01"],
  ["土曜", "2026-11-28"],
  ["月曜日まで", "2026-11-23"],
  ["１２月３日", "2026-12-03"],
  ["1/15", "2027-01-15"],
  ["2027/2/28", "2027-02-28"],
  ["2/30", null],
  ["10日後", "2026-12-01"],
  ["Friday", "2026-11-27"],
  ["見積", null],
])("%s is %s", (word, day) => {
  expect(dayOf(word, today)).toBe(day);
});

it("nothing typed is lost: whatever is no next action stays in the note", () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[ぁ-んa-z0-9 ]{0,12}$/), { maxLength: 5 }), (lines) => {
      const { text, action } = readAction(lines.join("\n"), today);
      expect(text).toBe(lines.join("\n").trim());
      expect(action).toBeNull();
    }),
  );
});
