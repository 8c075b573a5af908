const digraphs: Record<string, string> = {
  キャ: "kya",
  キュ: "kyu",
  キョ: "kyo",
  シャ: "sha",
  シュ: "shu",
  ショ: "sho",
  シェ: "she",
  チャ: "cha",
  チュ: "chu",
  チョ: "cho",
  チェ: "che",
  ニャ: "nya",
  ニュ: "nyu",
  ニョ: "nyo",
  ヒャ: "hya",
  ヒュ: "hyu",
  ヒョ: "hyo",
  ミャ: "mya",
  ミュ: "myu",
  ミョ: "myo",
  リャ: "rya",
  リュ: "ryu",
  リョ: "ryo",
  ギャ: "gya",
  ギュ: "gyu",
  ギョ: "gyo",
  ジャ: "ja",
  ジュ: "ju",
  ジョ: "jo",
  ジェ: "je",
  ビャ: "bya",
  ビュ: "byu",
  ビョ: "byo",
  ピャ: "pya",
  ピュ: "pyu",
  ピョ: "pyo",
  ファ: "fa",
  フィ: "fi",
  フェ: "fe",
  フォ: "fo",
  ティ: "ti",
  ディ: "di",
  ウィ: "wi",
  ウェ: "we",
  ウォ: "wo",
  ヴァ: "va",
  ヴィ: "vi",
  ヴェ: "ve",
  ヴォ: "vo",
};
const rows: readonly (readonly [string, readonly string[]])[] = [
  ["アイウエオ", ["a", "i", "u", "e", "o"]],
  ["カキクケコ", ["ka", "ki", "ku", "ke", "ko"]],
  ["サシスセソ", ["sa", "shi", "su", "se", "so"]],
  ["タチツテト", ["ta", "chi", "tsu", "te", "to"]],
  ["ナニヌネノ", ["na", "ni", "nu", "ne", "no"]],
  ["ハヒフヘホ", ["ha", "hi", "fu", "he", "ho"]],
  ["マミムメモ", ["ma", "mi", "mu", "me", "mo"]],
  ["ヤユヨ", ["ya", "yu", "yo"]],
  ["ラリルレロ", ["ra", "ri", "ru", "re", "ro"]],
  ["ワヲンヴ", ["wa", "o", "n", "vu"]],
  ["ガギグゲゴ", ["ga", "gi", "gu", "ge", "go"]],
  ["ザジズゼゾ", ["za", "ji", "zu", "ze", "zo"]],
  ["ダヂヅデド", ["da", "ji", "zu", "de", "do"]],
  ["バビブベボ", ["ba", "bi", "bu", "be", "bo"]],
  ["パピプペポ", ["pa", "pi", "pu", "pe", "po"]],
];
const single = new Map(rows.flatMap(([kana, latin]) => [...kana].map((one, index) => [one, latin[index] ?? ""] as const)));

/** Katakana as people write it in a mail address: Hepburn without long vowels (タカハシ takahashi, オオタ ota, ユウコ yuko). */
export function romanise(kana: string): string {
  let latin = "";
  let doubles = false;
  for (let index = 0; index < kana.length; index += 1) {
    const two = digraphs[kana.slice(index, index + 2)];
    const letter = kana[index]!;
    if (letter === "ッ") {
      doubles = true;
      continue;
    }
    let part = two ?? single.get(letter) ?? "";
    if (two !== undefined) index += 1;
    if (doubles) part = part.startsWith("ch") ? `t${part}` : `${part[0] ?? ""}${part}`;
    doubles = false;
    latin += part;
  }
  return latin.replaceAll("ou", "o").replaceAll("oo", "o").replaceAll("uu", "u");
}
