import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findMigrations } from "./find-migrations.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "kuraban-migrations-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function write(...path: string[]): void {
  const file = join(folder, ...path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, "select 1;\n");
}

describe("findMigrations", () => {
  it("finds the product's own, each number once, the roles first", () => {
    const numbers = findMigrations().map(({ number }) => number);
    expect(numbers[0]).toBe(1);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it("orders by number across folders and passes by other SQL", () => {
    write("modules", "b", "migrations", "0002-second.sql");
    write("core", "a", "migrations", "0010-tenth.sql");
    write("platform", "migrations", "0001-first.sql");
    write("modules", "b", "queries.sql");
    expect(findMigrations(folder).map(({ name }) => name)).toEqual(["0001-first", "0002-second", "0010-tenth"]);
  });

  it("refuses one number twice", () => {
    write("a", "migrations", "0001-one.sql");
    write("b", "migrations", "0001-other.sql");
    expect(() => findMigrations(folder)).toThrow("two migrations have one number: 0001-");
  });

  it.each(["1-short.sql", "0001_underscore.sql", "0001-Upper.sql", "0001.sql"])("refuses the name %s", (name) => {
    write("a", "migrations", name);
    expect(() => findMigrations(folder)).toThrow("a migration is named");
  });
});
