import type { FactSection } from "#shared/incident-facts.ts";
import { factRow, momentText, passage, toldRow, wordsRow, type Ground } from "./ground.ts";
import type { Entry, Section } from "./paper.ts";
import { formFields } from "./report-form.ts";

const section = (key: string, title: string | null, ...entries: readonly Entry[]): Section => ({ key, title, entries });

/**
 * What the common form for ransomware asks (ランサムウェア事案共通様式, 別添様式2, in use since 2025-10-01), to be carried over into it: the form itself
 * is a workbook of the 国家サイバー統括室. Its technical items are known from what was published about it, the names and the order of
 * its basic items are not: the paper says so, and what rests on it is to be checked.
 */
export function ransomwareForm(ground: Ground): Section[] {
  const rows = (...keys: readonly string[]): Entry[] => keys.map((key) => factRow(ground, key));
  const toBeChecked = (...keys: readonly string[]): Entry[] => rows(...keys).map((row) => ({ ...row, isToBeChecked: true }));
  const sections = (...keys: readonly FactSection[]): Section[] => formFields(ground, "preliminary", keys);
  const [report, reporter] = sections("report", "reporter").map(({ key, title, entries }) =>
    section(key, title, ...entries.filter((entry) => entry.key !== "report.stage")),
  ) as [Section, Section];
  return [
    section(
      "head",
      null,
      {
        ...passage(
          "head.words",
          "本書は、ランサムウェア事案共通様式(別添様式2)へ書き写すための下書きです。欄の名称と順序は、国家サイバー統括室が公表している様式の原本と照らしてください。",
        ),
        isToBeChecked: true,
      },
      wordsRow("head.addressee", "提出先", "個人情報保護委員会 御中", { isEditable: true, isToBeChecked: true }),
    ),
    report,
    reporter,
    section(
      "outline",
      "事案の概要",
      ...rows("outline.summary", "outline.occurredOn", "outline.discoveredOn"),
      wordsRow("outline.known", "事態を知った日時", momentText(ground.knownAt), { state: "stated" }),
      ...rows("outline.foundBy", "outline.course"),
    ),
    section(
      "harm",
      "被害の状況",
      ...toBeChecked("ransomware.systems", "ransomware.impact"),
      ...rows("outline.damage", "outline.leak", "items.subjects", "items.fields", "items.fieldsOther", "persons.total", "secondary.state", "secondary.detail"),
    ),
    section(
      "attack",
      "攻撃技術情報",
      ...toBeChecked("ransomware.kinds", "ransomware.note", "ransomware.extension", "ransomware.family", "ransomware.entry", "ransomware.indicators"),
    ),
    section(
      "response",
      "対応の状況",
      ...rows("prevention.done"),
      ...toBeChecked("ransomware.restoring"),
      ...rows("other.investigation", "other.investigationDetail", "response.state", "publication.state", "publication.on", "prevention.planned"),
    ),
    section(
      "others",
      "他の機関への報告",
      ...rows("other.police", "other.policeDetail", "other.authorities"),
      toldRow(
        "others.consent",
        "国家サイバー統括室との共有への同意",
        { state: "unknown", pieces: [{ kind: "plain", text: "□同意する □同意しない 不明(調査中)" }], evidence: [], isToBeChecked: true },
        { isEditable: true },
      ),
    ),
    section("remarks", "その他", ...rows("other.remarks")),
  ];
}
