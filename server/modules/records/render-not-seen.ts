import type { RenderedFile } from "#server/core/door/index.ts";
import { mm } from "#server/platform/files/index.ts";
import type { NotSeenStatement } from "#shared/ledger-export.ts";
import { renderStatement } from "./render-statement.ts";
import { momentInWords as moment } from "./verifying-words.ts";

/** The statement as a letter; the proof is the JSON file that goes with it. */
export function renderNotSeenPdf(built: NotSeenStatement): Promise<RenderedFile> {
  return renderStatement(built, {
    title: "閲覧していないことの証明",
    content: [
      `職員番号 ${built.accountNo} の職員は、${moment(built.from)} から ${moment(built.to)} までの間、下記の顧客番号の方の個人データを、表示・書き出し・変更のいずれの形でも扱っていません。この期間の本人の行為の記録 ${built.eventsOfAccount} 件すべてを検証して確かめました。`,
      { text: "顧客番号", bold: true, margin: [0, mm(5), 0, mm(1)] },
      { text: built.customerNos.join("、"), margin: [0, 0, 0, mm(6)] },
    ],
    proves:
      "記録簿がこの内容に署名していることを、記録簿の書き出しがあれば記録と食い違わないことも、確かめられます。証明ファイルの署名された部分に顧客番号は現れません。",
    name: `見ていない証明-${built.accountNo}-${built.to.slice(0, 10)}.pdf`,
  });
}
