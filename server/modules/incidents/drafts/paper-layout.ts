import type { DraftEntry, DraftPiece, PaperOut } from "#shared/incident-drafts.ts";
import { paperNames } from "#shared/incident-papers.ts";
import { dayInJapan } from "#shared/day-in-japan.ts";
import { dayText } from "./ground.ts";

/** How a paper looks on sheets, whatever file it becomes. Made of the built reply alone. */
export interface PaperLayout {
  readonly title: string;
  readonly language: "ja" | "en";
  /** 「訓練」 stands on every sheet of a drill. */
  readonly drillMark: string | null;
  /** Number of the official form, at the upper left. */
  readonly formNote: string | null;
  readonly day: string | null;
  /** A form has rows in ruled tables; a letter running text. */
  readonly isForm: boolean;
  readonly blocks: readonly LayoutBlock[];
  /** A sheet for the company's own file, in the Word file alone: what the figures rest on, what is open. */
  readonly checks: readonly LayoutRow[];
  readonly fileName: string;
}

export interface LayoutBlock {
  readonly title: string | null;
  readonly rows: readonly LayoutRow[];
  readonly paragraphs: readonly string[];
}

export interface LayoutRow {
  readonly label: string;
  readonly text: string;
}

const likeOfficial = "別記様式第一(第八条第三項関係)に準じる";
const formNotes: Partial<Record<PaperOut["paper"], string>> = {
  preliminary: likeOfficial,
  final: likeOfficial,
  "ransomware-form": "ランサムウェア事案共通様式(別添様式2)への下書き",
};
/** Papers that go to authorities or partners in the case: the company's file keeps a sheet of checks with them. */
const checked: ReadonlySet<PaperOut["paper"]> = new Set([
  "preliminary",
  "final",
  "consignor-notice",
  "police",
  "ipa",
  "ransomware-form",
  "card-company",
  "encryption-dossier",
]);
const forms: ReadonlySet<PaperOut["paper"]> = new Set([...checked, "desk-script"]);

/** What stands in a place: of a text that is gone or not to be read, nothing. */
function textOfPieces(pieces: readonly DraftPiece[]): string {
  return pieces.map((piece) => (piece.kind === "plain" ? piece.text : typeof piece.text === "string" ? piece.text : "")).join("");
}

export function layOut(built: PaperOut): PaperLayout {
  const { head, paper, locale } = built;
  const name = paperNames[paper].ja.replaceAll(/[()]/g, "-").replace(/-$/, "");
  const isForm = forms.has(paper);
  // A letter leaves out of the desk what is not settled yet; a form says that it is not known.
  const isThere = (entry: DraftEntry): boolean => !entry.isInternal && (isForm || entry.label === null || entry.state !== "unknown");
  const visible = built.sections.map((section) => ({ ...section, entries: section.entries.filter(isThere) }));
  const day = head?.approvedAt === null || head?.approvedAt === undefined ? null : dayInJapan(new Date(head.approvedAt));
  return {
    title: built.title,
    language: locale,
    drillMark: built.isDrill ? (locale === "ja" ? "【訓練】 実際の事案ではありません" : "[DRILL] Not a real incident") : null,
    formNote: formNotes[paper] ?? null,
    day: day === null ? null : locale === "ja" ? dayText(day) : day,
    isForm,
    blocks: visible
      .filter((section) => section.entries.length > 0)
      .map((section) => ({
        title: section.title,
        rows: section.entries.filter((entry) => entry.label !== null).map((entry) => ({ label: entry.label ?? "", text: textOfPieces(entry.pieces) })),
        paragraphs: section.entries.filter((entry) => entry.label === null).map((entry) => textOfPieces(entry.pieces)),
      })),
    checks: checked.has(paper)
      ? checksOf(
          built,
          visible.flatMap((section) => section.entries),
        )
      : [],
    fileName: `${name}-事案${head?.incidentNo ?? ""}-第${head?.version ?? ""}版`,
  };
}

function checksOf({ head }: PaperOut, entries: readonly DraftEntry[]): LayoutRow[] {
  const labels = (chosen: readonly DraftEntry[]): string => chosen.map((entry) => entry.label ?? entry.key).join("、");
  const unknown = entries.filter((entry) => entry.state === "unknown" && entry.label !== null);
  const toCheck = entries.filter((entry) => entry.isToBeChecked && entry.label !== null);
  const assumed = entries.filter((entry) => entry.state === "assumed" && entry.label !== null);
  const rests = entries
    .map((entry) => ({ entry, on: entry.evidence.filter((one) => one.kind === "scope-run" || one.kind === "event") }))
    .filter(({ entry, on }) => on.length > 0 && entry.label !== null)
    .map(
      ({ entry, on }) => `${entry.label}: ${on.map((one) => (one.kind === "event" ? `記録簿の記録番号 ${one.no}` : `範囲の調べ 第${one.no}号`)).join("、")}`,
    );
  return [
    ...(head === null
      ? []
      : [
          { label: "版", text: `第${head.version}版(草案番号 ${head.draftNo}) 承認者の番号 ${head.approvedBy ?? "なし"}` },
          { label: "内容の指紋", text: `SHA-256 ${head.hash.slice(0, 32)}\n${head.hash.slice(32)}` },
        ]),
    { label: "数字の根拠", text: rests.length === 0 ? "記録簿に基づく数字はありません。" : rests.join("\n") },
    { label: "不明の欄", text: unknown.length === 0 ? "ありません。" : labels(unknown) },
    { label: "推定の欄", text: assumed.length === 0 ? "ありません。" : labels(assumed) },
    { label: "要確認の欄", text: toCheck.length === 0 ? "ありません。" : `${labels(toCheck)}\n(法令・ガイドライン・様式の原文と照らして確かめてください)` },
  ];
}
