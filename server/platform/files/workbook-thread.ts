import { parentPort, workerData } from "node:worker_threads";
import ExcelJS from "exceljs";
import { encrypt } from "officecrypto-tool";
import { neutraliseFormula } from "./neutralise-formula.ts";
import type { Workbook } from "./render-workbook.ts";

/** The thread of `renderWorkbook`: makes one workbook and ends. */
async function make(given: Workbook): Promise<Buffer> {
  const workbook = new ExcelJS.Workbook();
  workbook.created = given.at;
  workbook.modified = given.at;
  workbook.creator = "";
  for (const sheet of given.sheets) {
    const made = workbook.addWorksheet(sheet.name, sheet.isTable ? { views: [{ state: "frozen", ySplit: 1 }] } : {});
    made.columns = sheet.columns.map(({ width }) => ({ width, style: { numFmt: "@", alignment: { vertical: "top", wrapText: false } } }));
    made.addRow(sheet.columns.map(({ header }) => neutraliseFormula(header))).font = { bold: true };
    for (const row of sheet.rows) {
      made.addRow(row.map((text) => (text === "" ? null : neutraliseFormula(text))));
    }
    if (sheet.isTable && sheet.columns.length > 0) {
      made.autoFilter = { from: { row: 1, column: 1 }, to: { row: sheet.rows.length + 1, column: sheet.columns.length } };
    }
  }
  return encrypt(Buffer.from(await workbook.xlsx.writeBuffer()), { password: given.password });
}

const bytes = new Uint8Array(await make(workerData as Workbook));
parentPort?.postMessage(bytes, [bytes.buffer]);
