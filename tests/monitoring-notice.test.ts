import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { noticeVersion } from "#shared/monitoring.ts";

/** SHA-256 of what the notice says in both languages, version by version. */
const said: Readonly<Record<number, string>> = {
  1: "28966de2940d93da61a6e3099bbe69d6cbb5f9377085336cfbe9bacecabda3f2",
};

it("what staff were told is what its version says: another text has another number", () => {
  const words = readFileSync(new URL("../web/words/monitoring.ts", import.meta.url), "utf8");
  const texts = [...words.matchAll(/^ {2}said: \{$.*?^ {2}\},$/gms)].map(([text]) => text);
  expect(texts).toHaveLength(2);
  expect(createHash("sha256").update(texts.join("\n")).digest("hex")).toBe(said[noticeVersion]);
});
