import type { RenderedFile } from "#server/core/door/index.ts";
import { mm, renderPdf } from "#server/platform/files/index.ts";
import type { NotSeenStatement } from "#shared/ledger-export.ts";
import { momentInWords as moment, verifyingWords } from "./verifying-words.ts";

/** The statement as a letter; the proof is the JSON file that goes with it. */
export async function renderNotSeenPdf(built: NotSeenStatement): Promise<RenderedFile> {
  const bytes = await renderPdf({
    title: "閲覧していないことの証明",
    at: new Date(built.at),
    page: "A4",
    margins: [mm(20), mm(20), mm(20), mm(22)],
    fontSize: 10,
    hasPageNumbers: true,
    content: [
      { text: moment(built.at), alignment: "right" },
      { text: built.organisation, alignment: "right", margin: [0, 0, 0, mm(8)] },
      { text: "閲覧していないことの証明", fontSize: 16, bold: true, alignment: "center", margin: [0, 0, 0, mm(5)] },
      `職員番号 ${built.accountNo} の職員は、${moment(built.from)} から ${moment(built.to)} までの間、下記の顧客番号の方の個人データを、表示・書き出し・変更のいずれの形でも扱っていません。この期間の本人の行為の記録 ${built.eventsOfAccount} 件すべてを検証して確かめました。`,
      { text: "顧客番号", bold: true, margin: [0, mm(5), 0, mm(1)] },
      { text: built.customerNos.join("、"), margin: [0, 0, 0, mm(6)] },
      ...verifyingWords(
        built,
        "記録簿がこの内容に署名していることを、記録簿の書き出しがあれば記録と食い違わないことも、確かめられます。証明ファイルの署名された部分に顧客番号は現れません。",
      ),
    ],
  });
  return { bytes, type: "application/pdf", name: `見ていない証明-${built.accountNo}-${built.to.slice(0, 10)}.pdf` };
}
