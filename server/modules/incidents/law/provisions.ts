/** A day as `YYYY-MM-DD` in Japan. Days in this form are ordered like their texts. */
export type Day = string;

export type LimbNo = 1 | 2 | 3 | 4;

/** One limb of 規則7条: what triggers it, from how many people on, and how long the final report may take. */
export interface LimbProvision {
  readonly no: LimbNo;
  readonly ja: string;
  readonly en: string;
  /** It applies to more people than this. */
  readonly beyondPersons: number;
  /** Of an administrative body. */
  readonly beyondPersonsOfBody: number;
  readonly finalDays: 30 | 60;
  /** 3号: data that are being acquired count as well (Web skimming). */
  readonly coversAcquisition: boolean;
}

/** The rules as they stand on a day. */
export interface Law {
  readonly ja: string;
  readonly en: string;
  readonly source: string;
  /** First day in force, and the day from which the next one is. */
  readonly from: Day;
  readonly until: Day | null;
  readonly limbs: readonly LimbProvision[];
  /** 速報: 概ね3〜5日以内. */
  readonly preliminaryDays: { readonly early: number; readonly late: number };
}

const limbs = (coversAcquisition: boolean): readonly LimbProvision[] => [
  {
    no: 1,
    ja: "要配慮個人情報が含まれる個人データ",
    en: "Special care-required personal information",
    beyondPersons: 0,
    beyondPersonsOfBody: 0,
    finalDays: 30,
    coversAcquisition: false,
  },
  {
    no: 2,
    ja: "不正に利用されることにより財産的被害が生じるおそれがある個人データ",
    en: "Data whose misuse may cause financial damage",
    beyondPersons: 0,
    beyondPersonsOfBody: 0,
    finalDays: 30,
    coversAcquisition: false,
  },
  {
    no: 3,
    ja: "不正の目的をもって行われたおそれがある行為による漏えい等",
    en: "An act that may have been done with a wrongful purpose",
    beyondPersons: 0,
    beyondPersonsOfBody: 0,
    finalDays: 60,
    coversAcquisition,
  },
  {
    no: 4,
    ja: "本人の数が千人を超える漏えい等",
    en: "More than 1,000 people",
    beyondPersons: 1000,
    beyondPersonsOfBody: 100,
    finalDays: 30,
    coversAcquisition: false,
  },
];

/** Every version of the rules, oldest first. A new one is added here with its first day; what is older stays for older incidents. */
const laws: readonly Law[] = [
  {
    ja: "令和2年改正法(施行規則7〜10条)",
    en: "Amendment of 2020 (Rules 7 to 10)",
    source: "個人情報の保護に関する法律26条、同施行規則7条〜10条",
    from: "2022-04-01",
    until: "2024-04-01",
    limbs: limbs(false),
    preliminaryDays: { early: 3, late: 5 },
  },
  {
    ja: "令和5年改正規則(取得しようとしている個人情報を含む)",
    en: "Rule of 2023 (data being acquired included)",
    source: "個人情報の保護に関する法律26条、同施行規則7条〜10条(令和5年12月27日改正)",
    from: "2024-04-01",
    until: null,
    limbs: limbs(true),
    preliminaryDays: { early: 3, late: 5 },
  },
];

/** First day of the common forms for attacks by ransomware and DDoS. */
export const commonFormFrom: Day = "2025-10-01";

/** What is known of rules to come; it changes nothing before its day is set. */
export const comingLaws: readonly { readonly ja: string; readonly en: string }[] = [
  {
    ja: "令和8年改正法(2026年7月17日公布、2年以内に施行)により、本人への通知の例外などが変わる予定です。施行日と規則は未定です。",
    en: "The amendment of 2026 (promulgated 2026-07-17, in force within 2 years) will change exceptions of the notice to the people. Day and rules are not set yet.",
  },
];

/** The rules in force on a day; undefined before there was a duty to report (2022-04-01). */
export function lawOn(day: Day): Law | undefined {
  return laws.findLast((law) => law.from <= day && (law.until === null || day < law.until));
}
