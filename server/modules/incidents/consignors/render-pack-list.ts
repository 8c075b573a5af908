import type { RenderedFile } from "#server/core/door/index.ts";
import { renderWorkbook } from "#server/platform/files/index.ts";
import { dayInJapan } from "#shared/day-in-japan.ts";
import type { PackList } from "#shared/incident-consignors.ts";
import type { Shown } from "#shared/shown.ts";

const textOf = (shown: Shown | undefined): string => (typeof shown === "string" ? shown : "");
const tiers = { confirmed: "確認", possible: "可能性" } as const;
const moment = (iso: string | null): string =>
  iso === null ? "" : new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Tokyo", dateStyle: "short", timeStyle: "short" }).format(new Date(iso));

/** The people of one consignor, and a sheet that says what the list is. */
export async function renderPackList(built: PackList): Promise<RenderedFile> {
  const password = textOf(built.password);
  if (password === "") throw new Error("a list has no password");
  const at = new Date(built.at);
  const people = {
    name: "対象者",
    isTable: true,
    columns: [
      { header: "番号", width: 10 },
      { header: "区分", width: 10 },
      ...built.columns.map(({ key, label }) => ({ header: label, width: key === "mail" ? 30 : 18 })),
      { header: "項目", width: 40 },
      { header: "最初", width: 18 },
      { header: "最後", width: 18 },
    ],
    rows: built.rows.map((row) => [
      String(row.customerNo),
      tiers[row.tier],
      ...built.columns.map(({ key }) => textOf(row.values[key])),
      row.fields.join("、"),
      moment(row.firstAt),
      moment(row.lastAt),
    ]),
  };
  const about = {
    name: "この表について",
    isTable: false,
    columns: [
      { header: built.isDrill ? "【訓練】" : "取扱注意", width: 20 },
      { header: built.isDrill ? "実際の事案ではありません" : "目的外の利用を禁じます", width: 70 },
    ],
    rows: [
      ["宛先", `${textOf(built.companyName)} 御中`],
      ["作成者", built.organisation],
      ["整理番号", `${built.incidentNo}-${built.packNo}`],
      ["作成日", dayInJapan(at)],
      ["人数", `${built.rows.length}人${built.leftOut > 0 ? `(ほかに消去済みなどの${built.leftOut}人)` : ""}`],
      ["確認", "アクセスの記録に、開示された記録が残っている人"],
      ["可能性", "記録では、開示されなかったと言い切れない人"],
      ["項目", "開示された、またはそのおそれがある項目の名前(値はこの表に含みません)"],
      ["根拠", "個人情報の保護に関する法律26条1項ただし書、同法施行規則9条による通知"],
    ],
  };
  return {
    bytes: await renderWorkbook({ sheets: [people, about], at, password }),
    type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    name: `consignor-${built.incidentNo}-${built.packNo}.xlsx`,
  };
}
