/** The papers of an incident (草案). Codes stand in the database and in events. */
export const paperKeys = [
  "preliminary",
  "final",
  "person-notice",
  "person-notice-en",
  "consignor-notice",
  "police",
  "ipa",
  "ransomware-form",
  "card-company",
  "partner",
  "situation-notice",
  "press",
  "faq",
  "desk-script",
  "encryption-dossier",
] as const;
export type PaperKey = (typeof paperKeys)[number];

export const paperNames: Readonly<Record<PaperKey, { readonly ja: string; readonly en: string }>> = {
  preliminary: { ja: "漏えい等報告書(速報)", en: "Report of the leak (preliminary)" },
  final: { ja: "漏えい等報告書(確報)", en: "Report of the leak (final)" },
  "person-notice": { ja: "本人への通知", en: "Notice to the people (Japanese)" },
  "person-notice-en": { ja: "本人への通知(英語)", en: "Notice to the people (English)" },
  "consignor-notice": { ja: "委託元への通知(規則9条)", en: "Notice to consignors (Rule 9)" },
  police: { ja: "警察への相談・届出", en: "Report to the police" },
  ipa: { ja: "IPAへの届出", en: "Report to IPA" },
  "ransomware-form": { ja: "ランサムウェア事案の報告(共通様式の下書き)", en: "Report of ransomware (draft for the common form)" },
  "card-company": { ja: "カード会社への連絡", en: "Report to card companies" },
  partner: { ja: "取引先への報告", en: "Report to business partners" },
  "situation-notice": { ja: "事態の告知(ホームページ)", en: "Notice on the web site" },
  press: { ja: "報道発表文", en: "Press release" },
  faq: { ja: "よくあるお問い合わせ", en: "Questions and answers" },
  "desk-script": { ja: "電話応対の台本", en: "Script of the desk" },
  "encryption-dossier": { ja: "暗号化による適用除外の説明資料", en: "Dossier of the exemption by encryption" },
};
