import type { rowProblemCodes } from "#shared/imports.ts";
import type { unreadableReasons } from "#server/modules/imports/index.ts";

interface Sentence {
  readonly ja: string;
  readonly en: string;
}

/** What the command line says of a row. */
export const rowProblemSentences: Readonly<Record<(typeof rowProblemCodes)[number], Sentence>> = {
  "card-number": { ja: "カード番号と思われるため保存していません(非保持化)。", en: "Looks like a card number, which is never stored." },
  "bad-date": { ja: "日付として読み取れません。", en: "Cannot be read as a date." },
  "bad-mail": { ja: "メールアドレスとして読み取れません。", en: "Cannot be read as a mail address." },
  "bad-phone": { ja: "電話番号として読み取れません。", en: "Cannot be read as a phone number." },
  "bad-number": { ja: "数値として読み取れません。", en: "Cannot be read as a number." },
  "bad-choice": { ja: "選択肢にない値です。", en: "Is not among the choices." },
  "bad-url": { ja: "URLとして読み取れません。", en: "Cannot be read as a web address." },
  required: { ja: "必須の項目が空です。", en: "A required field is empty." },
  "bad-postal": { ja: "郵便番号として読み取れません。", en: "Cannot be read as a postal code." },
  "too-long": { ja: "長すぎます。", en: "Too long." },
  "control-character": { ja: "制御文字が含まれています。", en: "Holds a control character." },
  "broken-character": { ja: "壊れた文字か外字が含まれています。", en: "Holds a broken or private-use character." },
  "broken-quote": { ja: "引用符が閉じていません。", en: "A quote is not closed as it should be." },
  "cell-error": { ja: "数式のエラーです。", en: "A formula that failed." },
  "broken-card": { ja: "vCardとして読めない部分があります。", en: "Parts of the card cannot be read." },
  "empty-row": { ja: "顧客とわかる項目がありません。", en: "Nothing tells who this is." },
  "duplicate-in-file": { ja: "同じファイルの前の行と同じ人です。", en: "The same person as an earlier row of this file." },
  "duplicate-in-store": { ja: "登録済みの顧客です。", en: "Already among the customers." },
  "unknown-department": { ja: "部門が見つかりません。", en: "No such department." },
  "unknown-owner": { ja: "担当者が見つかりません。", en: "No such member of staff." },
  "unknown-customer": { ja: "だれの購買か分かりません。", en: "Nobody answers to this." },
  "ambiguous-customer": { ja: "だれの購買か1人に決められません。", en: "Not clear whose purchase it is." },
  "customer-closed": { ja: "この顧客には書けません(利用停止中か、権限がありません)。", en: "The customer may not be written to." },
  "purchase-known": { ja: "同じ日の同じ購買がすでにあります。", en: "The same purchase of that day is there already." },
};

/** What the command line says of a whole file. */
export const unreadableSentences: Readonly<Record<(typeof unreadableReasons)[number], Sentence>> = {
  "empty-file": { ja: "ファイルが空です。", en: "The file is empty." },
  "wrong-type": { ja: "Excel(.xlsx)でもCSVでもvCardでもないファイルです。", en: "The file is neither .xlsx nor CSV nor vCard." },
  "old-excel": { ja: "古い形式のExcel(.xls)です。.xlsx で保存し直してください。", en: "This is the old .xls format. Save it as .xlsx." },
  "excel-binary": { ja: "バイナリ形式のExcel(.xlsb)です。.xlsx で保存し直してください。", en: "This is the binary .xlsb format. Save it as .xlsx." },
  "open-document": { ja: "OpenDocument形式です。.xlsx で保存し直してください。", en: "This is an OpenDocument file. Save it as .xlsx." },
  "other-zip": { ja: "Excelではない圧縮ファイルです。", en: "This archive is no Excel file." },
  encrypted: { ja: "パスワードで保護されています。解除して保存し直してください。", en: "The file is protected by a password. Save it without one." },
  html: { ja: "Webページを .xls にしたファイルです。.xlsx で保存し直してください。", en: "This is a web page named as Excel. Save it as .xlsx." },
  "zip-damaged": { ja: "ファイルが壊れています。", en: "The file is damaged." },
  "zip-bomb": { ja: "展開すると大きすぎるファイルです。", en: "The file grows too large when unpacked." },
  "xml-malformed": { ja: "Excelファイルの中身が壊れています。", en: "The contents of the Excel file are damaged." },
  "nul-byte": { ja: "文字ではないデータ(NUL)が含まれています。", en: "The file holds bytes that are no text (NUL)." },
  "encoding-unknown": {
    ja: "文字コードを判別できません。UTF-8 か Shift_JIS で保存し直してください。",
    en: "The character encoding cannot be told. Save it as UTF-8 or Shift_JIS.",
  },
  "too-many-columns": { ja: "列が多すぎます(500列まで)。", en: "There are too many columns (500 at most)." },
  "row-too-long": { ja: "1行が長すぎます。引用符が閉じていない可能性があります。", en: "A row is too long; a quote may not be closed." },
  "too-many-sheets": { ja: "シートが多すぎます。", en: "There are too many sheets." },
  "no-such-sheet": { ja: "シートがありません。", en: "There is no such sheet." },
};
