/*
 * Legal forms that people write, abbreviate or leave out. Written as they stand after the letters were unified
 * (katakana, large, no long vowel marks). ㈱ and ㍿ have become (株) and 株式会社 by NFKC.
 */
const words = [
  "特定非営利活動法人",
  "地方独立行政法人",
  "独立行政法人",
  "国立大学法人",
  "社会福祉法人",
  "一般社団法人",
  "公益社団法人",
  "一般財団法人",
  "公益財団法人",
  "医療法人社団",
  "医療法人財団",
  "社会医療法人",
  "医療法人",
  "学校法人",
  "宗教法人",
  "弁護士法人",
  "税理士法人",
  "司法書士法人",
  "行政書士法人",
  "社会保険労務士法人",
  "監査法人",
  "株式会社",
  "有限会社",
  "合同会社",
  "合名会社",
  "合資会社",
  "相互会社",
  "社団法人",
  "財団法人",
  "npo法人",
  "カブシキガイシヤ",
  "カブシキカイシヤ",
  "ユウゲンガイシヤ",
  "ゴウドウガイシヤ",
  "ゴウシガイシヤ",
  "ゴウメイガイシヤ",
];
const shortKanji = "株|有|名|資|合|同|社|財|一社|一財|公社|公財|医|医社|医財|学|福|宗|特非|特|独|弁|税|監|司|行";
/** The abbreviations of bank transfers: カ) in front, (カ behind, (カ) between. */
const shortKana = "カ|ユ|メ|シ|ド|イ|ザイ|シヤ|ガク|フク|シユウ|トクヒ|ドク";
const form = new RegExp(`${words.join("|")}|\\((?:${shortKanji}|${shortKana})\\)|^(?:${shortKana})\\)|\\((?:${shortKana})$`, "g");
const brackets = /[()[\]{}「」『』【】〔〕〈〉《》]/g;
const worthALook = /[()]|会社|法人|ガイシヤ|カイシヤ/;
const latinForm = /(?:[\s,.、]+(?:co\.?[\s,]*,?\s*ltd\.?|inc\.?|corp\.?|corporation|ltd\.?|llc\.?|k\.\s?k\.?|kk))+\s*$/;

/** Leaves out Latin forms at the end (Co., Ltd., Inc., K.K.), of lower-case text that still has its spaces. */
export function withoutLatinForm(value: string): string {
  return value.replace(latinForm, "");
}

/** Leaves out Japanese legal forms and all brackets; a value that is nothing else keeps its last one. */
export function withoutCompanyForm(value: string): string {
  if (!worthALook.test(value)) return value.replace(brackets, "");
  let rest = value;
  for (;;) {
    const shorter = withoutOneForm(rest);
    if (shorter !== rest) {
      rest = shorter;
      continue;
    }
    const bare = rest.replace(brackets, "");
    if (bare === rest) return rest;
    rest = bare;
  }
}

function withoutOneForm(value: string): string {
  for (const found of value.matchAll(form)) {
    const shorter = value.slice(0, found.index) + value.slice(found.index + found[0].length);
    if (shorter.replace(brackets, "") !== "") return shorter;
  }
  return value;
}

const office = /^.{0,12}(?:支店|支社|支局|支部|支所|営業所|出張所|事業所|事業部|工場|本店|本社|センタ|オフイス|店)$/u;

/** Whether a folded company name is that of an office of the company with the other folded name: 北斗電機大阪支店 of 北斗電機. */
export function branchOf(name: string, head: string): boolean {
  return [...head].length >= 2 && name.length > head.length && name.startsWith(head) && office.test(name.slice(head.length));
}

/** The names that the head of an office may have, by its folded name: every beginning that leaves an office behind. */
export function headsOf(name: string): string[] {
  if (!office.test([...name].slice(-8).join(""))) return [];
  const characters = [...name];
  const heads: string[] = [];
  for (let length = 2; length < characters.length; length++) {
    const head = characters.slice(0, length).join("");
    if (branchOf(name, head)) heads.push(head);
  }
  return heads;
}
