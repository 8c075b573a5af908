/**
 * How fast files become planned rows: `node bench/import-reading.ts [--rows 100000]`.
 * 20 columns, CP932 and UTF-8 CSV and .xlsx; one JSON object a line: `{case, rows, perSecond, megabytes, peakMegabytes}`.
 * Peak is the resident memory of the process above what it was before, sampled at each batch.
 */
import { parseArgs } from "node:util";
import ExcelJS from "exceljs";
import iconv from "iconv-lite";
import { openTable, prepareRowPlan, previewTable, sourceOfBuffer } from "#server/modules/imports/reading/index.ts";

const { values: options } = parseArgs({ options: { rows: { type: "string", default: "100000" } } });
const rowCount = Number(options.rows);

const headers = [
  "顧客番号",
  "姓",
  "名",
  "セイ",
  "メイ",
  "会社名",
  "部署",
  "役職",
  "TEL",
  "携帯",
  "FAX",
  "E-mail",
  "郵便番号",
  "都道府県",
  "市区町村",
  "番地",
  "建物名",
  "生年月日",
  "性別",
  "備考",
];

function rowOf(i: number): string[] {
  const tail = String(1000 + ((i * 7919) % 9000));
  const middle = String(1000 + ((i * 104_729) % 9000));
  return [
    String(i + 1).padStart(6, "0"),
    "髙橋",
    `一${i % 97}郎`,
    "ﾀｶﾊｼ",
    "イチロウ",
    `山田電機㈱第${i % 300}支社`,
    "営業一課",
    "課長",
    `03-${middle}-${tail}`,
    `０９０${middle}${tail}`,
    `06${middle}${tail}`,
    `taro.${i}@example.co.jp`,
    `${100 + (i % 800)}-${tail}`,
    "東京都",
    "港区芝公園",
    `${i % 30}-${i % 9}-1`,
    "東京タワー3F",
    `S${1 + (i % 60)}.4.${1 + (i % 28)}`,
    i % 2 === 0 ? "男" : "女",
    i % 5 === 0 ? `"至急", 折返し希望` : "",
  ];
}

function csvOf(encoding: string): Buffer {
  const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const parts: Buffer[] = [iconv.encode(`${headers.join(",")}\r\n`, encoding)];
  for (let i = 0; i < rowCount; i += 1000) {
    let text = "";
    for (let j = i; j < Math.min(rowCount, i + 1000); j++) text += `${rowOf(j).map(cell).join(",")}\r\n`;
    parts.push(iconv.encode(text, encoding));
  }
  return Buffer.concat(parts);
}

async function xlsxOf(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const { PassThrough } = await import("node:stream");
  const stream = new PassThrough();
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ stream, useSharedStrings: true });
  const sheet = workbook.addWorksheet("顧客");
  sheet.addRow(headers).commit();
  for (let i = 0; i < rowCount; i++) sheet.addRow(rowOf(i)).commit();
  sheet.commit();
  await workbook.commit();
  return Buffer.concat(chunks);
}

async function measure(name: string, file: Buffer): Promise<void> {
  const table = await openTable(sourceOfBuffer(file));
  const preview = await previewTable(table, 0);
  const plan = prepareRowPlan({ headerRow: preview.headerRow, columns: preview.guesses, today: "2026-11-21" });
  const before = process.memoryUsage.rss();
  let peak = before;
  let planned = 0;
  let problems = 0;
  const start = performance.now();
  for await (const batch of table.rows(0)) {
    for (const row of batch.rows) {
      const result = plan(row);
      if (result.kind !== "planned") continue;
      planned++;
      problems += result.problems.length;
    }
    peak = Math.max(peak, process.memoryUsage.rss());
  }
  const seconds = (performance.now() - start) / 1000;
  table.close();
  console.log(
    JSON.stringify({
      case: name,
      rows: planned,
      problems,
      perSecond: Math.round(planned / seconds),
      megabytes: Math.round(file.length / 1e5) / 10,
      peakMegabytes: Math.round((peak - before) / 1e6),
    }),
  );
}

await measure("csv cp932", csvOf("cp932"));
await measure("csv utf-8", csvOf("utf-8"));
await measure("xlsx", await xlsxOf());
