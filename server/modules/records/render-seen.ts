import type { RenderedFile } from "#server/core/door/index.ts";
import { mm } from "#server/platform/files/index.ts";
import type { SeenStatement } from "#shared/ledger-export.ts";
import { renderStatement } from "./render-statement.ts";
import { momentInWords as moment, smallWords as small } from "./verifying-words.ts";

/** The acts in words that a person outside the company understands; the others by their name in the ledger. */
const acts: Readonly<Record<string, string>> = {
  "customers.listed": "一覧に表示",
  "customer.viewed": "詳細を表示",
  "customer.revealed": "伏せた項目を表示",
  "customer.created": "登録",
  "customer.changed": "内容を変更",
  "customer.used": "電話・メールなどに使用",
  "customer.history-viewed": "変更の履歴を表示",
  "customer.timeline-viewed": "対応の記録を表示",
  "import.batch": "名簿ファイルから取り込み",
  "list.downloaded": "名簿のファイルに記載",
  "labels.printed": "宛名を印刷",
  "person.disclosed": "ご本人への開示",
  "person-file.viewed": "ご請求の記録を表示",
};
const actors: Readonly<Record<string, string>> = { system: "自動処理", console: "管理用の端末", anyone: "ログイン前", former: "職員" };
const roles: Readonly<Record<string, string>> = {
  sales: "営業",
  office: "事務",
  manager: "管理職",
  "privacy-officer": "個人情報保護管理者",
  "system-administrator": "システム管理者",
  auditor: "監査人",
};

/** The statement as a letter; the proof is the JSON file that goes with it. */
export function renderSeenPdf(built: SeenStatement): Promise<RenderedFile> {
  return renderStatement(built, {
    title: "個人データの閲覧記録",
    content: [
      `顧客番号 ${built.customerNo} の方について、${moment(built.from)} から ${moment(built.to)} までに当社で行われた表示・変更などの記録 ${built.events.length} 件のすべてを、下記のとおりお知らせします。`,
      {
        margin: [0, mm(5), 0, mm(5)],
        layout: "lightHorizontalLines",
        table: {
          widths: [mm(34), mm(42), mm(38), "*"],
          headerRows: 1,
          keepWithHeaderRows: 1,
          dontBreakRows: true,
          body: [
            ["日時", "行為", "行った人", "項目"].map((text) => ({ text, ...small })),
            ...built.events.map((event) => [
              `${moment(event.at)}\n(記録 ${event.sequence})`,
              acts[event.type] ?? event.type,
              event.accountNo === null
                ? (actors[event.role] ?? event.role)
                : `${roles[event.role] ?? actors[event.role] ?? "職員"}(職員番号 ${event.accountNo})`,
              event.fields.length === 0 ? "値の表示なし" : event.fields.map(({ ja, how }) => (how === "partial" ? `${ja}(一部)` : ja)).join("、"),
            ]),
          ],
        },
      },
    ],
    proves: "各記録が改ざんされていないことをご自身で確かめられます。ほかの方の情報は証明ファイルにも含まれません。",
    name: `閲覧の記録-${built.customerNo}.pdf`,
  });
}
