import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../../", import.meta.url);
const page = readFileSync(new URL("docs/tampering.md", root), "utf8");
const rows = [...page.matchAll(/^\| .* \| .* \| (\S+): `(.+)` \|$/gm)].map(([, file = "", name = ""]) => ({ file, name }));

test("each row of docs/tampering.md names a test that there is", () => {
  const source = new Map(rows.map(({ file }) => [file, readFileSync(new URL(file, root), "utf8")]));
  expect(rows.filter(({ file, name }) => !source.get(file)?.includes(`"${name}"`))).toEqual([]);
});

test("each test of tampering stands in docs/tampering.md", () => {
  const file = "tests/tampering/tampering.db.test.ts";
  const tests = [...readFileSync(new URL(file, root), "utf8").matchAll(/^\s*(?:test\(|\]\)\()"([^"]+)"/gm)].map(([, name = ""]) => name);
  const untouched = "a ledger that nobody touched holds, for the product and for the one file, and on what a witness kept";
  expect(tests.filter((name) => name !== untouched && !rows.some((row) => row.file === file && row.name === name))).toEqual([]);
  expect(tests.length).toBeGreaterThan(20);
});
