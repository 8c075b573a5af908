import type { RenderedFile } from "#server/core/door/index.ts";
import { mm, renderPdf, type PdfContent, type PdfText } from "#server/platform/files/index.ts";
import { dayInJapan } from "#shared/day-in-japan.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { printFacts as endpoint } from "#shared/incidents.ts";
import type { Shown } from "#shared/shown.ts";
import { momentText } from "../drafts/ground.ts";
import { certaintyNames } from "./japanese-names.ts";

type Built = ReplyOf<typeof endpoint>;
type Fact = Built["sections"][number]["facts"][number];
type Task = Built["phases"][number]["tasks"][number];

const quiet = "#555555";
const small = 7.5;
/** Of a heading with the first rows under it. */
const roomOfHeading = mm(26);
/** Length of a row, written as JSON: a longer one may be parted between pages. */
const mostInOneRow = 900;

/** Facts, timeline and tasks of an incident for the table of a meeting (A4). */
export async function renderFacts(built: Built): Promise<RenderedFile> {
  const bytes = await renderPdf({
    title: `事案${built.incidentNo}の事実・経過・やること`,
    at: new Date(built.madeAt),
    page: "A4",
    margins: [mm(15), mm(16), mm(15), mm(16)],
    fontSize: 9,
    hasPageNumbers: true,
    ...(built.isDrill ? { mark: "【訓練】 実際の事案ではありません" } : {}),
    content: [...headOf(built), ...factsOf(built), ...timelineOf(built), ...tasksOf(built)],
  });
  return { bytes, type: "application/pdf", name: `事案${built.incidentNo}-事実と経過.pdf` };
}

function headOf(built: Built): PdfContent[] {
  return [
    {
      columns: [
        { text: `事案${built.incidentNo} 事実・経過・やること`, bold: true, fontSize: 15, width: "*" },
        { text: `${built.organisation}\n${momentText(new Date(built.madeAt))} 作成 社外秘`, alignment: "right", fontSize: 8, color: quiet, width: mm(62) },
      ],
    },
    { text: textOf(built.what), bold: true, fontSize: 10.5, margin: [0, mm(1.5), 0, mm(0.5)] },
    { text: built.state, color: quiet, margin: [0, 0, 0, mm(2)] },
    {
      table: {
        widths: ["*", "*", "*", "*"],
        body: [
          built.clocks.map((clock): PdfContent => ({
            stack: [
              { text: clock.label, fontSize: small, color: quiet },
              { text: clock.text, bold: true },
            ],
          })),
        ],
      },
    },
  ];
}

function factsOf(built: Built): PdfContent[] {
  const stated = built.sections.filter(({ facts }) => facts.length > 0);
  const open = built.sections.filter(({ notStated }) => notStated.length > 0);
  return [
    chapter("1. 事実"),
    {
      text: "確定・推定・不明は、書いた人が記した確かさです。「算出」は、範囲の調べなどから製品が出した値で、書けばその内容に替わります。",
      fontSize: small,
      color: quiet,
    },
    ...(built.missing.length === 0
      ? []
      : [{ text: `報告の要否を決めるために、まだ要るもの: ${built.missing.join("、")}`, bold: true, margin: [0, 0, 0, mm(1.5)] } as const]),
    ...(stated.length === 0
      ? [{ text: "まだ何も書かれていません。", color: quiet }]
      : stated.flatMap((section) => [
          heading(section.title),
          ruled(
            [mm(38), mm(11), "*", mm(33)],
            section.facts.map((fact) => factRow(fact)),
          ),
        ])),
    ...(open.length === 0
      ? []
      : [
          heading("未記入の項目"),
          ruled(
            [mm(38), "*"],
            open.map((section): PdfContent[] => [
              { text: section.title, color: quiet },
              { text: section.notStated.join("、"), fontSize: 8 },
            ]),
          ),
        ]),
  ];
}

