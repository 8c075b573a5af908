import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

/**
 * Everything that CI runs, in the order in which a failure is cheapest to find. The last line is `N passed, N failed`.
 * `--quick` leaves out the browser, the faults and PostgreSQL 15.
 */
const isQuick = process.argv.includes("--quick");
const isRoot = process.getuid?.() === 0;
const work = mkdtempSync(join(tmpdir(), "kuraban-test-"));
let passed = 0;
let failed = 0;
/** What failed, by name: the middle of a long output is easily lost. */
const failures: string[] = [];

function demandPackage(file: string, packages: string, what: string): boolean {
  if (existsSync(file)) {
    return true;
  }
  const line = `apt-get update && apt-get install -y --no-install-recommends ${packages}`;
  if (isRoot) {
    process.stdout.write(`${what} を入れています / installing ${what} …\n`);
    spawnSync("sh", ["-c", `${line} >/dev/null`], { stdio: "inherit", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
    if (existsSync(file)) {
      return true;
    }
  }
  failures.push(`${what}: missing`);
  process.stdout.write(`${what} がありません。次を実行してください / ${what} is missing. Run:\n  sudo sh -c '${line}'\n`);
  failed += 1;
  return false;
}

function step(name: string, command: string, args: readonly string[]): void {
  const started = Date.now();
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  const seconds = Math.round((Date.now() - started) / 1000);
  if (status === 0) {
    passed += 1;
  } else {
    failed += 1;
    failures.push(name);
  }
  process.stdout.write(`── ${name}: ${status === 0 ? "ok" : "failed"} (${seconds} s)\n`);
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly TestFile[];
}

interface TestFile {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string; readonly failureMessages?: readonly string[] }[];
}

function tests(name: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): void {
  const file = join(work, `${name.replaceAll(/\W/g, "-")}.json`);
  const { status } = spawnSync("vitest", ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`, ...args], {
    stdio: "inherit",
    env: { ...process.env, NODE_ENV: "test", ...environment },
  });
  if (!existsSync(file)) {
    failed += 1;
    failures.push(`${name}: no report`);
    process.stdout.write(`── ${name}: failed, no report\n`);
    return;
  }
  const report = JSON.parse(readFileSync(file, "utf8")) as Report;
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  // A file that cannot be loaded, or an error outside every test, fails no test by itself.
  if (status !== 0 && report.numFailedTests === 0) {
    failed += 1;
    failures.push(`${name}: an error outside every test`);
  }
  failures.push(...report.testResults.flatMap((file) => failuresIn(name, file)));
  process.stdout.write(`── ${name}: ${report.numPassedTests} passed, ${report.numFailedTests} failed\n`);
}

function failuresIn(name: string, file: TestFile): string[] {
  const path = relative(process.cwd(), file.name);
  const failing = file.assertionResults.filter((result) => result.status === "failed");
  return failing.length === 0 && file.status === "failed"
    ? [`${name}: ${path}: ${file.message}`]
    : failing.map((result) => `${name}: ${path}: ${result.fullName}\n  ${(result.failureMessages ?? []).join("\n").slice(0, 2_000)}`);
}

step("types", "tsc", ["-b"]);
step("format", "oxfmt", ["--check"]);
step("lint", "oxlint", ["--quiet"]);
step("notices", process.execPath, ["scripts/notices.ts", "--check"]);
step("web", "vite", ["build", "--logLevel", "warn"]);
demandPackage("/usr/bin/openssl", "openssl", "OpenSSL");
demandPackage("/usr/bin/pdftotext", "poppler-utils", "poppler");
tests("fast", ["--project", "fast"]);
tests("database (PostgreSQL 18)", ["--project", "database"]);
if (!isQuick) {
  if (demandPackage("/usr/lib/postgresql/15/bin/initdb", "postgresql-15", "PostgreSQL 15")) {
    tests(
      "database (PostgreSQL 15)",
      ["--project", "database", "server/platform/database/migrate", "server/core/ledger", "server/modules/customers", "tests/row-level-security"],
      {
        KURABAN_TEST_POSTGRES: "15",
      },
    );
  }
  if (demandPackage("/usr/bin/chromium", "chromium fonts-noto-cjk", "Chromium")) {
    tests("journeys", ["--project", "journeys"]);
  }
  if (demandPackage("/usr/sbin/ip", "iproute2", "ip")) {
    tests("faults", ["--project", "faults"]);
  }
}
rmSync(work, { recursive: true, force: true });
for (const failure of failures) {
  process.stdout.write(`✗ ${failure}\n`);
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);
