import { expect, it } from "vitest";
import type { RecordedEvent, Release } from "#server/core/ledger/index.ts";
import { groupScenes } from "./replay-scenes.ts";

let eventNo = 0;
function event(minute: number, given: Partial<RecordedEvent> = {}): RecordedEvent {
  return {
    eventNo: (eventNo += 1),
    sequence: null,
    type: "customer.viewed",
    at: new Date(Date.UTC(2026, 10, 20, 0, minute)),
    principal: "account",
    accountNo: 1,
    sessionId: null,
    requestId: "r",
    outcome: "ok",
    policyVersion: 1,
    facts: {},
    releases: [],
    writes: [],
    sealed: [],
    ...given,
  };
}
const saw = (...numbers: number[]): Release[] => [{ kind: "customer", numbers, fields: [[1, 2]] }];

it("ends a scene where nothing happened for five minutes, and not before", () => {
  const scenes = groupScenes([event(0), event(4), event(8), event(13), event(14)]);
  expect(scenes.map(({ from, to, steps }) => [from.getUTCMinutes(), to.getUTCMinutes(), steps.flatMap((step) => step.eventNos).length])).toEqual([
    [0, 8, 3],
    [13, 14, 2],
  ]);
});

it("puts neighbours of one sort into one step, and counts each person once", () => {
  const [scene] = groupScenes([
    event(0, { releases: saw(1, 2) }),
    event(1, { releases: saw(2, 3) }),
    event(1, { releases: saw(4), outcome: "refused" }),
    event(2, { releases: saw(1) }),
    event(2, { releases: [{ kind: "customer", numbers: [9], fields: [] }], accountNo: 2 }),
  ]);
  expect(scene?.people).toBe(4);
  expect(scene?.steps.map(({ eventNos, people }) => [eventNos.length, people])).toEqual([
    [2, 3],
    [1, 1],
    [1, 1],
    [1, 0],
  ]);
});

it("tells nothing of a time in which nothing happened", () => {
  expect(groupScenes([])).toEqual([]);
});
