import { restWithout, wordsOf } from "#server/core/door/index.ts";
import { guessesOf } from "./guess-password.ts";

/** NIST SP 800-63B-4 3.1.1.2 asks for 8 beside a second factor, which everybody has here; two more cost nobody anything. */
export const shortestPassword = 10;
/** What must be left beside the words that everybody knows of a person or a company. */
export const leastRest = 8;
/** About as many guesses (as a power of ten) as an attacker without the hashes will never get. */
const leastGuessesLog10 = 8;

export type Weakness = "too-short" | "guessable" | "own-words" | "date-or-phone" | "used-before";

const productWords = ["kuraban", "蔵番", "くらばん", "クラバン"];

/**
 * Dates as birth dates are written (1985-04-01, 19850401, 850401, 昭和60年4月1日, S60.4.1) and telephone numbers, by form: no
 * list of anybody's dates is needed.
 */
const datesAndPhones = [
  /(?:明治|大正|昭和|平成|令和|[mtshr])\.?\s?\d{1,2}[年./-]\d{1,2}[月./-]\d{1,2}日?/gu,
  /(?:19|20)\d{2}\s?[年./-]?\s?(?:1[0-2]|0?[1-9])\s?[月./-]?\s?(?:3[01]|[12]\d|0?[1-9])日?/gu,
  /(?:\+81|0)[\s-]?\d{1,4}[\s-]?\d{1,4}[\s-]?\d{3,4}/gu,
  /\d{2}(?:1[0-2]|0[1-9])(?:3[01]|[12]\d|0[1-9])/gu,
];

/**
 * What is wrong with a chosen password, or undefined. No rule about kinds of characters (NIST SP 800-63B-4 3.1.1.2). What
 * needs the person's own name or former passwords is asked apart.
 */
export function weaknessOf(password: string, organisation: string): Weakness | undefined {
  const plain = password.normalize("NFKC");
  if ([...plain].length < shortestPassword) return "too-short";
  const known = [...productWords, ...wordsOf(organisation)];
  if (restWithout(plain, known) < leastRest && restWithout(plain, known) < [...plain].length) return "own-words";
  const withoutDates = datesAndPhones.reduce((rest, form) => rest.replace(form, ""), plain.toLowerCase());
  if (withoutDates !== plain.toLowerCase() && [...withoutDates].length < leastRest) return "date-or-phone";
  if (guessesOf(plain) < leastGuessesLog10) return "guessable";
  return undefined;
}
