import type { RenderedFile } from "#server/core/door/index.ts";
import { countPages, mm, renderPdf, type PdfContent, type PdfText } from "#server/platform/files/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { PreventionState, printSummary as endpoint } from "#shared/incident-afterwards.ts";
import type { Shown } from "#shared/shown.ts";
import { countText, dayText, momentText } from "../drafts/ground.ts";

type Built = ReplyOf<typeof endpoint>;

const quiet = "#555555";
const stateNames: Readonly<Record<PreventionState, string>> = { planned: "計画", done: "実施(証明待ち)", proven: "証明済み", dropped: "取りやめ" };
/** Longest texts and size of type, from roomy to tight: the first that fits on one page is taken. */
const fits = [
  { most: 220, size: 9 },
  { most: 220, size: 8.5 },
  { most: 220, size: 8 },
  { most: 120, size: 8 },
  { most: 60, size: 8 },
  { most: 30, size: 7.5 },
  { most: 22, size: 7 },
] as const;

/** One page (A4) of an incident, whatever was written: longer texts are cut with 「…」. */
export async function renderSummary(built: Built): Promise<RenderedFile> {
  let bytes: Buffer | undefined;
  for (const fit of fits) {
    bytes = await renderPdf({
      title: `事案${built.incidentNo}の要約`,
      at: new Date(built.madeAt),
      page: "A4",
      margins: [mm(15), mm(built.isDrill ? 16 : 12), mm(15), mm(10)],
      fontSize: fit.size,
      ...(built.isDrill ? { mark: "【訓練】 実際の事案ではありません" } : {}),
      content: pageOf(built, fit.most, fit.size),
    });
    if (countPages(bytes) === 1) break;
  }
  return { bytes: bytes as Buffer, type: "application/pdf", name: `事案${built.incidentNo}-要約.pdf` };
}

function pageOf(built: Built, most: number, size: number): PdfContent[] {
  // Where it is tight, a text stands in one line.
  const cut = (text: string): string => {
    const flat = most <= 60 ? text.replaceAll(/\s*\n\s*/g, " ") : text;
    return flat.length > most ? `${flat.slice(0, most)}…` : flat;
  };
  const said = (pieces: readonly { readonly kind: string; readonly text: Shown | string }[]): string => cut(pieces.map((piece) => textOf(piece.text)).join(""));
  const heading = (text: string): PdfText => ({ text, bold: true, fontSize: size + 1, margin: [0, mm(2.2), 0, mm(0.8)] });
  const rows = (lines: readonly { readonly label: string; readonly text: string }[], width = 30): PdfContent => ({
    layout: "noBorders",
    table: {
      widths: [mm(width), "*"],
      body: lines.map((line): PdfContent[] => [
        { text: line.label, color: quiet },
        { text: line.text, lineHeight: 1.02 },
      ]),
    },
  });
  return [
    {
      columns: [
        { text: `事案${built.incidentNo} 要約`, bold: true, fontSize: 15, width: "*" },
        { text: `${built.organisation}\n${momentText(new Date(built.madeAt))} 作成 社外秘`, alignment: "right", fontSize: 8, color: quiet, width: mm(70) },
      ],
    },
    { text: cut(textOf(built.what)), bold: true, fontSize: size + 1.5, margin: [0, mm(1), 0, mm(0.5)] },
    { text: built.state, color: quiet, margin: [0, 0, 0, mm(1.5)] },
    {
      table: {
        widths: ["*", "*", "*", "*"],
        body: [
          built.clocks.map((clock): PdfContent => ({
            stack: [
              { text: clock.label, fontSize: size - 1.5, color: quiet },
              { text: clock.text, bold: true },
            ],
          })),
        ],
      },
    },
    heading("対象となった人数"),
    {
      table: {
        widths: ["*", "*", "*", "*"],
        body: [
          built.numbers.map((one): PdfContent => ({
            stack: [
              { text: one.label, fontSize: size - 1, color: quiet },
              { text: one.people === null ? "―" : `${countText(one.people)}人`, fontSize: 15, bold: true },
            ],
          })),
        ],
      },
    },
    { text: built.proof, fontSize: size - 1, color: quiet, margin: [0, mm(0.8), 0, 0] },
    rows(built.items.map((line) => ({ label: line.label, text: said(line.pieces) }))),
    heading("事実と原因"),
    rows(built.facts.map((line) => ({ label: line.label, text: said(line.pieces) }))),
    heading("経過"),
    {
      layout: "noBorders",
      table: {
        widths: [mm(41), mm(22), "*"],
        body: built.timeline.map((line): PdfContent[] => [
          { text: momentText(new Date(line.at)), color: quiet },
          { text: elapsed(Date.parse(line.at) - Date.parse(built.knownAt)), color: quiet, alignment: "right" },
          said(line.pieces),
        ]),
      },
    },
    {
      columnGap: mm(6),
      columns: [
        { width: "*", stack: [heading("応急措置"), ...listed(built.measures, "応急措置の記録はありません")] },
        { width: "*", stack: [heading("報告・通知"), ...listed(built.reports, "まだありません")] },
      ],
    },
    heading("再発防止策"),
    built.preventions.length === 0
      ? { text: "まだ決まっていません。", color: quiet }
      : {
          layout: "lightHorizontalLines",
          table: {
            headerRows: 1,
            widths: ["*", mm(26), mm(25), mm(24)],
            body: [
              ["内容", "担当", "期限", "状態"].map((text): PdfContent => ({ text, fontSize: size - 1, color: quiet })),
              ...built.preventions.map((one): PdfContent[] => [
                cut(textOf(one.what)),
                textOf(one.owner) || `利用者 ${one.ownerNo}`,
                dayText(one.dueOn),
                stateNames[one.state],
              ]),
            ],
          },
        },
    ...(built.morePreventions > 0 ? [{ text: `ほか ${built.morePreventions}件`, fontSize: size - 1, color: quiet }] : []),
    heading("費用"),
    rows(built.costs, 42),
    ...(built.lessons > 0 ? [{ text: `教訓 ${built.lessons}件を記録しています(事案の画面「事後対応」)。`, color: quiet }] : []),
  ];
}

const listed = (lines: readonly string[], none: string): PdfContent[] =>
  lines.length === 0 ? [{ text: none, color: quiet }] : [{ ul: lines.map((text): PdfContent => ({ text, lineHeight: 1.02 })) }];

function textOf(shown: Shown | string): string {
  return typeof shown === "string" ? shown : shown !== null && "masked" in shown ? shown.masked : "";
}

/** `+1日3時間`: the clock that runs from the moment of knowing. */
function elapsed(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  const span =
    days > 0 ? `${days}日${hours > 0 ? `${hours}時間` : ""}` : hours > 0 ? `${hours}時間${minutes % 60 > 0 ? `${minutes % 60}分` : ""}` : `${minutes}分`;
  return minutes === 0 ? "0分" : `${ms < 0 ? "−" : "+"}${span}`;
}
