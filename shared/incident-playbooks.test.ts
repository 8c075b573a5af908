import { expect, test } from "vitest";
import { dueOfTask, shippedPlaybooks } from "./incident-playbooks.ts";

const knownAt = "2026-11-18T01:30:00.000Z";
const after = (hours: number): string => new Date(Date.parse(knownAt) + hours * 3_600_000).toISOString();

test("the task of the final report is due when the report is, in every playbook; other tasks and hours of the house's own stay", () => {
  for (const tasks of Object.values(shippedPlaybooks)) {
    const shown = tasks.map(({ key, dueHours }) => ({
      key,
      hours: dueHours,
      due: dueOfTask({ key, dueAt: dueHours === null ? null : after(dueHours) }, knownAt, "2027-01-18"),
    }));
    expect(shown.filter(({ due }) => due === "2027-01-18T14:59:00.000Z").map(({ key }) => key)).toEqual(["common.final"]);
    for (const { key, hours, due } of shown) if (key !== "common.final") expect(due).toBe(hours === null ? null : after(hours));
  }
  expect(dueOfTask({ key: "common.final", dueAt: after(600) }, knownAt, "2027-01-18")).toBe(after(600));
});
