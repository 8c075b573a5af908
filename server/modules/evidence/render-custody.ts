import type { RenderedFile } from "#server/core/door/index.ts";
import { mm, renderPdf, type PdfContent } from "#server/platform/files/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { custodyPdf, CustodyAct, CustodyEntry, EvidenceKind } from "#shared/evidence.ts";

type Record_ = ReplyOf<typeof custodyPdf>;

const kindsInJapanese: Readonly<Record<EvidenceKind, string>> = {
  scope: "影響範囲の算出",
  people: "対象者の番号と区分",
  events: "対象となった記録と証明",
  ledger: "記録簿の書き出し",
  checkpoint: "検印・証人・タイムスタンプ",
  case: "事案・やること・経過",
  facts: "事実の全版",
  papers: "承認済みの文書",
  measures: "応急措置",
  rights: "当時の権限",
  brought: "持ち込み",
};

const acts: Readonly<Record<CustodyAct, string>> = {
  taken: "保全",
  described: "経緯の記入",
  "looked-at": "確認",
  "copied-out": "写しの取得",
  bundled: "封をした書き出し",
  "handed-over": "引き渡し",
  verified: "照合",
};

const moment = (iso: string): string => new Date(iso).toLocaleString("ja-JP", { timeZone: "Asia/Tokyo", dateStyle: "medium", timeStyle: "medium" });
const who = (no: number | null): string => (no === null ? "システム" : `利用者番号 ${no}`);
const said = (label: string, value: CustodyEntry["note"]): string[] => (typeof value === "string" && value !== "" ? [`${label} ${value}`] : []);

function detailsOf(entry: CustodyEntry): string {
  return [
    ...(entry.holds === null ? [] : [entry.holds ? "一致" : "不一致"]),
    ...said("出所", entry.source),
    ...said("発見者", entry.finder),
    ...(entry.foundAt === null ? [] : [`発見 ${moment(entry.foundAt)}`]),
    ...said("引渡先", entry.to),
    ...said("目的", entry.purpose),
    ...(entry.receipt === null ? [] : [`受領番号 ${entry.receipt}`]),
    ...said("備考", entry.note),
  ].join("\n");
}

function itemContent(item: Record_["items"][number]): PdfContent[] {
  const name = typeof item.fileName === "string" ? `「${item.fileName}」` : "";
  return [
    { text: `証拠 ${item.itemNo}  ${kindsInJapanese[item.kind]}${name}`, bold: true, margin: [0, mm(6), 0, mm(1)] },
    { text: `${item.bytes.toLocaleString("en-US")} バイト  SHA-256 ${item.sha256}`, fontSize: 8, margin: [0, 0, 0, mm(2)] },
    {
      layout: "lightHorizontalLines",
      table: {
        widths: [mm(40), mm(28), mm(32), "*"],
        headerRows: 1,
        body: [
          ["日時", "行為", "行為者", "内容"].map((text) => ({ text, bold: true })),
          ...item.custody.map((entry) => [moment(entry.at), acts[entry.act], who(entry.by), detailsOf(entry)]),
        ],
      },
    },
    { text: "受領者 署名                                        日付              ", fontSize: 8, margin: [0, mm(3), 0, 0] },
  ];
}

export async function renderCustody(built: Record_): Promise<RenderedFile> {
  const bytes = await renderPdf({
    title: "証拠保全記録",
    at: new Date(built.at),
    page: "A4",
    margins: [mm(20), mm(22), mm(20), mm(20)],
    fontSize: 9.5,
    hasPageNumbers: true,
    ...(built.isDrill ? { mark: "訓練" } : {}),
    content: [
      { text: "証拠保全記録", fontSize: 18, bold: true, alignment: "center", margin: [0, 0, 0, mm(6)] },
      { text: `${built.organisation}\n事案 ${built.incidentNo}\n作成 ${moment(built.at)}`, alignment: "right", margin: [0, 0, 0, mm(4)] },
      "この記録は追記だけができ、行為のたびに記録簿(改ざんを検出できる記録)に同じ内容が残ります。ハッシュ値は取得した時の内容から計算したものです。",
      ...(built.holds.length === 0
        ? []
        : [
            { text: "法的保全", bold: true, margin: [0, mm(5), 0, mm(1)] as const },
            ...built.holds.map(
              (hold) =>
                `保全 ${hold.holdNo}: 対象者 ${hold.persons.toLocaleString("en-US")}人、リスト ${hold.lists}件、取り込み ${hold.imports}件  ${moment(hold.placedAt)} ${who(hold.placedBy)}${hold.liftedAt === null ? "" : `  解除 ${moment(hold.liftedAt)} ${who(hold.liftedBy)}`}`,
            ),
          ]),
      ...built.items.flatMap(itemContent),
    ],
  });
  return { bytes, type: "application/pdf", name: `証拠保全記録-事案${built.incidentNo}.pdf` };
}
