import type { PlaybookKey } from "#shared/incidents.ts";
import type { LimbProvision } from "./provisions.ts";
import { found, isConfirmed, itemsOf, personsOf, reason, valueOf, yesNo, type Finding, type JudgedFacts, type JudgedScope, type Reason } from "./read-facts.ts";

/** The fields that are classed sensitive in the product and are not 要配慮個人情報 (法2条3項): money matters. */
const sensitiveButNotSpecial: ReadonlySet<string> = new Set(["bankAccount"]);

/** 1号: 要配慮個人情報. */
export function specialCare(given: JudgedFacts): Finding {
  const key = "circumstances.sensitive";
  const stated = yesNo(given, key);
  if (stated !== "unknown") {
    return found(stated, [
      stated === "yes"
        ? reason("要配慮個人情報が含まれます。", "Special care-required information is among it.", { facts: [key] })
        : reason("要配慮個人情報は含まれません。", "No special care-required information is among it.", { facts: [key] }),
    ]);
  }
  const { scope } = given;
  if (scope === null) {
    return found(
      "unknown",
      [reason("要配慮個人情報が含まれるか分かっていません。", "Whether it holds special care-required information is not known.")],
      [key],
    );
  }
  const fields = scope.fields.filter((field) => field.isSensitive && !sensitiveButNotSpecial.has(field.field) && field.confirmed + field.possible > 0);
  if (fields.length > 0) {
    return found("yes", [
      reason(
        "機微に分類した項目が範囲に含まれます。要配慮個人情報に当たるか内容を確かめてください。",
        "Fields classed sensitive are in the scope; check whether they are special care-required.",
        { run: scope, isToBeChecked: true },
      ),
    ]);
  }
  if (!scope.isVerified) {
    return found("unknown", [unverified(scope)], [key]);
  }
  if (!scope.isEveryFieldKnown) {
    return found("unknown", [wholeRecords(scope)], [key]);
  }
  return found("no", [reason("機微に分類した項目は範囲に含まれません。", "No field classed sensitive is in the scope.", { run: scope, isToBeChecked: true })]);
}

/** The ledger was not verified yet, or does not verify: nobody is excluded by it. */
const unverified = (scope: JudgedScope): Reason =>
  scope.isPending
    ? reason("範囲の検証が終わっていません。", "The scope is not verified yet.", { run: scope })
    : reason("記録簿を検証できないため、範囲からは判断できません。", "The ledger does not verify: the scope does not tell.", { run: scope });

const wholeRecords = (scope: JudgedScope): Reason =>
  reason("ファイルや控え、機器ごと渡ったおそれがあり、項目を絞れていません。", "A file, a copy or a machine was in other hands: which items got out is open.", {
    run: scope,
  });

/** 2号: 財産的被害. Card data, and logins of a service with payment; not an address, a telephone, a mail address by themselves. */
export function financialHarm(given: JudgedFacts): Finding {
  const key = "circumstances.financialHarm";
  const stated = yesNo(given, key);
  if (stated !== "unknown") {
    return found(stated, [
      stated === "yes"
        ? reason("不正利用により財産的被害が生じるおそれがあるとされています。", "Stated: misuse may cause financial damage.", { facts: [key] })
        : reason("財産的被害が生じるおそれはないとされています。", "Stated: no risk of financial damage.", { facts: [key] }),
    ]);
  }
  if (yesNo(given, "circumstances.paymentLogin") === "yes") {
    return found("yes", [
      reason("決済機能のあるサービスのIDとパスワードが含まれます。", "Logins of a service with payment are among it.", {
        facts: ["circumstances.paymentLogin"],
        isToBeChecked: true,
      }),
    ]);
  }
  const known = itemsOf(given);
  if (known === null) {
    return found("unknown", [reason("個人データの項目が分かっていません。", "The items of data are not known.")], ["items.fields"]);
  }
  const on = known.isDerived ? { run: given.scope } : { facts: ["items.fields"] };
  if (known.items.includes("card")) {
    return found("yes", [reason("クレジットカード情報が含まれます。", "Card data are among it.", { ...on, isToBeChecked: true })]);
  }
  if (known.items.includes("password") && yesNo(given, "circumstances.paymentLogin") === "unknown") {
    return found(
      "unknown",
      [reason("パスワードが決済のできるサービスのものか分かっていません。", "It is not known whether the passwords belong to a service with payment.", on)],
      ["circumstances.paymentLogin"],
    );
  }
  if (known.isDerived && given.scope?.isEveryFieldKnown === false) {
    return found("unknown", [wholeRecords(given.scope)], ["items.fields"]);
  }
  if (known.isDerived && given.scope?.isVerified === false) {
    return found("unknown", [unverified(given.scope)], ["items.fields"]);
  }
  return found("no", [
    reason(
      "カード情報や決済用のパスワードは含まれません(住所・電話・メール・口座番号だけでは当たりません)。",
      "Neither card data nor logins with payment are among it.",
      {
        ...on,
        isToBeChecked: true,
      },
    ),
  ]);
}

const wrongfulCauses: Readonly<Record<string, boolean>> = {
  "unauthorised-access": true,
  theft: true,
  staff: true,
  misdelivery: false,
  missending: false,
  misdisposal: false,
  loss: false,
};
/** What the opening of the case says before the cause is known; a loss may be a theft, of a contractor nothing is known. */
const wrongfulPlaybooks: Readonly<Record<PlaybookKey, boolean | null>> = {
  malware: true,
  "unauthorised-access": true,
  misdirected: false,
  "web-exposure": false,
  "loss-theft": null,
  insider: true,
  contractor: null,
  ransomware: true,
};

