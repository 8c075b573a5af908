import type { PdfContent } from "#server/platform/files/index.ts";
import type { SeenStatement } from "#shared/ledger-export.ts";

export const smallWords = { fontSize: 8.5, color: "#444444" } as const;
const momentFormat = new Intl.DateTimeFormat("ja-JP", { timeZone: "Asia/Tokyo", dateStyle: "medium", timeStyle: "short" });

export function momentInWords(iso: string): string {
  return momentFormat.format(new Date(iso));
}

/** The end of a letter that states something: how whoever gets it checks it, and what proves it. */
export function verifyingWords(built: Pick<SeenStatement, "origin" | "treeSize" | "verifyWith">, whatHolds: string): PdfContent[] {
  return [
    { text: "確かめ方", bold: true },
    {
      text: `この記録は、あとから書き換えると分かる形で保存されています。同じ内容の証明ファイル(JSON)と検証プログラム(kuraban-verify.mjs、Node.js だけで動きます)で、${whatHolds}`,
      ...smallWords,
    },
    { text: "node kuraban-verify.mjs --statement 証明ファイル --key 鍵", margin: [0, 4, 0, 4], ...smallWords },
    { text: `検証プログラムの SHA-256: ${built.verifyWith.sha256}`, ...smallWords },
    ...built.verifyWith.keys.map((key) => ({ text: `記録簿の鍵: ${key}`, ...smallWords })),
    { text: `検印: ${built.origin} ${built.treeSize}`, margin: [0, 6, 0, 0], ...smallWords },
  ];
}
