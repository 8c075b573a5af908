import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { modules } from "#server/app/modules.ts";
import { joinEvents } from "#server/core/ledger/index.ts";
import { acts, quietTypes, readExamples, renderEventDocs } from "../scripts/event-docs.ts";

const document = readFileSync(new URL("../docs/events.md", import.meta.url), "utf8");
const declared = [...joinEvents(modules.map((module) => module.events)).keys()].toSorted();

describe("docs/events.md (node scripts/events.ts writes it)", () => {
  it("documents every type of event that there is, and none that there is not", () => {
    const documented = [...document.matchAll(/^### (\S+)$/gm)].map(([, type]) => type as string);
    expect(documented.toSorted()).toEqual(declared);
  });

  it("shows a real event of every type that is recorded when all goes well", () => {
    const examples = readExamples(document);
    const quiet = quietTypes(modules);
    expect(declared.filter((type) => !examples.has(type) && !quiet.has(type))).toEqual([]);
    for (const [type, { header }] of examples) expect(header).toMatchObject({ type, v: 1 });
  });

  it("says what the modules say", () => {
    expect(document).toBe(renderEventDocs(modules, readExamples(document)));
  });

  it("names for every kind of act only types that there are", () => {
    expect(acts.flatMap(([, types]) => types).filter((type) => !type.startsWith("(") && !declared.includes(type))).toEqual([]);
  });
});
