import type { Cause, CauseAnswer, CauseAsked } from "#server/core/door/index.ts";

/**
 * A copy of the data that left. Everything of a person in it is sealed; what matters is where the keys were. Apart: ciphertext alone
 * is out, and nobody is exposed by it (what the blind index gives away is stated in decisions/0007). The time is the end of what is
 * asked: the copy held whoever existed then.
 */
function copyThatLeft({ keys, to, asOf }: CauseAsked): CauseAnswer {
  if (keys === "apart") return { released: [], shut: "ciphertext-only" };
  return { released: [], everybody: { way: "copy", at: to === undefined || to > asOf.at ? asOf.at : to } };
}

export const causes: readonly Cause[] = [
  { kind: "backup", ja: "控え(バックアップ)", en: "Backup", takes: "none", asksForKeys: true, resolve: copyThatLeft },
  { kind: "database", ja: "データベースの写し", en: "Copy of the database", takes: "none", asksForKeys: true, resolve: copyThatLeft },
  {
    kind: "machine",
    ja: "サーバー機・鍵",
    en: "The server or its keys in other hands",
    takes: "none",
    resolve: ({ to, asOf }) => ({ released: [], everybody: { way: "machine", at: to === undefined || to > asOf.at ? asOf.at : to } }),
  },
];
