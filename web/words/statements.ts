import { many } from "#web/words/many.ts";

/** Words of signed statements: who saw a person, and whom an account did not see. */
export const statementsJa = {
  seen: "閲覧の証明を作る",
  seenTitle: "閲覧の証明を作る",
  seenLead: "この方の個人データがいつ・だれに・どの項目まで表示されたかを、記録ごとの証明とともに1つのファイルにします。ほかの方の情報は含まれません。",
  notSeen: "見ていないことの証明を作る",
  notSeenTitle: "見ていないことの証明を作る",
  notSeenLead: "この職員が、期間中に下の顧客を一度も見ていないことを、記録簿を検証したうえで署名したファイルにします。見た記録があれば作れません。",
  notSeenOwnLead: "あなたが、期間中に下の顧客を一度も見ていないことを、記録簿を検証したうえで署名したファイルにします。見た記録があれば作れません。",
  people: "顧客番号",
  peopleHelp: "表の列を貼り付けられます。改行・空白・コンマ区切り、100人まで。",
  peopleCount: (count: number) => (count === 0 ? "" : `${count}人`),
  tooMany: (most: number) => `一度に${most}人までです。`,
  json: "証明ファイルを保存",
  pdf: "書面(PDF)を保存",
  both: "証明ファイル(JSON)が証拠になります。書面は読むためのものです。作ったことは記録簿に残ります。",
  working: "記録簿を確かめています…",
  saved: "保存しました",
  seenIn: (numbers: string, more: number) => `見た記録の番号: ${numbers}${more > 0 ? ` ほか${more}件` : ""}`,
  verify: "受け取った人の確かめ方",
};

export const statementsEn: typeof statementsJa = {
  seen: "State who saw this person",
  seenTitle: "State who saw this person",
  seenLead: "When, to whom and which fields of this person's data were shown, with the proof of each record, as one file. Nobody else stands in it.",
  notSeen: "State not having seen people",
  notSeenTitle: "State not having seen people",
  notSeenLead:
    "That this member of staff never saw the people below in this time: signed, after the ledger was verified. Not possible where a record says otherwise.",
  notSeenOwnLead: "That you never saw the people below in this time: signed, after the ledger was verified. Not possible where a record says otherwise.",
  people: "Customer numbers",
  peopleHelp: "Paste a column of a table. Separated by lines, spaces or commas, up to 100.",
  peopleCount: (count: number) => (count === 0 ? "" : many(count, "person", "people")),
  tooMany: (most: number) => `At most ${most} at once.`,
  json: "Save the proof",
  pdf: "Save the letter (PDF)",
  both: "The proof (JSON) is the evidence, the letter is for reading. That they were made is recorded.",
  working: "Verifying the ledger…",
  saved: "Saved",
  seenIn: (numbers: string, more: number) => `Records that show it: ${numbers}${more > 0 ? ` and ${more} more` : ""}`,
  verify: "How whoever receives it checks it",
};