function factRow(fact: Fact): PdfContent[] {
  const source = textOf(fact.source);
  return [
    { text: fact.label, fontSize: 8.5, color: quiet },
    fact.certainty === null ? { text: "算出", color: quiet } : { text: certaintyNames[fact.certainty], bold: fact.certainty !== "confirmed" },
    {
      stack: [{ text: said(fact.pieces) || "―", lineHeight: 1.05 }, ...(source === "" ? [] : [{ text: `出所: ${source}`, fontSize: small, color: quiet }])],
    },
    {
      text: [personOf(fact.by, fact.byName), fact.at === null ? "" : shortMoment(fact.at)].filter((text) => text !== "").join("\n"),
      fontSize: small,
      color: quiet,
    },
  ];
}

function timelineOf(built: Built): PdfContent[] {
  return [
    chapter("2. 経過"),
    ruled(
      [mm(27), "*", mm(33)],
      built.timeline.map((line): PdfContent[] => [
        { text: shortMoment(line.at), color: quiet },
        { text: said(line.pieces), lineHeight: 1.05, ...(line.isNote ? {} : { color: quiet }) },
        { text: personOf(line.by, line.byName), fontSize: small, color: quiet },
      ]),
    ),
  ];
}

function tasksOf(built: Built): PdfContent[] {
  const tasks = built.phases.flatMap((phase) => phase.tasks);
  const left = tasks.filter((task) => task.state === "open").length;
  return [
    chapter(`3. やること(残り ${left}件、済み・不要 ${tasks.length - left}件)`),
    ...built.phases.flatMap((phase) => [
      heading(phase.title),
      ruled(
        [mm(12), "*", mm(33), mm(31)],
        phase.tasks.map((task) => taskRow(task, built.madeAt)),
      ),
    ]),
  ];
}

const taskStates: Readonly<Record<Task["state"], string>> = { open: "□", done: "■ 済", skipped: "― 不要" };

function taskRow(task: Task, now: string): PdfContent[] {
  const isOpen = task.state === "open";
  const isLate = isOpen && task.dueAt !== null && task.dueAt < now;
  const note = textOf(task.note);
  const when = isOpen
    ? task.dueAt === null
      ? "期限なし"
      : `${shortMoment(task.dueAt)}まで${isLate ? "\n期限を過ぎています" : ""}`
    : task.endedAt === null
      ? ""
      : shortMoment(task.endedAt);
  return [
    { text: taskStates[task.state], fontSize: 8 },
    {
      stack: [
        { text: said([task.title]), lineHeight: 1.05, ...(isOpen ? {} : { color: quiet }) },
        ...(note === "" ? [] : [{ text: `メモ: ${note}`, fontSize: small, color: quiet }]),
      ],
    },
    { text: `${task.role}${task.assignedTo === null ? "" : `\n${personOf(task.assignedTo, task.assignedName)}`}`, fontSize: small, color: quiet },
    { text: when, fontSize: small, bold: isLate, ...(isLate ? {} : { color: quiet }) },
  ];
}

const chapter = (text: string): PdfText => ({ text, bold: true, fontSize: 12, headlineLevel: mm(34), margin: [0, mm(5), 0, mm(1.5)] });
const heading = (text: string): PdfText => ({ text, bold: true, fontSize: 9.5, headlineLevel: roomOfHeading, margin: [0, mm(2), 0, mm(0.8)] });

function ruled(widths: readonly (number | "*")[], rows: readonly (readonly PdfContent[])[]): PdfContent {
  const isShort = rows.every((row) => JSON.stringify(row).length <= mostInOneRow);
  return { layout: "thinLines", table: { widths, headerRows: 0, dontBreakRows: isShort, body: rows } };
}

function said(pieces: readonly { readonly text: Shown | string }[]): string {
  return pieces.map((piece) => textOf(piece.text)).join("");
}

function textOf(shown: Shown | string): string {
  return typeof shown === "string" ? shown : shown !== null && "masked" in shown ? shown.masked : "";
}

/** Without a number: an act of the product itself, or the moment of knowing. */
function personOf(no: number | null, name: Shown): string {
  return no === null ? "" : textOf(name) || `利用者 ${no}`;
}

/** `11月22日 9:05`, in Japan. */
function shortMoment(iso: string): string {
  const at = new Date(iso);
  const [, month, day] = dayInJapan(at).split("-").map(Number);
  const [hour, minute] = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Tokyo", hour: "numeric", minute: "2-digit", hour12: false }).format(at).split(":");
  return `${month}月${day}日 ${Number(hour)}:${minute}`;
}
