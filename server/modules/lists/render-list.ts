import type { RenderedFile } from "#server/core/door/index.ts";
import { renderWorkbook } from "#server/platform/files/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { downloadList as endpoint } from "#shared/lists.ts";
import type { Purpose } from "#shared/rights.ts";
import type { Shown } from "#shared/shown.ts";
import { dayInTokyo } from "./days.ts";

type Built = ReplyOf<typeof endpoint>;

const purposeWords: Readonly<Record<Purpose, string>> = {
  inquiry: "問い合わせ対応",
  sales: "営業活動",
  delivery: "配送・納品",
  contract: "契約手続き",
  correction: "登録内容の訂正",
  audit: "監査・調査",
  "person-request": "本人の請求",
};

/** Widths by type of field, in characters. */
const widths: Readonly<Record<string, number>> = { name: 18, kana: 20, mail: 30, phone: 16, postal: 11, address: 44, date: 13, notes: 40 };

const textOf = (shown: Shown | undefined): string =>
  typeof shown === "string" ? shown : shown !== null && shown !== undefined && "masked" in shown ? shown.masked : "";

/** The workbook of a list: the people, and a sheet that says whose it is, what for and until when. */
export async function renderList(built: Built): Promise<RenderedFile> {
  const password = textOf(built.password);
  if (password === "") {
    throw new Error("a list has no password");
  }
  const people = {
    name: "顧客",
    isTable: true,
    columns: [{ header: "顧客No", width: 10 }, ...built.columns.map(({ label, type }) => ({ header: label, width: widths[type] ?? 16 }))],
    rows: built.rows.map((row) => [String(row.customerNo), ...built.columns.map(({ key }) => textOf(row.values[key]))]),
  };
  const about = {
    name: "このリストについて",
    isTable: false,
    columns: [
      { header: "社外秘", width: 20 },
      { header: "取扱注意・目的外利用の禁止", width: 60 },
    ],
    rows: [
      ["リスト番号", String(built.listNo)],
      ["名称", textOf(built.name)],
      ["作成者", textOf(built.ownerName) || `利用者 ${built.ownerNo}`],
      ["利用目的", purposeWords[built.purpose as Purpose] ?? built.purpose],
      ...(textOf(built.handler) === "" ? [] : [["取扱い先", textOf(built.handler)]]),
      ["人数", `${built.rows.length}人${built.leftOut > 0 ? `(ほか${built.leftOut}人は削除・利用停止などのため含まれません)` : ""}`],
      ["作成日", dayInTokyo(new Date(built.madeAt))],
      ["利用期限", `${built.endsOn} まで`],
      ["期限が来たら", "このファイルとすべての写しを廃棄し、蔵番の「持ち出しリスト」で廃棄を報告してください。"],
    ],
  };
  return {
    bytes: await renderWorkbook({ sheets: [people, about], at: new Date(built.madeAt), password }),
    type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    name: `list-${built.listNo}.xlsx`,
  };
}
