/**
 * A customer list as it comes out of a Japanese office, and what must become of it. Two title rows, a blank line, remarks
 * in the header, two columns of one name, a running counter, a column without header, empty and total rows, every dirt
 * that issue texts and people tell of. Deterministic.
 */
export const dirtyRows: readonly (readonly string[])[] = [
  ["顧客名簿（2026年度）", "", "", "", "", "", "", "", "", "", "", ""],
  ["出力日：2026/11/21", "", "", "", "", "", "", "", "", "", "", ""],
  [],
  ["No.", "氏名（必須）", "フリガナ", "会社名", "TEL", "TEL", "携帯番号", "Ｅ-ｍａｉｌ", "郵便番号", "住所", "生年月日", "備考", ""],
  [
    "1",
    "髙橋　一郎",
    "ﾀｶﾊｼ ｲﾁﾛｳ",
    "㈱山田電機",
    "03-1234-5678",
    "内線12",
    "９０１２３４５６７８",
    "taro＠example.co.jp",
    "1050011",
    "東京都港区芝公園4-2-8",
    "S59.4.1",
    "至急, ①折返し\n夕方以降",
    "",
  ],
  [
    "2",
    "山﨑 花子",
    "やまざき はなこ",
    "有限会社﨑商店",
    "312345678",
    "",
    "",
    "Hanako@Example.JP ",
    "〒060-0042",
    "北海道札幌市中央区大通西1丁目",
    "令和元年5月1日",
    "=1+1",
    "",
  ],
  ["3", "佐藤　次郎", "サトウ ジロウ", "", "0422-21-1234", "", "090-1111-2222", "", "60042", "", "2001/2/29", "", ""],
  [],
  ["4", "鈴木　三郎", "スズキ サブロウ", "", "", "", "", "saburo@example", "", "", "58/4/1", "カード 4111-1111-1111-1111 で支払", ""],
  ["", "合計", "", "", "", "", "", "", "", "", "", "", "4"],
];

/** The rows above as CSV with CRLF. */
export function dirtyCsvText(delimiter = ","): string {
  const quote = (cell: string): string => (cell.includes(delimiter) || /["\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return dirtyRows.map((row) => `${row.map(quote).join(delimiter)}\r\n`).join("");
}
