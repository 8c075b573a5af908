import { found, isConfirmed, reason, yesNo, type Finding, type JudgedFacts } from "./read-facts.ts";

/** What must be shown for the exemption of enciphered data, all of it, and the three ways of guarding the key, one of which is enough. */
export const exemptionConditions = {
  every: [
    { key: "encryption.coversAll", ja: "漏えいした個人データのすべてに措置が講じられていた" },
    { key: "encryption.onList", ja: "電子政府推奨暗号リスト又はISO/IEC 18033の暗号技術が適切に実装されていた" },
    { key: "encryption.keyUntouched", ja: "期間中、復号鍵の不審な使用がない" },
  ],
  one: [
    { key: "encryption.keyApart", ja: "復号鍵を分離し、鍵自体の漏えいを防止する措置を講じていた", isToBeChecked: false },
    { key: "encryption.remoteErasure", ja: "遠隔操作により暗号化された情報又は復号鍵を削除する機能を備えていた", isToBeChecked: false },
    { key: "encryption.keyUnusable", ja: "第三者が復号鍵を行使できないように設計されていた", isToBeChecked: true },
  ],
} as const;

/**
 * Whether the data are exempt as 高度な暗号化その他の個人の権利利益を保護するために必要な措置を講じたもの (規則7条1号かっこ書き; it runs through all limbs).
 * Whoever claims it shows it: what is not confirmed leaves the duty to report as it is.
 */
export function exemption(given: JudgedFacts): Finding {
  if (yesNo(given, "encryption.applied") !== "yes") {
    return found("no", [reason("暗号化等による適用除外は主張されていません。", "No exemption by encryption is claimed.", { facts: ["encryption.applied"] })]);
  }
  const { scope } = given;
  if (scope !== null && scope.released > 0) {
    return found("no", [
      reason(
        `記録簿では、値がそのまま表示・出力された人が${scope.released.toLocaleString("en-US")}人います。平文で出た情報に適用除外はありません。`,
        `The ledger shows that values of ${scope.released.toLocaleString("en-US")} people were released in plain: those are not exempt.`,
        { run: scope },
      ),
    ]);
  }
  const ways = exemptionConditions.one;
  const refuted = exemptionConditions.every.filter(({ key }) => yesNo(given, key) === "no");
  if (refuted.length > 0 || ways.every(({ key }) => yesNo(given, key) === "no")) {
    return found("no", [
      ...refuted.map(({ key, ja }) => reason(`次の要件を満たしません: ${ja}。`, "A condition of the exemption does not hold.", { facts: [key] })),
      ...(refuted.length > 0
        ? []
        : [
            reason("復号鍵を守る措置が①〜③のいずれもありません。", "None of the three ways of guarding the key is there.", {
              facts: ways.map((way) => way.key),
            }),
          ]),
    ]);
  }
  const unshown = exemptionConditions.every.map(({ key }) => key as string).filter((key) => !isConfirmed(given, key, "yes"));
  const way = ways.find(({ key }) => isConfirmed(given, key, "yes"));
  if (unshown.length === 0 && way !== undefined) {
    return found("yes", [
      reason(
        `高度な暗号化等の措置が講じられており、報告と本人への通知は不要です(${way.ja})。`,
        "High-grade encryption was applied and the key was guarded: neither report nor notice is needed.",
        { facts: [...exemptionConditions.every.map(({ key }) => key), way.key], isToBeChecked: way.isToBeChecked },
      ),
    ]);
  }
  return found(
    "unknown",
    [
      reason("暗号化による適用除外は、要件をすべて示せるまで適用しません。", "The exemption is not applied before all conditions are shown.", {
        facts: ["encryption.applied"],
      }),
    ],
    [...unshown, ...(way === undefined ? ways.map(({ key }) => key) : [])],
  );
}
