import ExcelJS from "exceljs";
import { insertCustomers } from "#server/modules/customers/index.ts";
import { customerMaker, generateCustomers } from "#server/modules/sample/index.ts";
import { listMatchRows, type MatchRow } from "#shared/incident-match.ts";
import { actAsBench, addBenchAccount, foundBench, signInBench } from "./bench-accounts.ts";
import { benchSeed } from "./bench-customers.ts";
import { openBenchHouse } from "./bench-house.ts";
import { callAs, fetchWithin } from "./call-as.ts";
import { slipHeadings, writeSlip } from "./slips.ts";

export interface MatchBench {
  readonly customers: number;
  readonly rows: number;
  readonly print: (line: object) => void;
  readonly say: (text: string) => void;
}

const rowsAtOnce = 1_000;
/** One row in so many is of nobody who is here, one in so many is a name and nothing else. */
const strangerEvery = 20;
const nameOnlyEvery = 33;

/**
 * An Excel file of people as somebody wrote them down, matched over HTTP with a storehouse of `customers`. `recall`: of the rows
 * of people who are here and of whom more than a name is said, the share for whom the right one was found for sure; `recallWithOfficer`: or stands
 * among the candidates, names alone included; `precision`: of the rows that were sure, the share that was right.
 */
export async function measureMatch({ customers, rows, print, say }: MatchBench): Promise<void> {
  const house = await openBenchHouse({ say });
  const { open } = house;
  try {
    const { own } = await foundBench(open, { own: "東京営業部" });
    const cookie = await signInBench(open, await addBenchAccount(open, { role: "privacy-officer", departmentNo: own.departmentNo }));
    say(`match: filling ${customers} customers`);
    for (let from = 0; from < customers; from += rowsAtOnce) {
      const part = [...generateCustomers(benchSeed, Math.min(rowsAtOnce, customers - from), from)];
      await actAsBench(open, "customer.created", (context) =>
        insertCustomers(
          context,
          part.map(({ values }) => ({ ownerNo: null, cellNo: own.cellNo, companyNo: null, values: { ...values } })),
          { indexed: true },
        ),
      );
    }
    await open.pools.app.query("select settle_search()").catch(() => undefined);

    const file = await writeWorkbook(customers, rows);
    const call = callAs(fetchWithin(house.app), { cookie, address: "127.0.0.1" });
    const { incidentNo } = await call("POST", "/api/incidents", {
      what: "bench",
      playbook: "misdirected",
      knownAt: new Date().toISOString(),
      isDrill: true,
    });
    const before = process.memoryUsage.rss();
    let peak = 0;
    const watch = setInterval(() => void (peak = Math.max(peak, process.memoryUsage.rss() - before)), 20);
    const start = performance.now();
    const { matchNo } = await call("POST", `/api/incidents/${String(incidentNo)}/matches`, file.bytes, "list.xlsx");
    const tookMs = Math.round(performance.now() - start);
    clearInterval(watch);
    const found: MatchRow[] = [];
    for (const outcome of ["sure", "ambiguous", "none"]) {
      for (let offset = 0; ; offset += 20) {
        const page = (await call("POST", listMatchRows.path.replace(":incidentNo", String(incidentNo)).replace(":matchNo", String(matchNo)), {
          outcome,
          offset,
          limit: 20,
        })) as unknown as { rows: MatchRow[]; total: number };
        found.push(...page.rows);
        if (offset + 20 >= page.total) break;
      }
    }
    print({ case: "match", customers, rows, tookMs, peakMegabytes: Math.round(peak / 1e6), ...judge(found, file.truth) });
    if (process.env["KURABAN_BENCH_MISSES"] !== undefined) sayMisses(found, file.truth, say);
  } finally {
    await house.close();
  }
}

/** By row of the sheet: who is meant; null: nobody. */
interface Truth {
  readonly customerNo: number | null;
  readonly isNameOnly: boolean;
}

async function writeWorkbook(customers: number, rows: number): Promise<{ bytes: Buffer; truth: Map<number, Truth> }> {
  const make = customerMaker(benchSeed);
  const workbook = new ExcelJS.Workbook();
  const sheet = workbook.addWorksheet("名簿");
  sheet.addRow([...slipHeadings]);
  const truth = new Map<number, Truth>();
  for (let at = 0; at < rows; at += 1) {
    const isStranger = at % strangerEvery === strangerEvery - 1;
    const isNameOnly = !isStranger && at % nameOnlyEvery === nameOnlyEvery - 1;
    // 7,919 shares no divisor with round numbers: the people are spread over the whole.
    const ordinal = isStranger ? customers + at : (at * 7_919) % customers;
    const slip = writeSlip(make(ordinal).values, benchSeed, at, isNameOnly);
    sheet.addRow(slipHeadings.map((heading) => slip[heading]));
    truth.set(at + 2, { customerNo: isStranger ? null : ordinal + 1, isNameOnly });
  }
  return { bytes: Buffer.from(await workbook.xlsx.writeBuffer()), truth };
}

const share = (part: number, whole: number): number => Math.round((part / Math.max(1, whole)) * 10_000) / 10_000;

function judge(found: readonly MatchRow[], truth: ReadonlyMap<number, Truth>): object {
  let [known, knownWell, right, rightWell, atLeastShown, sure] = [0, 0, 0, 0, 0, 0];
  const byRow = new Map(found.map((row) => [row.row, row]));
  for (const [row, { customerNo, isNameOnly }] of truth) {
    const match = byRow.get(row);
    const isRight = match?.outcome === "sure" && match.candidates.some((one) => one.customerNo === customerNo);
    if (match?.outcome === "sure") sure += 1;
    if (isRight) right += 1;
    if (customerNo === null) continue;
    known += 1;
    if (!isNameOnly) knownWell += 1;
    if (isRight && !isNameOnly) rightWell += 1;
    if (match?.candidates.some((one) => one.customerNo === customerNo) === true) atLeastShown += 1;
  }
  const count = (outcome: string): number => found.filter((row) => row.outcome === outcome).length;
  return {
    sure,
    ambiguous: count("ambiguous"),
    none: count("none"),
    recall: share(rightWell, knownWell),
    precision: share(right, sure),
    recallWithOfficer: share(atLeastShown, known),
  };
}

/** Made-up people only: for looking at what was missed. */
function sayMisses(found: readonly MatchRow[], truth: ReadonlyMap<number, Truth>, say: (text: string) => void): void {
  for (const row of found) {
    const is = truth.get(row.row);
    const isRight = row.candidates.some((one) => one.customerNo === is?.customerNo);
    if (is === undefined || is.isNameOnly || (row.outcome === "sure" ? isRight : is.customerNo === null)) continue;
    say(
      `${row.outcome} ${isRight ? "shown" : "MISSED"} ${String(is.customerNo)} ${JSON.stringify(row.listed.map(({ text }) => text))} ${JSON.stringify(row.candidates)}`,
    );
  }
}
