import { expect, it } from "vitest";
import { daysOfExposures, type Look } from "#web/customers/days-of-exposures.ts";

function look(eventNo: number, at: string, accountNo: number | null, fields: Look["fields"]): Look {
  return { eventNo, at, accountNo, type: "customer.viewed", purpose: null, fields };
}

it("tells each looker of a day once, with the most that was seen of each field", () => {
  const days = daysOfExposures([
    look(4, "2026-11-20T15:10:00Z", 1, [{ field: "phone", how: "partial" }]),
    look(3, "2026-11-20T14:00:00Z", 2, [{ field: "phone", how: "full" }]),
    look(2, "2026-11-20T13:00:00Z", 1, [{ field: "phone", how: "full" }]),
    look(1, "2026-11-20T12:00:00Z", 1, [
      { field: "phone", how: "partial" },
      { field: "mail", how: "partial" },
    ]),
  ]);
  expect(days.map(({ day, lookers }) => [day, lookers.map(({ accountNo, looks }) => [accountNo, looks.length])])).toEqual([
    ["2026-11-21", [[1, 1]]],
    [
      "2026-11-20",
      [
        [2, 1],
        [1, 2],
      ],
    ],
  ]);
  expect(days[1]?.lookers[1]?.fields).toEqual([
    { field: "phone", how: "full" },
    { field: "mail", how: "partial" },
  ]);
});
