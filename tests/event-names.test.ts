import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { modules } from "#server/app/modules.ts";
import { joinEvents } from "#server/core/ledger/index.ts";

test("every event that the product records has a name on the screens", () => {
  const names = readFileSync(new URL("../web/words/event-names.ts", import.meta.url), "utf8");
  const declared = [...joinEvents(modules.map((module) => module.events)).keys()];
  expect(declared.length).toBeGreaterThan(40);
  expect(declared.filter((type) => !names.includes(`"${type}": [`))).toEqual([]);
});
