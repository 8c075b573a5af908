import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { modules } from "#server/app/modules.ts";
import { joinEvents } from "#server/core/ledger/index.ts";
import { endpoints } from "#shared/index.ts";
import { problems } from "#shared/problems.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const platform = "server/platform";
const core = ["server/core/access", "server/core/context", "server/core/vault", "server/core/ledger", "server/core/door"];
const moduleOrder = [
  "accounts",
  "approvals",
  "measures",
  "customers",
  "activities",
  "duplicates",
  "imports",
  "lists",
  "requests",
  "proofs",
  "records",
  "archives",
  "reviews",
  "reach",
  "incidents",
  "evidence",
  "desk",
  "support",
  "backup",
  "sample",
];

interface Import {
  readonly file: string;
  readonly target: string;
}

const files = ["shared", "server", "web"].flatMap((tree) =>
  readdirSync(join(root, tree), { recursive: true, encoding: "utf8" })
    .map((file) => join(tree, file))
    .filter((file) => /\.tsx?$/.test(file)),
);
const source = files.filter((file) => !/\.test\.tsx?$/.test(file));
const imports: Import[] = source.flatMap((file) =>
  [...readFileSync(join(root, file), "utf8").matchAll(/(?:from|import)\s*\(?\s*"([#.][^"]+)"/g)].map(([, specifier]) => ({
    file,
    target: specifier?.startsWith("#") ? (specifier as string).slice(1) : normalize(join(dirname(file), specifier as string)),
  })),
);

/** Every room that a file may import from, besides its own. */
function below(file: string): string[] {
  if (file.startsWith("shared/")) {
    return ["shared/"];
  }
  if (file.startsWith("web/")) {
    return ["web/", "shared/"];
  }
  if (file.startsWith(platform)) {
    return [`${platform}/`, "shared/problems.ts"];
  }
  const coreAt = core.findIndex((room) => file.startsWith(`${room}/`));
  if (coreAt >= 0) {
    // vault and ledger stand side by side: neither knows the other.
    const lower = core.slice(0, coreAt + 1).filter((room) => !(file.startsWith(core[3] as string) && room === core[2]));
    return [`${platform}/`, "shared/", ...lower.map((room) => `${room}/`)];
  }
  const moduleAt = moduleOrder.findIndex((name) => file.startsWith(`server/modules/${name}/`));
  if (moduleAt >= 0) {
    const lower = moduleOrder.slice(0, moduleAt).map((name) => `server/modules/${name}/index.ts`);
    // The verifier stands outside: it imports nothing, and a module may ask it what an outsider would find.
    return [`${platform}/`, "shared/", "server/core/", `server/modules/${moduleOrder[moduleAt]}/`, "verifier/", ...lower];
  }
  return ["shared/", "server/"];
}

test("imports run downward, and modules are entered by their index alone", () => {
  const wrong = imports.filter(({ file, target }) => !below(file).some((room) => target.startsWith(room)));
  expect(wrong).toEqual([]);
});

test("every module stands in the order", () => {
  const present = readdirSync(join(root, "server/modules"));
  expect(present.filter((name) => !moduleOrder.includes(name))).toEqual([]);
});

test("only the door imports the opening half of the vault", () => {
  const openers = imports.filter(({ target }) => target.startsWith("server/core/vault/opening")).map(({ file }) => file);
  expect(openers.filter((file) => !file.startsWith("server/core/door/"))).toEqual([]);
  expect(openers.length).toBeGreaterThan(0);
});

test("from outside, the door is entered by its index alone: what opens values is not exported there", () => {
  const inside = imports.filter(({ file, target }) => target.startsWith("server/core/door/") && !file.startsWith("server/core/door/"));
  expect(inside.filter(({ target }) => target !== "server/core/door/index.ts")).toEqual([]);
  const index = readFileSync(join(root, "server/core/door/index.ts"), "utf8");
  expect(index).not.toMatch(/openField|openClass|openBlob|textOf|openedBy/);
});

test("each endpoint of the contract has exactly one route, and each route its endpoint", () => {
  const routes = modules.flatMap((module) => module.routes());
  const name = (endpoint: { method: string; path: string }): string => `${endpoint.method} ${endpoint.path}`;
  expect(routes.map((route) => name(route.endpoint)).toSorted()).toEqual(endpoints.map(name).toSorted());
});

test("each endpoint says who may call it, and changing ones change by a route that records", () => {
  for (const route of modules.flatMap((module) => module.routes())) {
    expect(route.endpoint.access).toBeTruthy();
    if (route.mode === "write") {
      expect(route.endpoint.method).not.toBe("GET");
    }
    if (["PUT", "PATCH", "DELETE"].includes(route.endpoint.method)) {
      expect(`${route.endpoint.path} ${route.mode}`).toBe(`${route.endpoint.path} write`);
    }
  }
});

test("each route's event is declared by a module", () => {
  const declared = joinEvents(modules.map((module) => module.events));
  const missing = modules.flatMap((module) => module.routes()).filter((route) => !declared.has(route.event));
  expect(missing.map((route) => `${route.endpoint.path} ${route.event}`)).toEqual([]);
});

test("docs/errors.md lists every code with its sentences", () => {
  const page = readFileSync(join(root, "docs/errors.md"), "utf8");
  for (const [code, { status, ja, en }] of Object.entries(problems)) {
    expect(page).toContain(`| \`${code}\` | ${status} | ${ja} | ${en} |`);
  }
  expect([...page.matchAll(/^\| `/gm)]).toHaveLength(Object.keys(problems).length);
});

test("no file of the product outgrows its room", () => {
  const large = source
    .map((file) => ({ file: relative(".", file), lines: readFileSync(join(root, file), "utf8").split("\n").length }))
    .filter(({ file, lines }) => lines > 600 && !/variant-kanji|words\/|surnames|given-names|places/.test(file));
  expect(large).toEqual([]);
});

test("each event that a module declares has a name that people read, in both languages", () => {
  const names = readFileSync(join(root, "web/words/event-names.ts"), "utf8");
  const types = modules.flatMap((module) => Object.keys(module.events));
  expect(types.filter((type) => !names.includes(`"${type}"`))).toEqual([]);
});
