import type { FieldChoice, FieldType } from "./fields.ts";
import { readDate } from "./read-date.ts";

/** Why a typed value cannot be kept. Each has its sentence in the web's words and in the import's. */
export const valueProblems = ["bad-number", "bad-date", "bad-choice", "bad-url", "bad-mail", "bad-phone", "too-long"] as const;
export type ValueProblem = (typeof valueProblems)[number];

export type ReadValue = { readonly value: string } | { readonly problem: ValueProblem };

/** What stands between several answers of a multi-choice; no answer's key holds it. */
export const choiceMark = "、";

const longest: Readonly<Partial<Record<FieldType, number>>> = { notes: 4000, url: 2000, address: 500, mail: 254, multi: 4000 };

/**
 * A value of an own field as it was typed, in the form in which it is kept: numbers in plain digits (`-1234.5`), dates as ISO
 * 8601, answers by their keys, yes and no as はい and いいえ. Pure and idempotent; "" for what is empty.
 */
export function readValue(field: { readonly type: FieldType; readonly choices: readonly FieldChoice[] }, typed: string): ReadValue {
  const text = typed.trim();
  const most = longest[field.type] ?? 200;
  if (text.length > most) return { problem: "too-long" };
  const read: ReadValue = text === "" ? { value: "" } : readText(field, text);
  // What was folded may have grown.
  return "value" in read && read.value.length > most ? { problem: "too-long" } : read;
}

/** Full-width and half-width are alike; what folding leaves at the edges goes. */
const foldWidth = (text: string): string => text.normalize("NFKC").replace(/\s+/g, " ").trim();

function readText({ type, choices }: { readonly type: FieldType; readonly choices: readonly FieldChoice[] }, text: string): ReadValue {
  switch (type) {
    case "number":
      return readNumber(text);
    case "date": {
      const date = readDate(text);
      return date === undefined ? { problem: "bad-date" } : { value: date };
    }
    case "choice": {
      const key = keyOfChoice(choices, text);
      return key === undefined ? { problem: "bad-choice" } : { value: key };
    }
    case "multi":
      return readChoices(choices, text);
    case "flag":
      return readFlag(text);
    case "url":
      return readUrl(text);
    case "mail": {
      const value = foldWidth(text);
      return /^[^\s@]{1,64}@[^\s@.]+(?:\.[^\s@.]+)+$/u.test(value) ? { value } : { problem: "bad-mail" };
    }
    case "phone": {
      const value = foldWidth(text);
      const isPhone = /^\+?[0-9()\-‐‑–—−ー.\s]+(?:内線|ext\.?|x)?\s*[0-9]*$/iu.test(value) && /(?:\D*\d){6}/.test(value);
      return isPhone ? { value } : { problem: "bad-phone" };
    }
    case "kana":
      return { value: foldWidth(foldWidth(text).replace(/[\u3041-\u3096\u309d\u309e]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) + 0x60))) };
    case "code":
      return { value: foldWidth(text) };
    case "notes":
      return { value: text };
    default:
      return { value: text.replace(/\s*\n\s*/g, " ") };
  }
}

/** Thousands may be parted by commas; a currency sign or 円 goes. Fifteen digits are kept exactly. */
function readNumber(text: string): ReadValue {
  const folded = text
    .normalize("NFKC")
    .replace(/[‐‑‒–—―−ー△▲]/g, "-")
    .replace(/^([-+]?)\s*[¥\\$€]\s*/, "$1")
    .replace(/\s*(?:円|個|名|人|件|%)$/, "")
    .trim();
  const plain = /^[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(folded) ? folded.replaceAll(",", "") : folded;
  const found = /^([-+]?)0*(\d+)(?:\.(\d*?)0*)?$/.exec(plain);
  if (found === null) return { problem: "bad-number" };
  const [, sign = "", whole = "", part = ""] = found;
  if (whole.length + part.length > 15) return { problem: "bad-number" };
  const value = part === "" ? whole : `${whole}.${part}`;
  return { value: sign === "-" && /[1-9]/.test(value) ? `-${value}` : value };
}

const foldChoice = (text: string): string => text.normalize("NFKC").replace(/\s+/g, "").toLowerCase();

function keyOfChoice(choices: readonly FieldChoice[], text: string): string | undefined {
  const folded = foldChoice(text);
  const spellings = [(one: FieldChoice) => one.key, (one: FieldChoice) => one.ja, (one: FieldChoice) => one.en];
  for (const spelling of spellings) {
    const found = choices.find((one) => foldChoice(spelling(one)) === folded);
    if (found !== undefined) return found.key;
  }
  return undefined;
}

/** In the order of the choices, each once. */
function readChoices(choices: readonly FieldChoice[], text: string): ReadValue {
  const chosen = new Set<string>();
  for (const part of text.split(/[、,;；\n]/)) {
    if (part.trim() === "") continue;
    const key = keyOfChoice(choices, part);
    if (key === undefined) return { problem: "bad-choice" };
    chosen.add(key);
  }
  const inOrder = choices.filter((one) => chosen.has(one.key)).map((one) => one.key);
  return { value: inOrder.join(choiceMark) };
}

export const yes = "はい";
export const no = "いいえ";

function readFlag(text: string): ReadValue {
  const folded = foldChoice(text);
  if (/^(?:はい|有|あり|○|〇|◯|レ|済|希望する|yes|y|true|1|on)$/.test(folded)) return { value: yes };
  if (/^(?:いいえ|無|なし|×|x|未|希望しない|no|n|false|0|off)$/.test(folded)) return { value: no };
  return { problem: "bad-choice" };
}

/** http and https alone: nothing that a click would run. */
function readUrl(text: string): ReadValue {
  const written = /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(written)) return { problem: "bad-url" };
  const url = new URL(written);
  const isWeb = (url.protocol === "https:" || url.protocol === "http:") && url.hostname.includes(".") && url.username === "" && url.password === "";
  return isWeb ? { value: url.href } : { problem: "bad-url" };
}

/** The answers that a value holds, by key. */
export function choicesIn(value: string): readonly string[] {
  return value.split(choiceMark).filter((key) => key !== "");
}

/** A value as it is read in a language: answers by their labels, all else as it is kept. */
export function spellValue(field: { readonly type: FieldType; readonly choices: readonly FieldChoice[] }, value: string, language: "ja" | "en"): string {
  if (field.type === "flag") return language === "en" ? (value === yes ? "Yes" : value === no ? "No" : value) : value;
  if (field.type !== "choice" && field.type !== "multi") return value;
  const labelOf = (key: string): string => field.choices.find((one) => one.key === key)?.[language] ?? key;
  return field.type === "multi"
    ? choicesIn(value)
        .map(labelOf)
        .join(language === "ja" ? choiceMark : ", ")
    : labelOf(value);
}

/** The key of an answer by its first Japanese label. */
export function keyForChoice(ja: string): string {
  return ja.replace(/[、,;；\n]/g, "・");
}
