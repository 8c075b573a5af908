/**
 * How fast a file becomes customers, end to end: upload, duplicates check, companies, sealing, ledger and blind index, in one
 * process with its own PostgreSQL. `node bench/import-run.ts [--rows 20000,100000] [--store 0] [--mode skip]`, one JSON object a
 * file: `{rows, columns, store, seconds, perSecond, searchableAfterMs, added, duplicates, problems, nodeCpuSeconds, postgresCpuSeconds, peakMegabytes,
 * turnP95Ms, turnP99Ms, turnMaxMs}` (processor time between two turns of the event loop: how long whoever else asks waits, whatever
 * else the machine does). `seconds` runs
 * from the start of the import to its end; the upload stands apart. 16 columns, CP932, as a 営業事務 account.
 */
import { parseArgs } from "node:util";
import iconv from "iconv-lite";
import { generateCustomers, type CustomerValues } from "#server/modules/sample/index.ts";
import { addBenchAccount, foundBench, signInBench } from "./bench-accounts.ts";
import { benchSeed } from "./bench-customers.ts";
import { openBenchHouse } from "./bench-house.ts";
import { callAs, fetchWithin } from "./call-as.ts";
import { cpuOfTree } from "./process-cpu.ts";

const { values: options } = parseArgs({
  options: { rows: { type: "string", default: "20000,100000" }, store: { type: "string", default: "0" }, mode: { type: "string", default: "skip" } },
});

const columns = [
  ["顧客番号", "memberNumber"],
  ["氏名", "fullName"],
  ["フリガナ", "kana"],
  ["会社名", "companyName"],
  ["部署", "section"],
  ["役職", "jobTitle"],
  ["メール", "mail"],
  ["電話", "phone"],
  ["携帯", "mobile"],
  ["FAX", "fax"],
  ["郵便番号", "postalCode"],
  ["住所", "address"],
  ["生年月日", "birthDate"],
  ["性別", "gender"],
  ["備考", "notes"],
  ["ランク", null],
] as const satisfies readonly (readonly [string, keyof CustomerValues | null])[];

/** Microseconds. */
function cpuOfThread(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

function* csvOf(rows: number, from: number): Generator<Buffer> {
  const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  yield iconv.encode(`${columns.map(([name]) => name).join(",")}\r\n`, "cp932");
  let text = "";
  for (const { values } of generateCustomers(benchSeed, rows, from)) {
    text += `${columns.map(([, key]) => (key === null ? "A" : cell(values[key] ?? ""))).join(",")}\r\n`;
    if (text.length > 64 * 1024) {
      yield iconv.encode(text, "cp932");
      text = "";
    }
  }
  yield iconv.encode(text, "cp932");
}

const house = await openBenchHouse({ say: (what) => process.stderr.write(`${what}\n`) });
const { open } = house;
try {
  const { own } = await foundBench(open, { own: "東京営業部" });
  const cookie = await signInBench(open, await addBenchAccount(open, { role: "office", departmentNo: own.departmentNo }));
  house.startWork();
  const call = callAs(fetchWithin(house.app), { cookie, address: "127.0.0.1" });
  const importRows = async (rows: number, from: number): Promise<Record<string, unknown>> => {
    const file = Buffer.concat([...csvOf(rows, from)]);
    const uploading = performance.now();
    const { importNo } = await call("POST", "/api/imports", file, "bench.csv");
    const { mapping } = await call("GET", `/api/imports/${String(importNo)}/preview`);
    let peak = 0;
    const before = process.memoryUsage.rss();
    const postgres = open.server!.pid();
    const [nodeCpu, postgresCpu] = [cpuOfTree(process.pid, [postgres]), cpuOfTree(postgres)];
    const turns: number[] = [];
    let used = cpuOfThread();
    const watch = setInterval(() => {
      const now = cpuOfThread();
      turns.push(now - used);
      used = now;
    }, 1);
    const start = performance.now();
    await call("POST", `/api/imports/${String(importNo)}/start`, { ...(mapping as object), duplicates: options.mode });
    let now: Record<string, unknown>;
    do {
      await new Promise((resolve) => setTimeout(resolve, 100));
      peak = Math.max(peak, process.memoryUsage.rss() - before);
      now = await call("GET", `/api/imports/${String(importNo)}`);
    } while (now["state"] === "running");
    const end = performance.now();
    clearInterval(watch);
    turns.sort((a, b) => a - b);
    const turn = (share: number): number => Math.round(turns[Math.min(turns.length - 1, Math.floor(turns.length * share))]! / 100) / 10;
    const last = [...generateCustomers(benchSeed, 1, from + rows - 1)][0]!.values;
    const found = await call("POST", "/api/customers/views", { search: last.memberNumber });
    const searchable = performance.now();
    if (now["state"] !== "done" || found["total"] !== 1) throw new Error(`${String(now["state"])} ${String(now["problem"])} ${String(found["total"])}`);
    const seconds = (end - start) / 1000;
    return {
      rows,
      columns: columns.length,
      uploadSeconds: Math.round(start - uploading) / 1000,
      seconds: Math.round(seconds * 10) / 10,
      perSecond: Math.round(rows / seconds),
      searchableAfterMs: Math.round(searchable - end),
      added: now["added"],
      duplicates: now["duplicates"],
      problems: now["problems"],
      nodeCpuSeconds: (cpuOfTree(process.pid, [postgres]) - nodeCpu) / 1000,
      postgresCpuSeconds: (cpuOfTree(postgres) - postgresCpu) / 1000,
      peakMegabytes: Math.round(peak / 1e6),
      turnP95Ms: turn(0.95),
      turnP99Ms: turn(0.99),
      turnMaxMs: turn(1),
    };
  };
  let from = 0;
  const filled = Number(options.store);
  if (filled > 0) {
    await importRows(filled, 0);
    from += filled;
  }
  for (const rows of options.rows!.split(",").map(Number)) {
    console.log(JSON.stringify({ store: from, ...(await importRows(rows, from)) }));
    from += rows;
  }
} finally {
  await house.close();
}
