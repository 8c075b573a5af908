import { fold } from "#server/core/vault/index.ts";
import type { ListedReason } from "#shared/incident-match.ts";

/** What somebody wrote down of a person, or what a record says of one, folded for comparing within the process: never to be stored or sent. */
export interface Listed {
  readonly name: string;
  readonly kana: string;
  readonly mail: string;
  readonly phones: readonly string[];
  readonly member: string;
  readonly company: string;
  readonly address: string;
  readonly birthDate: string;
}

type Values = Readonly<Partial<Record<string, string>>>;

export function readListed(values: Values): Listed {
  const folded = (key: string, type: Parameters<typeof fold>[0]): string => {
    const value = values[key];
    return value === undefined ? "" : fold(type, value);
  };
  const name = folded("fullName", "name");
  const kana = folded("kana", "kana");
  return {
    name,
    // A name that was written by its sound is compared by it.
    kana: kana === "" && /^[ァ-ヺヽヾー]+$/u.test(name) ? name : kana,
    mail: folded("mail", "mail"),
    phones: [folded("phone", "phone"), folded("mobile", "phone")].filter((phone, at, all) => phone !== "" && all.indexOf(phone) === at),
    member: folded("memberNumber", "code"),
    company: folded("companyName", "name"),
    address: folded("address", "address"),
    birthDate: folded("birthDate", "date"),
  };
}

export interface Likeness {
  readonly score: number;
  readonly reasons: readonly ListedReason[];
  /** Another name: whatever else agrees, it may be somebody of the same household. */
  readonly isOtherName: boolean;
}

/** From so much on somebody is meant for sure, where nobody else comes near. */
export const sureFrom = 5;
/** By so much the next one must be behind. */
export const lead = 2;
/** Less is not worth a question, unless a number or an address of a mail is the same. */
export const askFrom = 3;

/** How much speaks for it that a record is who was written down: signs that agree, misspelt ones at about half, less what contradicts. Pure. */
export function compareListed(listed: Listed, known: Listed): Likeness {
  const reasons: ListedReason[] = [];
  let score = 0;
  const weigh = (closeness: Closeness, sign: Sign): void => {
    if (closeness === "unknown") return;
    score += weights[sign][closeness];
    if (closeness !== "other") reasons.push(`${closeness}-${sign}`);
    else if (sign === "name" || sign === "birth-date") reasons.push(`other-${sign}`);
  };
  const byName = nearness(listed.name, known.name, nameSlips);
  const bySound = nearness(listed.kana, known.kana, kanaSlips);
  // A name and its reading are one sign, and the better of the two counts: either may be misspelt.
  const named = byName === "same" || bySound === "same" ? "same" : byName === "near" || bySound === "near" ? "near" : byName === "unknown" ? bySound : byName;
  const isDoubtful = named === "same" && byName === "other" && bySound === "same";
  weigh(isDoubtful ? "near" : named, "name");
  weigh(
    nearness(listed.mail, known.mail, (length) => (length >= 12 ? 2 : 1)),
    "mail",
  );
  weigh(nearestPhone(listed.phones, known.phones), "phone");
  weigh(
    nearness(listed.member, known.member, (length) => (length >= 6 ? 1 : 0)),
    "member-number",
  );
  weigh(addressNearness(listed.address, known.address), "address");
  weigh(companyNearness(listed.company, known.company), "company");
  weigh(
    nearness(listed.birthDate, known.birthDate, () => 1),
    "birth-date",
  );
  return { score, reasons, isOtherName: named === "other" };
}

/** Whether two records say the same of themselves: then both are meant. */
export function isOnePerson(a: Listed, b: Listed): boolean {
  const isNamed = a.name !== "" && a.name === b.name;
  return (
    isNamed && ((a.mail !== "" && a.mail === b.mail) || a.phones.some((phone) => b.phones.includes(phone)) || (a.address !== "" && a.address === b.address))
  );
}

type Closeness = "same" | "near" | "other" | "unknown";
type Sign = "name" | "mail" | "phone" | "member-number" | "address" | "company" | "birth-date";

const weights: Readonly<Record<Sign, Readonly<Record<Exclude<Closeness, "unknown">, number>>>> = {
  name: { same: 4, near: 2, other: -4 },
  mail: { same: 5, near: 3, other: -1 },
  phone: { same: 4, near: 2, other: -1 },
  "member-number": { same: 5, near: 2, other: -1 },
  address: { same: 3, near: 2, other: -1 },
  company: { same: 2, near: 1.5, other: -1 },
  "birth-date": { same: 3, near: 1, other: -3 },
};

/** Of how many letters one or two may be wrong. */
const nameSlips = (length: number): number => (length >= 7 ? 2 : length >= 3 ? 1 : 0);
const kanaSlips = (length: number): number => (length >= 9 ? 2 : length >= 4 ? 1 : 0);

function nearness(a: string, b: string, slips: (length: number) => number): Closeness {
  if (a === "" || b === "") return "unknown";
  if (a === b) return "same";
  const most = slips(Math.max(a.length, b.length));
  return most > 0 && distance(a, b, most) <= most ? "near" : "other";
}

function nearestPhone(a: readonly string[], b: readonly string[]): Closeness {
  if (a.length === 0 || b.length === 0) return "unknown";
  if (a.some((phone) => b.includes(phone))) return "same";
  return a.some((phone) => b.some((other) => phone.length >= 8 && distance(phone, other, 1) <= 1)) ? "near" : "other";
}

/** A building or a prefecture that one of them leaves out makes no other address. */
function addressNearness(a: string, b: string): Closeness {
  if (a === "" || b === "") return "unknown";
  if (a === b) return "same";
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length >= 8 && (long.startsWith(short) || long.endsWith(short))) return "same";
  return shared(short, long) >= 0.7 ? "near" : "other";
}

function companyNearness(a: string, b: string): Closeness {
  if (a === "" || b === "") return "unknown";
  if (a === b) return "same";
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return (short.length >= 2 && long.startsWith(short)) || distance(a, b, 1) <= 1 || shared(short, long) >= 0.75 ? "near" : "other";
}

/** The share of the pairs of letters of the shorter that the longer has too. */
function shared(short: string, long: string): number {
  if (short.length < 2) return 0;
  const pairs = new Map<string, number>();
  for (let at = 0; at + 2 <= long.length; at += 1) pairs.set(long.slice(at, at + 2), (pairs.get(long.slice(at, at + 2)) ?? 0) + 1);
  let found = 0;
  for (let at = 0; at + 2 <= short.length; at += 1) {
    const pair = short.slice(at, at + 2);
    const left = pairs.get(pair) ?? 0;
    if (left > 0) {
      pairs.set(pair, left - 1);
      found += 1;
    }
  }
  return found / (short.length - 1);
}

/** Letters changed, left out, put in or swapped with their neighbour (optimal string alignment); more than `most` is told as `most` + 1. */
export function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row += 1) {
    const next = [row];
    let best = row;
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      let cost = Math.min((last[column] as number) + 1, (next[column - 1] as number) + 1, (last[column - 1] as number) + (isSame ? 0 : 1));
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) cost = Math.min(cost, (before[column - 2] as number) + 1);
      next.push(cost);
      best = Math.min(best, cost);
    }
    if (best > most) return most + 1;
    before = last;
    last = next;
  }
  return Math.min(most + 1, last[b.length] as number);
}