/** 3号: 不正の目的をもって行われたおそれがある行為. */
export function wrongfulPurpose(given: JudgedFacts, limb: LimbProvision): Finding {
  const key = "circumstances.wrongfulPurpose";
  const stated = yesNo(given, key);
  if (stated !== "unknown") {
    return found(stated, [
      stated === "yes"
        ? reason("不正の目的をもって行われたおそれがあるとされています。", "Stated: it may have been done with a wrongful purpose.", { facts: [key] })
        : reason("不正の目的によるものではないとされています。", "Stated: not done with a wrongful purpose.", { facts: [key] }),
    ]);
  }
  if (yesNo(given, "circumstances.takenOnEntry") === "yes" && limb.coversAcquisition) {
    return found("yes", [
      reason(
        "取得しようとしている個人情報が直接盗み取られたおそれがあり、これも対象です(2024年4月1日から)。",
        "Data being acquired may have been taken: covered since 2024-04-01.",
        { facts: ["circumstances.takenOnEntry"] },
      ),
    ]);
  }
  const cause = valueOf(given, "cause.kind");
  const byPlaybook = wrongfulPlaybooks[given.playbook];
  const isWrongful = cause === null ? byPlaybook : wrongfulCauses[cause];
  const on = cause === null ? {} : { facts: ["cause.kind"] };
  if (cause !== null && isWrongful === false && byPlaybook === true && !isConfirmed(given, "cause.kind", cause)) {
    return found("unknown", [reason("過失と推定されていますが、確定していません。", "A mistake is assumed, and not confirmed.", on)], ["cause.kind"]);
  }
  if (isWrongful === true) {
    return found("yes", [
      reason(
        cause === null ? "事案の種類から、不正の目的による行為のおそれがあります。" : "原因から、不正の目的による行為のおそれがあります。",
        "Its cause points to a wrongful purpose.",
        { ...on, isToBeChecked: true },
      ),
    ]);
  }
  if (isWrongful === false) {
    return found("no", [
      reason(
        cause === null ? "事案の種類から、不正の目的による行為ではないと見られます。" : "原因は過失によるものとされています。",
        "Its cause is a mistake, not a wrongful purpose.",
        { ...on, isToBeChecked: true },
      ),
    ]);
  }
  return found(
    "unknown",
    [reason("不正の目的によるものか分かっていません。", "Whether it was done with a wrongful purpose is not known.", on)],
    [cause === null ? "cause.kind" : key],
  );
}

/** 4号: how many people. Where the number is not known it is enough that it may be more. */
export function manyPersons(given: JudgedFacts, beyond: number): Finding {
  const persons = personsOf(given);
  const count = (no: number): string => no.toLocaleString("en-US");
  const on = persons?.from === "scope" ? { run: given.scope } : { facts: ["persons.total"] };
  const mayExceed = yesNo(given, "circumstances.mayExceedThousand");
  if (persons !== null && persons.atLeast > beyond) {
    return found("yes", [
      reason(`本人の数は${count(persons.atLeast)}人で、${count(beyond)}人を超えます。`, `${count(persons.atLeast)} people: more than ${count(beyond)}.`, on),
    ]);
  }
  if (persons !== null && persons.atMost > beyond) {
    return found("yes", [
      reason(
        `可能性のある人を含めると最大${count(persons.atMost)}人で、${count(beyond)}人を超えるおそれがあります。`,
        `Up to ${count(persons.atMost)} people with those possibly concerned: may be more than ${count(beyond)}.`,
        { ...on, isToBeChecked: true },
      ),
    ]);
  }
  const { scope } = given;
  const stated = persons?.from === "fact" ? persons : null;
  const inLedger = scope === null ? 0 : stated?.isFinal === true ? scope.confirmed : scope.confirmed + scope.possible;
  if (stated !== null && scope !== null && inLedger > beyond) {
    return found("yes", [
      reason(
        `入力された人数は${count(stated.atMost)}人ですが、範囲の調べでは${count(inLedger)}人で、${count(beyond)}人を超えます。どちらかを直してください。`,
        `${count(stated.atMost)} people are stated, yet the scope finds ${count(inLedger)}: more than ${count(beyond)}.`,
        { facts: ["persons.total"], run: scope, isToBeChecked: true },
      ),
    ]);
  }
  if (mayExceed === "yes") {
    return found("yes", [
      reason(`本人の数が${count(beyond)}人を超えるおそれがあるとされています。`, `Stated: may be more than ${count(beyond)} people.`, {
        facts: ["circumstances.mayExceedThousand"],
        isToBeChecked: true,
      }),
    ]);
  }
  if (persons === null) {
    return mayExceed === "no"
      ? found("no", [
          reason(`${count(beyond)}人を超えるおそれはないとされています。`, `Stated: not more than ${count(beyond)}.`, {
            facts: ["circumstances.mayExceedThousand"],
          }),
        ])
      : found("unknown", [reason("本人の数が分かっていません。", "The number of people is not known.")], ["persons.total"]);
  }
  if (persons.from === "scope" && given.scope?.isVerified === false) {
    return found("unknown", [unverified(given.scope)], ["persons.total"]);
  }
  return found("no", [
    reason(
      `本人の数は${count(persons.atMost)}人${persons.isFinal ? "" : "(推定)"}で、${count(beyond)}人以下です。超えたときはその時点で対象になります。`,
      `${count(persons.atMost)} people: not more than ${count(beyond)}. Reportable from the moment it passes that.`,
      on,
    ),
  ]);
}
