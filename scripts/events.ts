import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { modules } from "#server/app/modules.ts";
import { quietTypes, readExamples, renderEventDocs, withFixedTimes, type EventExample } from "./event-docs.ts";

/**
 * Writes docs/events.md: every type of event with what it says and a real example. Examples stay as they are until newer ones are
 * given: `KURABAN_KEEP_EVENTS=.tmp/events vitest run --project database` collects them, `--from .tmp/events` takes them in
 * where a type has none yet (`--all`: everywhere). `--check` only compares.
 */
const place = join(new URL("..", import.meta.url).pathname, "docs/events.md");
const former = existsSync(place) ? readFileSync(place, "utf8") : "";
const examples = readExamples(former);
const at = process.argv.indexOf("--from");
const folder = at < 0 ? undefined : process.argv[at + 1];
if (folder !== undefined) {
  for (const file of readdirSync(folder)) {
    const type = file.replace(/\.json$/, "");
    if (process.argv.includes("--all") || !examples.has(type)) {
      const { header, kinds } = JSON.parse(readFileSync(join(folder, file), "utf8")) as EventExample;
      examples.set(type, { header: withFixedTimes(header), kinds });
    }
  }
}
const text = renderEventDocs(modules, examples);
const quiet = quietTypes(modules);
const without = modules.flatMap((module) => Object.keys(module.events)).filter((type) => !examples.has(type) && !quiet.has(type));
if (without.length > 0) {
  process.stdout.write(`no example yet: ${without.join(", ")}\n`);
}
if (!process.argv.includes("--check")) {
  writeFileSync(place, text);
} else if (text !== former || without.length > 0) {
  process.stdout.write("docs/events.md is not what the modules declare: run node scripts/events.ts\n");
  process.exitCode = 1;
}
