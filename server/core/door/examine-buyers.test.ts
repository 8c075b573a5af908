import { expect, test } from "vitest";
import { decide, readBuyer } from "./examine-buyers.ts";

const known = new Map([
  [1, readBuyer({ memberNumber: "A-001", fullName: "雨宮 澄江", mail: "sumie@example.jp", phone: "03-6789-1001", companyName: "株式会社 緑茶堂" })],
  [2, readBuyer({ memberNumber: "A-002", fullName: "雨宮 実", phone: "03-6789-1001" })],
  [3, readBuyer({ memberNumber: "A-003", fullName: "雨宮 澄江", mail: "other@example.jp", companyName: "青空商店" })],
]);
/** As the index finds them: whoever shares a sign. */
function among(...numbers: number[]) {
  return new Map(numbers.map((no) => [no, known.get(no) as ReturnType<typeof readBuyer>]));
}

test("one answers by number, mail address, telephone, or name with company, however they are written", () => {
  expect(decide(readBuyer({ memberNumber: "ａ－００１" }), among(1))).toEqual({ kind: "one", no: 1 });
  expect(decide(readBuyer({ mail: "SUMIE@example.jp", fullName: "雨宮澄江" }), among(1))).toEqual({ kind: "one", no: 1 });
  expect(decide(readBuyer({ phone: "0367891001", fullName: "雨宮 実" }), among(1, 2))).toEqual({ kind: "one", no: 2 });
  expect(decide(readBuyer({ fullName: "雨宮 澄江", companyName: "(株)緑茶堂" }), among(1, 3))).toEqual({ kind: "one", no: 1 });
});

test("nobody is guessed: a shared telephone, a name alone and signs that speak against each other are to be decided", () => {
  expect(decide(readBuyer({ phone: "03-6789-1001" }), among(1, 2))).toEqual({ kind: "undecided", numbers: [1, 2] });
  expect(decide(readBuyer({ fullName: "雨宮 実" }), among(2))).toEqual({ kind: "undecided", numbers: [2] });
  expect(decide(readBuyer({ memberNumber: "A-001", fullName: "別の 人" }), among(1))).toEqual({ kind: "undecided", numbers: [1] });
  expect(decide(readBuyer({ mail: "sumie@example.jp", fullName: "雨宮 実" }), among(1))).toEqual({ kind: "undecided", numbers: [1] });
  expect(decide(readBuyer({ memberNumber: "A-009", mail: "sumie@example.jp" }), among(1))).toEqual({ kind: "undecided", numbers: [1] });
  expect(decide(readBuyer({ memberNumber: "A-009" }), among())).toEqual({ kind: "nobody" });
});
