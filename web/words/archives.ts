import { formatNumber as n } from "#web/words/format.ts";
import type { Same } from "#web/words/words.ts";

export const archivesJa = {
  title: "古い記録",
  lead: "記録簿の古い月は、データの場所の ledger フォルダーに小さなファイルとして移せます。移しても、一覧・検索・証明・書き出しはそのまま使えます。記録が消されることはありません。",
  after: "ファイルへ移す時期",
  months: { never: "移さない", "6": "6か月を過ぎたら", "12": "12か月を過ぎたら", "25": "25か月を過ぎたら" },
  saved: "移す時期を変更しました",
  noneTitle: "まだ移した記録はありません",
  noneHelp: "時期が来ると、毎日の確認の中で自動で移します。",
  span: (from: string, to: string) => `${from} 〜 ${to}`,
  events: (events: number) => `${n(events)} 件`,
  size: (bytes: number) => `${n(Math.max(0.1, Math.round(bytes / 1e5) / 10))} MB`,
  copying: "移している途中",
  missing: "このサーバーにありません",
  missingHelp: "控えからこのファイルを戻すまで、この期間の記録は表示できません。",
};

export const archivesEn: Same<typeof archivesJa> = {
  title: "Old months",
  lead: "Old months of the ledger can go into small files in the folder ledger of the data. Lists, searches, proofs and exports go on as before. No record is ever thrown away.",
  after: "When they go into files",
  months: { never: "Never", "6": "After 6 months", "12": "After 12 months", "25": "After 25 months" },
  saved: "The time was changed",
  noneTitle: "Nothing has gone into a file yet",
  noneHelp: "When the time comes, the daily check moves them by itself.",
  span: (from: string, to: string) => `${from} – ${to}`,
  events: (events: number) => `${n(events)} events`,
  size: (bytes: number) => `${n(Math.max(0.1, Math.round(bytes / 1e5) / 10))} MB`,
  copying: "being moved",
  missing: "Not on this server",
  missingHelp: "Until this file is put back from a backup, the records of this time cannot be shown.",
};
