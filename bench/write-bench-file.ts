import { benchCustomers, ownShare, type BenchCustomer } from "./bench-customers.ts";

const header = [
  "顧客番号",
  "氏名",
  "フリガナ",
  "会社名",
  "部署",
  "役職",
  "メール",
  "電話",
  "携帯",
  "FAX",
  "郵便番号",
  "住所",
  "生年月日",
  "性別",
  "備考",
] as const;
const keys = [
  "memberNumber",
  "fullName",
  "kana",
  "companyName",
  "section",
  "jobTitle",
  "mail",
  "phone",
  "mobile",
  "fax",
  "postalCode",
  "address",
  "birthDate",
  "gender",
  "notes",
] as const;

/** One row in fifty is a customer that both sides have already. */
const knownShare = 50;

/** A list to import, UTF-8 with a byte order mark as Excel saves it: `rows` people, new ones from ordinal `from` on. */
export function writeBenchFile(rows: number, from: number): { bytes: Buffer; known: number; lastNew: BenchCustomer } {
  const known = Math.floor(rows / knownShare);
  const fresh = benchCustomers(rows - known, from);
  const lines = [header.join(",")];
  let lastNew: BenchCustomer | undefined;
  for (let row = 1; row <= rows; row += 1) {
    let customer: BenchCustomer;
    if (row % knownShare === 0) customer = [...benchCustomers(1, (row / knownShare) * ownShare)][0]!;
    else lastNew = customer = fresh.next().value as BenchCustomer;
    lines.push(keys.map((key) => quote(customer.values[key] ?? "")).join(","));
  }
  return { bytes: Buffer.from(`\ufeff${lines.join("\r\n")}\r\n`), known, lastNew: lastNew! };
}

const quote = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
