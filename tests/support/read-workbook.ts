import ExcelJS from "exceljs";
import { decrypt } from "officecrypto-tool";

/** The cells of an encrypted workbook, sheet by sheet, as texts; formulas would stand as `{formula}`. */
export async function readWorkbook(bytes: Buffer, password: string): Promise<Map<string, string[][]>> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load((await decrypt(bytes, { password })) as never);
  const sheets = new Map<string, string[][]>();
  workbook.eachSheet((sheet) => {
    const rows: string[][] = [];
    sheet.eachRow((row) => {
      const cells: string[] = [];
      row.eachCell({ includeEmpty: true }, (cell) => void cells.push(cell.formula ? "{formula}" : String(cell.value ?? "")));
      rows.push(cells);
    });
    sheets.set(sheet.name, rows);
  });
  return sheets;
}
