import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Spent } from "./hands.ts";

const file = fileURLToPath(new URL("../../docs/daily-jobs.md", import.meta.url));
const rowOf = (job: string): RegExp => new RegExp(`^(\\| ${job} \\|[^|]*\\|)([^|]*)\\|([^|]*)\\|`, "m");

/**
 * What docs/daily-jobs.md says that a job costs. With KURABAN_WRITE_DAILY_JOBS=1 the measured numbers are written there
 * first: for whoever changed a screen and means it.
 */
export function writtenCost(job: string, measured: Spent): Spent {
  const text = readFileSync(file, "utf8");
  if (process.env["KURABAN_WRITE_DAILY_JOBS"] === "1") {
    writeFileSync(file, text.replace(rowOf(job), `$1 ${measured.keys} | ${measured.clicks} |`));
    return writtenNow(job);
  }
  return writtenNow(job);
}

function writtenNow(job: string): Spent {
  const row = rowOf(job).exec(readFileSync(file, "utf8"));
  if (row === null) throw new Error(`docs/daily-jobs.md has no row of job ${job}`);
  return { keys: Number(row[2]), clicks: Number(row[3]) };
}
