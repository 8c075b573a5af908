import { exemption } from "./exemption.ts";
import { isLeak } from "./is-leak.ts";
import { financialHarm, manyPersons, specialCare, wrongfulPurpose } from "./limbs.ts";
import { commonFormFrom, lawOn, type Day, type Law, type LimbNo, type LimbProvision } from "./provisions.ts";
import { personsOf, reason, valueOf, yesNo, type Answer, type Finding, type JudgedFacts, type Persons, type Reason } from "./read-facts.ts";

export interface JudgedLimb extends Finding {
  readonly no: LimbNo;
  readonly ja: string;
  readonly en: string;
  readonly applies: Answer;
  /** Days of the final report where it applies. */
  readonly days: 30 | 60;
}

export interface Judgement {
  readonly law: Pick<Law, "ja" | "en" | "source" | "from"> | null;
  readonly leak: Finding;
  readonly exemption: Finding;
  readonly limbs: readonly JudgedLimb[];
  readonly persons: Persons | null;
  /** 報告対象 / 対象外 / 判断できない. */
  readonly overall: "reportable" | "not-reportable" | "undetermined";
  readonly reasons: readonly Reason[];
  /** Keys of the facts that would settle it; empty where it is settled. */
  readonly missing: readonly string[];
  /** What else is to be thought of: other forms, other places, voluntary reports. */
  readonly notes: readonly Reason[];
}

const limbFinding: Readonly<Record<LimbNo, (given: JudgedFacts, limb: LimbProvision, beyond: number) => Finding>> = {
  1: specialCare,
  2: financialHarm,
  3: wrongfulPurpose,
  4: (given, _limb, beyond) => manyPersons(given, beyond),
};

/**
 * Whether an incident must be reported (個人情報の保護に関する法律26条, 規則7条), limb by limb, by the rules in force on `on`, the day of
 * knowing. A risk (おそれ) is enough for every limb; what takes the duty away counts only where it is confirmed.
 */
export function judge(given: JudgedFacts, on: Day): Judgement {
  const law = lawOn(on);
  const leak = isLeak(given);
  const exempt = exemption(given);
  // Where there is a leak, a run that found nobody did not ask for the right cause: it says nothing of who is concerned.
  const isSilent = leak.answer === "yes" && given.scope !== null && given.scope.confirmed + given.scope.possible === 0;
  const known = isSilent ? { ...given, scope: null } : given;
  const persons = personsOf(known);
  const isBody = valueOf(given, "routing.operator") === "administrative";
  const limbs = (law?.limbs ?? []).map((limb): JudgedLimb => {
    const finding = limbFinding[limb.no](known, limb, isBody ? limb.beyondPersonsOfBody : limb.beyondPersons);
    return { ...finding, no: limb.no, ja: limb.ja, en: limb.en, applies: finding.answer, days: limb.finalDays };
  });
  const judged = {
    law: law === undefined ? null : { ja: law.ja, en: law.en, source: law.source, from: law.from },
    leak,
    exemption: exempt,
    limbs,
    persons,
    notes: notesOf(given, exempt, on),
  };
  const settled = (overall: Judgement["overall"], reasons: readonly Reason[], missing: readonly string[] = []): Judgement => ({
    ...judged,
    overall,
    reasons,
    missing: [...new Set(missing)],
  });
  if (law === undefined) {
    return settled("not-reportable", [reason("報告義務が始まる前(2022年3月以前)の事案です。", "It was known before the duty to report began.")]);
  }
  if (leak.answer === "no") {
    return settled("not-reportable", leak.reasons);
  }
  if (exempt.answer === "yes") {
    return settled("not-reportable", exempt.reasons);
  }
  const applying = limbs.filter((limb) => limb.applies === "yes");
  const released = releasedByNotice(given);
  if (released !== null) {
    return settled("not-reportable", [released]);
  }
  if (applying.length > 0 && leak.answer === "yes") {
    return settled(
      "reportable",
      applying.flatMap((limb) => limb.reasons),
    );
  }
  if (limbs.every((limb) => limb.applies === "no")) {
    return settled("not-reportable", [reason("規則7条のいずれの号にも当たりません。", "No limb of Rule 7 applies.")]);
  }
  const open = applying.length > 0 ? [leak] : [...(leak.answer === "unknown" ? [leak] : []), ...limbs.filter((limb) => limb.applies === "unknown")];
  return settled(
    "undetermined",
    open.flatMap((finding) => finding.reasons),
    open.flatMap((finding) => finding.missing),
  );
}

