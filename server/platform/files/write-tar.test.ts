import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { writeTar } from "./write-tar.ts";

test("tar reads what was written: names, contents of any length, and the time", () => {
  const files = [
    { name: "empty.txt", bytes: Buffer.alloc(0) },
    { name: "block.txt", bytes: Buffer.alloc(512, "a") },
    { name: "report.json", bytes: Buffer.from("蔵番".repeat(300), "utf8") },
  ];
  const archive = writeTar(files, new Date("2026-11-21T05:00:00Z"));
  const listed = execFileSync("tar", ["--list", "--verbose", "--utc", "--full-time", "--file", "-"], { input: archive, encoding: "utf8" });
  expect(
    listed
      .trim()
      .split("\n")
      .map((line) => line.split(/\s+/).slice(2)),
  ).toEqual([
    ["0", "2026-11-21", "05:00:00", "empty.txt"],
    ["512", "2026-11-21", "05:00:00", "block.txt"],
    ["1800", "2026-11-21", "05:00:00", "report.json"],
  ]);
  for (const { name, bytes } of files) {
    expect(execFileSync("tar", ["--extract", "--to-stdout", "--file", "-", name], { input: archive }).equals(bytes)).toBe(true);
  }
});

test("a name that would leave the archive's form is refused", () => {
  expect(() => writeTar([{ name: "台帳.txt", bytes: Buffer.alloc(0) }], new Date(0))).toThrow();
});
