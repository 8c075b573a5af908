import { paperNames, type PaperKey } from "#shared/incident-papers.ts";
import { encryptionDossier, ipaReport, isTheft, policeReport } from "./authorities.ts";
import { codeOf, presumed, wordsRow, type Ground } from "./ground.ts";
import { cardCompanyReport, consignorNotice, itemsNow, partnerNotice, personNotice, personNoticeEnglish } from "./letters.ts";
import { citesScope, provisionalKey, type Paper, type Section } from "./paper.ts";
import { ransomwareForm } from "./ransomware-form.ts";
import { deskScript, faq, pressRelease, situationNotice } from "./public-papers.ts";
import { reportForm } from "./report-form.ts";

const templates: Readonly<Record<PaperKey, { readonly title: string | ((ground: Ground) => string); readonly sections: (ground: Ground) => Section[] }>> = {
  preliminary: { title: "個人データの漏えい等に関する報告書(速報)", sections: (ground) => reportForm(ground, "preliminary") },
  final: { title: "個人データの漏えい等に関する報告書(確報)", sections: (ground) => reportForm(ground, "final") },
  "person-notice": { title: "お客様の個人情報に関するお知らせとおわび", sections: personNotice },
  "person-notice-en": { title: "Notice and apology regarding your personal information", sections: personNoticeEnglish },
  "consignor-notice": { title: "個人データの漏えい等に関する通知(規則9条)", sections: consignorNotice },
  police: { title: (ground) => (isTheft(ground) ? "盗難・紛失に関する相談・届出書" : "サイバー犯罪等に関する相談・届出書"), sections: policeReport },
  ipa: { title: "コンピュータウイルス・不正アクセスに関する届出", sections: ipaReport },
  "ransomware-form": { title: "ランサムウェア事案に関する報告", sections: ransomwareForm },
  "card-company": { title: "クレジットカード情報の漏えい等に関する報告", sections: cardCompanyReport },
  partner: { title: "個人情報の漏えい等に関するご報告", sections: partnerNotice },
  "situation-notice": { title: "個人情報の漏えい等に関するお知らせとおわび", sections: situationNotice },
  press: { title: "報道発表資料", sections: pressRelease },
  faq: { title: "よくあるお問い合わせ", sections: faq },
  "desk-script": { title: "電話応対の台本", sections: deskScript },
  "encryption-dossier": { title: paperNames["encryption-dossier"].ja, sections: encryptionDossier },
};

/** One paper out of the facts, the judgement and the scope as they are now, with what was put into words of one's own. */
export function composePaper(paper: PaperKey, ground: Ground, passages: ReadonlyMap<string, number>): Paper {
  const { title, sections } = templates[paper];
  const locale = paper === "person-notice-en" ? "en" : "ja";
  const told: Section[] = sections(ground).map((section) => ({
    ...section,
    entries: section.entries.map((entry) => {
      const no = entry.isEditable ? passages.get(entry.key) : undefined;
      return no === undefined ? entry : { ...entry, state: "stated", pieces: [{ kind: "passage", no }], evidence: [], isToBeChecked: false };
    }),
  }));
  const isProvisional = ground.scope?.isPending === true && citesScope({ sections: told });
  return {
    paper,
    title: typeof title === "string" ? title : title(ground),
    locale,
    isDrill: ground.isDrill,
    sections: isProvisional ? [...told, provisional(locale)] : told,
  };
}

/** Nobody can take the sentence out: it is gone once the ledger is verified. */
function provisional(locale: "ja" | "en"): Section {
  const [label, text] =
    locale === "ja"
      ? ["検証中の数値", "人数などには、記録簿の検証中の数値が含まれます。検証が終わりしだい、確かめた数値をお知らせします。"]
      : ["Provisional figures", "Figures in this paper rest on a record that is still being verified. Verified figures will follow."];
  return { key: provisionalKey, title: null, entries: [wordsRow(provisionalKey, label, text)] };
}

/** Whether an incident calls for a paper, by what is known; nothing keeps anybody from making the others. */
export function isPaperNeeded(paper: PaperKey, ground: Ground): boolean {
  switch (paper) {
    case "consignor-notice":
      return codeOf(ground, "outline.consignor") === "yes";
    case "card-company":
      return itemsNow(ground).includes("card");
    case "encryption-dossier":
      return codeOf(ground, "encryption.applied") === "yes";
    case "ipa":
      return ["malware", "unauthorised-access", "ransomware"].includes(ground.playbook);
    case "ransomware-form":
      return (codeOf(ground, "ransomware.struck") ?? presumed(ground, "ransomware.struck")) === "yes";
    case "preliminary":
    case "final":
      return ground.judgement.overall !== "not-reportable";
    case "person-notice":
      return ground.judgement.overall !== "not-reportable";
    case "person-notice-en":
      return false;
    default:
      return true;
  }
}
