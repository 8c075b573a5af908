import { found, isConfirmed, personsOf, reason, valueOf, type Finding, type JudgedFacts } from "./read-facts.ts";

/**
 * Whether there is a 漏えい等, or a risk of it (漏えい・滅失・毀損, 通則編 3-5-1). It is none where all of it was recovered unread, or where
 * the logs prove that nobody viewed it; only what is confirmed proves that.
 */
export function isLeak(given: JudgedFacts): Finding {
  const { scope } = given;
  if (isConfirmed(given, "circumstances.pseudonymised", "yes")) {
    return found("no", [
      reason("仮名加工情報であり、報告の対象ではありません。", "Pseudonymised data are exempt.", { facts: ["circumstances.pseudonymised"] }),
    ]);
  }
  const parts = [leaked(given), lost(given, "outline.loss", "滅失", "Loss"), lost(given, "outline.damage", "毀損", "Damage")];
  const answer = parts.some((part) => part.answer === "yes") ? "yes" : parts.some((part) => part.answer === "unknown") ? "unknown" : "no";
  const telling = parts.filter((part) => part.answer === answer);
  const reasons = telling.flatMap((part) => part.reasons);
  const persons = personsOf(given);
  const isCertain = ["outline.leak", "outline.loss", "outline.damage"].some((key) => valueOf(given, key) === "certain");
  const isNobody = persons?.from === "fact" && persons.isFinal && persons.atMost === 0 && (scope === null || scope.confirmed + scope.possible === 0);
  if (answer === "yes" && isNobody && !isCertain) {
    return found("no", [reason("対象となる本人がいないことを確認しています。", "It is confirmed that nobody is concerned.", { facts: ["persons.total"] })]);
  }
  return found(answer, reasons, answer === "unknown" ? telling.flatMap((part) => part.missing) : []);
}

function leaked(given: JudgedFacts): Finding {
  const { scope } = given;
  const stated = valueOf(given, "outline.leak");
  if (isConfirmed(given, "outline.leak", "none")) {
    const isContradicted = scope !== null && scope.confirmed > 0;
    return found("no", [
      reason(
        `漏えいはないとされています。${isContradicted ? `ただし、範囲の調べでは情報が出た人が${count(scope.confirmed)}人います。` : ""}`,
        isContradicted ? `Stated: no leak; yet the scope finds ${count(scope.confirmed)} people.` : "Stated: no leak.",
        { facts: ["outline.leak"], run: isContradicted ? scope : null, isToBeChecked: isContradicted },
      ),
    ]);
  }
  if (isConfirmed(given, "circumstances.recoveredUnread", "yes")) {
    return found("no", [
      reason(
        "第三者に閲覧されないうちにすべて回収しており、漏えいに当たりません(通則編3-5-1)。",
        "All of it was recovered before anybody viewed it: no leak.",
        { facts: ["circumstances.recoveredUnread"] },
      ),
    ]);
  }
  // A record that shows what was seen proves nothing of the kind.
  if (isConfirmed(given, "circumstances.nobodyViewed", "yes") && (scope?.released ?? 0) === 0) {
    return found("no", [
      reason("閲覧の記録により、第三者が閲覧していないことを確認しており、漏えいに当たりません(Q&A 6-1)。", "The logs show that nobody viewed it: no leak.", {
        facts: ["circumstances.nobodyViewed"],
      }),
    ]);
  }
  const isEmpty = scope !== null && scope.isVerified && scope.confirmed === 0 && scope.possible === 0;
  if (isEmpty && scope.foundByLedger === 0 && stated !== "certain") {
    return found("no", [
      reason(
        "記録簿を検証し、指定した原因から情報が出た人はいません(範囲: 確認0人・可能性0人)。原因の指定に漏れがないか確かめてください。",
        "The ledger verifies and shows nobody of whom anything got out by the causes stated; check that none is left out.",
        { run: scope, isToBeChecked: true },
      ),
    ]);
  }
  if (stated === "certain" || stated === "possible") {
    const isCertain = stated === "certain";
    return found("yes", [
      reason(isCertain ? "漏えいが確定しています。" : "漏えいのおそれがあります。", isCertain ? "A leak is certain." : "A leak is possible.", {
        facts: ["outline.leak"],
      }),
    ]);
  }
  if (scope !== null && scope.confirmed + scope.possible > 0) {
    return found("yes", [
      reason(
        `範囲の調べで、情報が出た人(確認)${count(scope.confirmed)}人、可能性のある人${count(scope.possible)}人が見つかりました。`,
        `The scope finds ${count(scope.confirmed)} people confirmed and ${count(scope.possible)} possible.`,
        { run: scope },
      ),
    ]);
  }
  if (isEmpty && scope.foundByLedger > 0) {
    return found(
      "unknown",
      [
        reason(
          `記録簿では${count(scope.foundByLedger)}人が見つかり、全員が手で「除外」に移されています。漏えいの有無を事実として確定してください。`,
          `The ledger finds ${count(scope.foundByLedger)} people, all of them moved by hand: state whether there was a leak.`,
          { run: scope },
        ),
      ],
      ["outline.leak"],
    );
  }
  return found("unknown", [reason("漏えいがあったか分かっていません。", "It is not known whether there was a leak.")], ["outline.leak"]);
}

function lost(given: JudgedFacts, key: "outline.loss" | "outline.damage", ja: string, en: string): Finding {
  const stated = valueOf(given, key);
  const isRansomware = key === "outline.damage" && given.playbook === "ransomware" && stated === null;
  if (isConfirmed(given, "circumstances.copyKept", "yes") && (stated !== null || isRansomware)) {
    return found("no", [
      reason(`同じ内容を別に保管しており、${ja}に当たりません。`, `The same data are kept elsewhere: no ${en.toLowerCase()}.`, {
        facts: ["circumstances.copyKept"],
        isToBeChecked: true,
      }),
    ]);
  }
  if (stated === "certain" || stated === "possible") {
    return found("yes", [reason(`${ja}${stated === "certain" ? "が確定しています" : "のおそれがあります"}。`, `${en} is ${stated}.`, { facts: [key] })]);
  }
  if (isRansomware) {
    return found(
      "unknown",
      [reason("データを復元できるか分かっていません。", "It is not known whether the data can be restored.", { isToBeChecked: true })],
      ["outline.damage", "circumstances.copyKept"],
    );
  }
  return found("no", []);
}

function count(no: number): string {
  return no.toLocaleString("en-US");
}
