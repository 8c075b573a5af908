import { expect, test } from "vitest";
import { findingInJapanese } from "#web/words/finding-names.ts";

/** What the verifier may state, as its sources say it. */
const sources = Object.entries({
  ...import.meta.glob<string>("../../server/core/ledger/**/*.ts", { query: "?raw", import: "default", eager: true }),
  ...import.meta.glob<string>("../../server/modules/records/sweep-rows.ts", { query: "?raw", import: "default", eager: true }),
});

/** Every finding that is stated in words, with a number in the place of what is filled in. */
function statedFindings(): readonly string[] {
  const text = sources.flatMap(([path, source]) => (path.endsWith(".test.ts") ? [] : [source])).join("\n");
  const stated = [...text.matchAll(/(?:\bfind\(|\bwhat: )(?:"([^"]+)"|`([^`]+)`)/g)].map(([, plain, filled]) => plain ?? filled ?? "");
  return [...new Set(stated.map((what) => what.replaceAll(/\$\{[^}]*\}/g, "7")))];
}

test("everything that a verification can find has a name in Japanese", () => {
  const stated = statedFindings();
  expect(stated.length).toBeGreaterThan(30);
  expect(stated.filter((what) => findingInJapanese(what) === undefined)).toEqual([]);
});

test("a finding names its event; words that are not known stay as they are", () => {
  expect(findingInJapanese("event is missing: event 1204")).toBe("記録がない(記録 第1,204番)");
  expect(findingInJapanese("epoch 3 is not as it was signed")).toBe("第3代の内容が署名と違う");
  expect(findingInJapanese("something else")).toBeUndefined();
});
