import { dayText, momentText, type Ground } from "./ground.ts";

/** The four boxes at the head of a sheet: since when it is known, both terms, and whether it must be reported. */
export function clocksOf({ terms, judgement, knownAt }: Ground): { label: string; text: string }[] {
  const overall = { reportable: "報告が必要", "not-reportable": "報告の対象外", undetermined: "判断に必要な事実を確認中" }[judgement.overall];
  const limbs = judgement.limbs.filter((limb) => limb.applies === "yes").map((limb) => `${limb.no}号`);
  return [
    { label: "知った時刻", text: momentText(knownAt) },
    { label: "速報の目安(3〜5日)", text: `${dayText(terms.preliminary.early)}〜${dayText(terms.preliminary.late).replace(/^\d+年/, "")}` },
    { label: `確報の期限(${terms.final.days}日)`, text: dayText(terms.final.due) },
    { label: "規則7条", text: limbs.length > 0 && judgement.overall === "reportable" ? `${overall}(${limbs.join("・")})` : overall },
  ];
}
