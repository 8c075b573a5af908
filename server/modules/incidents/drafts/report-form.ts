import { factCatalogue, factSections, type FactSection } from "#shared/incident-facts.ts";
import { countText, dayText, factRow, momentText, plain, tellFact, toldRow, wordsRow, type Ground } from "./ground.ts";
import type { Entry, Section } from "./paper.ts";

/** Sections of the official form in its order (別記様式第一). */
const formSections: readonly FactSection[] = [
  "routing",
  "report",
  "reporter",
  "outline",
  "items",
  "persons",
  "cause",
  "secondary",
  "response",
  "publication",
  "prevention",
  "other",
];

/** The nine items that a report must have, as sections of the form (施行規則8条1項). */
export const nineItems: readonly FactSection[] = ["outline", "items", "persons", "cause", "secondary", "response", "publication", "prevention", "other"];

const titles: Readonly<Partial<Record<FactSection, string>>> = {
  outline: "(1) 概要",
  items: "(2) 漏えい等が発生し、又は発生したおそれがある個人データの項目",
  persons: "(3) 漏えい等が発生し、又は発生したおそれがある個人データに係る本人の数",
  cause: "(4) 原因",
  secondary: "(5) 二次被害又はそのおそれの有無及びその内容",
  response: "(6) 本人への対応の実施状況",
  publication: "(7) 公表の実施状況",
  prevention: "(8) 再発防止のための措置",
  other: "(9) その他参考となる事項",
};

/** Every field of the form: stated, derived, 不明 or 該当なし. None is ever left out. */
export function formFields(ground: Ground, stage: "preliminary" | "final", sections: readonly FactSection[] = formSections): Section[] {
  return sections.map((section) => ({
    key: section,
    title: titles[section] ?? factSections[section].ja,
    entries: [
      ...factCatalogue.filter((fact) => fact.section === section && fact.isOnForm === true).map((fact) => formRow(ground, stage, fact.key)),
      ...(section === "secondary" ? atDesk(ground) : []),
    ],
  }));
}

/** What callers said at the desk, as far as it was counted: beside the field of the form, which somebody states. */
function atDesk({ facts }: Ground): Entry[] {
  const [total, harm] = [facts.get("inquiries.total"), facts.get("inquiries.harm")];
  if (typeof total?.value !== "string" || typeof harm?.value !== "string") return [];
  return [
    toldRow("inquiries.harm", "窓口への申し出", {
      state: "stated",
      pieces: [plain(`お問い合わせ ${countText(Number(total.value))}件、うち被害の申し出 ${countText(Number(harm.value))}件(窓口の記録)`)],
      evidence: [total, harm].map(({ factNo }) => ({ kind: "fact" as const, no: factNo })),
    }),
  ];
}

function formRow(ground: Ground, stage: "preliminary" | "final", key: string): Entry {
  if (key === "report.stage") {
    const text = stage === "preliminary" ? "■速報 □確報" : "□速報 ■確報";
    return toldRow(key, "報告種別", { state: "derived", pieces: [plain(text)], evidence: [] });
  }
  if (key === "report.sequence" && !ground.facts.has(key) && stage === "preliminary") {
    return toldRow(key, "新規・続報の別", { state: "derived", pieces: [plain("■新規 □続報")], evidence: [] });
  }
  if ((key === "report.previousOn" || key === "report.receiptNo") && !ground.facts.has("report.sequence") && stage === "preliminary") {
    return toldRow(key, key === "report.previousOn" ? "前回の報告日" : "前回の受付番号", {
      state: "not-applicable",
      pieces: [plain("該当なし")],
      evidence: [],
    });
  }
  const row = factRow(ground, key);
  return key === "routing.myNumber" && row.state === "unknown" ? { ...row, pieces: [...row.pieces, plain(" ※不明のときは「はい」と答えます")] } : row;
}

/** The report to the 個人情報保護委員会 (or the ministry to which its power is delegated). */
export function reportForm(ground: Ground, stage: "preliminary" | "final"): Section[] {
  const { terms, judgement } = ground;
  const reasons = judgement.limbs.filter((limb) => limb.applies === "yes").flatMap((limb) => limb.reasons.map((reason) => `${limb.no}号: ${reason.ja}`));
  const authority = tellFact(ground, "routing.authority");
  return [
    {
      key: "head",
      title: null,
      entries: [
        authority.state === "stated" || authority.state === "assumed"
          ? toldRow("head.addressee", "提出先", { ...authority, pieces: [...authority.pieces, plain(" 御中")] })
          : wordsRow("head.addressee", "提出先", "個人情報保護委員会 御中"),
        wordsRow("head.known", "事態を知った日時", momentText(ground.knownAt), { state: "stated" }),
        toldRow(
          "head.due",
          "報告の期限",
          {
            state: "derived",
            pieces: [
              plain(
                stage === "preliminary"
                  ? `速報: 概ね ${dayText(terms.preliminary.early)}〜${dayText(terms.preliminary.late)}`
                  : `確報: ${dayText(terms.final.due)}(${terms.final.days}日以内)`,
              ),
            ],
            evidence: [],
            isToBeChecked: true,
          },
          { isInternal: true },
        ),
      ],
    },
    ...formFields(ground, stage),
    {
      key: "basis",
      title: "参考: 規則7条各号の判定の理由",
      entries: [
        toldRow("basis.limbs", "判定の理由", {
          state: "derived",
          pieces: [plain(reasons.length === 0 ? overallText(ground) : reasons.join("\n"))],
          evidence: [],
          isToBeChecked: judgement.limbs.some((limb) => limb.reasons.some((reason) => reason.isToBeChecked)),
        }),
        toldRow("basis.scope", "本人の数の根拠", scopeBasis(ground)),
      ],
    },
  ];
}

function overallText({ judgement }: Ground): string {
  return judgement.reasons.map((reason) => reason.ja).join("\n");
}

function scopeBasis({ scope }: Ground): Parameters<typeof toldRow>[2] {
  if (scope === null) {
    return { state: "unknown", pieces: [plain("範囲の調べはまだ行っていません。")], evidence: [] };
  }
  return {
    state: "derived",
    pieces: [
      plain(
        `アクセスの記録簿(記録番号${countText(scope.asOfEvent)}まで)の照合による。確認 ${countText(scope.confirmed)}人、可能性 ${countText(scope.possible)}人。${
          scope.foundByLedger === scope.confirmed + scope.possible
            ? ""
            : `担当者が理由を付けて区分を移した後の数で、記録簿では${countText(scope.foundByLedger)}人。`
        }${
          scope.isVerified ? "記録簿に改ざんがないことを検証済み。" : scope.isPending ? "記録簿の検証中。" : "記録簿を検証できないため、だれも除外していない。"
        }`,
      ),
    ],
    evidence: [
      { kind: "scope-run", no: scope.runNo },
      { kind: "event", no: scope.asOfEvent },
    ],
  };
}
