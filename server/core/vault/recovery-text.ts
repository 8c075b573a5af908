/** Bytes that a recovery key holds: 160 random bits. */
export const recoverySeedLength = 20;
const groups = 8;
const dataOfGroup = 4;
/** Base 32 after Douglas Crockford: no I, L, O, U. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** What is wrong with a recovery key. Groups are counted from 1. */
export type RecoveryKeyFault =
  | { readonly what: "length"; readonly characters: number; readonly expected: number }
  | { readonly what: "group-length"; readonly group: number }
  | { readonly what: "character"; readonly group: number }
  | { readonly what: "check"; readonly group: number }
  | { readonly what: "other-key" };

/** With sentences for the person who typed the key. Never holds the key itself. */
export class RecoveryKeyRejected extends Error {
  readonly fault: RecoveryKeyFault;
  readonly ja: string;
  readonly en: string;
  constructor(fault: RecoveryKeyFault) {
    const { ja, en } = sentencesOf(fault);
    super(en);
    this.name = "RecoveryKeyRejected";
    this.fault = fault;
    this.ja = ja;
    this.en = en;
  }
}

function sentencesOf(fault: RecoveryKeyFault): { ja: string; en: string } {
  switch (fault.what) {
    case "length":
      return {
        ja: `リカバリーキーは${fault.expected}文字です。入力は${fault.characters}文字でした。`,
        en: `A recovery key has ${fault.expected} characters; ${fault.characters} were typed.`,
      };
    case "group-length":
      return { ja: `${fault.group}番目の組は5文字です。文字数を確かめてください。`, en: `Group ${fault.group} must have 5 characters. Please check it.` };
    case "character":
      return {
        ja: `${fault.group}番目の組に使われない文字があります。`,
        en: `Group ${fault.group} has a character that recovery keys never use.`,
      };
    case "check":
      return { ja: `${fault.group}番目の組に打ち間違いがあります。`, en: `Group ${fault.group} is mistyped.` };
    case "other-key":
      return {
        ja: "このバックアップは別のリカバリーキーで封じられています。",
        en: "This backup is sealed under another recovery key.",
      };
  }
}

/** Eight groups of four characters and a check character, joined by hyphens. */
export function writeRecoveryText(seed: Buffer): string {
  if (seed.length !== recoverySeedLength) throw new Error("a recovery key has 20 bytes");
  let bits = BigInt(`0x${seed.toString("hex")}`);
  const values: number[] = [];
  for (let left = groups * dataOfGroup; left > 0; left--) {
    values.unshift(Number(bits & 31n));
    bits >>= 5n;
  }
  return Array.from({ length: groups }, (_, group) => {
    const data = values.slice(group * dataOfGroup, (group + 1) * dataOfGroup);
    return [...data, checkOf(data, group)].map((value) => alphabet[value]).join("");
  }).join("-");
}

/**
 * Reads what was typed: any case and width, with or without hyphens and spaces, O for 0, I and L for 1. Throws
 * RecoveryKeyRejected. One wrong character, two swapped neighbours and a swapped group are always found.
 */
export function readRecoveryText(text: string): Buffer {
  const typed = text.normalize("NFKC").toUpperCase().replaceAll("O", "0").replace(/[IL]/g, "1").trim();
  const size = dataOfGroup + 1;
  const parts = typed.split(/[\s\-‐‑–—−ー]+/).filter((part) => part !== "");
  const whole = parts.join("");
  if (parts.length === groups) {
    const wrong = parts.findIndex((part) => part.length !== size);
    if (wrong !== -1) throw new RecoveryKeyRejected({ what: "group-length", group: wrong + 1 });
  }
  if (whole.length !== groups * size) {
    throw new RecoveryKeyRejected({ what: "length", characters: whole.length, expected: groups * size });
  }
  let bits = 0n;
  for (let group = 0; group < groups; group++) {
    const values = Array.from(whole.slice(group * size, (group + 1) * size), (character) => alphabet.indexOf(character));
    if (values.includes(-1)) throw new RecoveryKeyRejected({ what: "character", group: group + 1 });
    const data = values.slice(0, dataOfGroup);
    if (checkOf(data, group) !== values[dataOfGroup]) throw new RecoveryKeyRejected({ what: "check", group: group + 1 });
    for (const value of data) bits = (bits << 5n) | BigInt(value);
  }
  return Buffer.from(bits.toString(16).padStart(recoverySeedLength * 2, "0"), "hex");
}

/** A weighted sum over GF(32) (x^5 + x^2 + 1) with weights x, x^2, x^3, x^4, and the group's number, which tells swapped groups apart. */
function checkOf(data: readonly number[], group: number): number {
  let sum = group;
  for (const [index, value] of data.entries()) {
    let product = value;
    for (let step = 0; step <= index; step++) product = product & 16 ? ((product << 1) ^ 0b10_0101) & 31 : product << 1;
    sum ^= product;
  }
  return sum;
}