/**
 * 規則9条: a consignee that has told every consignor is released from reporting itself, and from telling the people (法26条1項ただし書,
 * 2項). Only where all of the data were entrusted, the ledger verifies, and each company was told of all of its people in time.
 */
function releasedByNotice({ consignors, scope }: JudgedFacts): Reason | null {
  if (consignors === undefined || consignors === null || scope === null || !scope.isVerified) return null;
  const { companies, told, own, isPrompt } = consignors;
  if (companies === 0 || told < companies || own > 0 || !isPrompt) return null;
  return reason(
    `委託元${companies}社のすべてに、対象者の全員について速やかに通知しました。委託先としての報告義務と本人通知義務を免れます(法26条1項ただし書・2項、規則9条)。`,
    "Every consignor was told promptly of all of its people: the consignee is released (APPI Art. 26(1) proviso, Rule 9).",
    { run: scope, isToBeChecked: true },
  );
}

function consignorNote({ consignors, scope }: JudgedFacts): Reason | null {
  if (consignors === undefined || consignors === null || consignors.companies === 0) return null;
  const { companies, told, own, isPrompt } = consignors;
  const left = companies - told;
  const ja = [
    `委託を受けた個人データが含まれます(委託元${companies}社)。`,
    left > 0
      ? `通知がまだの委託元が${left}社あります。すべてに速やかに(概ね3〜5日以内)通知すると、その分の報告義務を免れます(規則9条)。`
      : "委託元のすべてに通知しました。",
    told > 0 && !isPrompt ? "3〜5日を過ぎた通知があり、免れるとは言えません。" : "",
    own > 0 ? `委託によらない${own.toLocaleString("en-US")}人の分は、自社の報告義務が残ります。` : "",
  ].join("");
  return reason(ja, `Data entrusted by ${companies} companies are among it; ${told} were told (Rule 9), ${own} people are our own.`, {
    run: scope,
    isToBeChecked: true,
  });
}

function notesOf(given: JudgedFacts, exempt: Finding, on: Day): Reason[] {
  const notes: Reason[] = [];
  if (exempt.answer === "unknown") {
    notes.push(...exempt.reasons);
  }
  if (yesNo(given, "routing.myNumber") === "yes" || given.facts.get("routing.myNumber")?.certainty === "unknown") {
    notes.push(
      reason(
        "マイナンバーが含まれる(おそれを含む)ときは、番号法29条の4による別の様式で報告します。",
        "With My Number, another form under the My Number Act applies.",
        {
          facts: ["routing.myNumber"],
        },
      ),
    );
  }
  if (yesNo(given, "routing.delegated") === "yes") {
    notes.push(
      reason(
        "権限が委任された業種では、報告先は個人情報保護委員会ではなく事業所管大臣等です。",
        "In a delegated sector the report goes to the ministry, not to the PPC.",
        {
          facts: ["routing.delegated"],
          isToBeChecked: true,
        },
      ),
    );
  }
  if (yesNo(given, "routing.privacyMark") === "yes") {
    notes.push(
      reason("プライバシーマークの審査機関にも、概ね3〜5日以内に速報します。", "A preliminary report to the Privacy Mark body is due too, in 3 to 5 days.", {
        facts: ["routing.privacyMark"],
      }),
    );
  }
  const ofConsignors = consignorNote(given);
  if (ofConsignors !== null) {
    notes.push(ofConsignors);
  } else if (yesNo(given, "outline.consignor") === "yes") {
    notes.push(
      reason(
        "委託元に速やかに(概ね3〜5日以内)通知したときは、委託先としての報告義務を免れます(規則9条)。",
        "A consignee is released from reporting by notifying the consignor in 3 to 5 days (Rule 9).",
        { facts: ["outline.consignor"] },
      ),
    );
  }
  if (given.playbook === "ransomware" && on >= commonFormFrom) {
    notes.push(
      reason(
        "ランサムウェアの共通様式(別添様式2)で、警察などへ同時に報告できます(2025年10月1日から)。",
        "The common form for ransomware may be used (since 2025-10-01).",
      ),
    );
  }
  notes.push(reason("対象外の事案も、任意に報告できます。", "Incidents that need not be reported may be reported voluntarily."));
  return notes;
}
