import type { StatedFact } from "#shared/incident-facts.ts";
import type { PlaybookKey } from "#shared/incidents.ts";
import type { Day } from "./provisions.ts";

/** What the rules read: the last version of each fact, and what the scope found. Nothing in it is a personal value. */
export interface JudgedFacts {
  readonly facts: ReadonlyMap<string, Pick<StatedFact, "key" | "value" | "certainty" | "factNo">>;
  readonly playbook: PlaybookKey;
  readonly scope: JudgedScope | null;
  /** What the companies that entrusted us with data were told (規則9条); absent where nobody entrusted any of it. */
  readonly consignors?: ToldConsignors | null;
}

/** Companies whose people are in the scope, and how many of them were told with all of these people. */
export interface ToldConsignors {
  readonly companies: number;
  readonly told: number;
  /** People of the scope whom nobody entrusted us with. */
  readonly own: number;
  /** The last of them was told within the days that count as prompt. */
  readonly isPrompt: boolean;
}

/** The last finished run of the scope (範囲). Persons, never rows. */
export interface JudgedScope {
  readonly runNo: number;
  readonly asOfEvent: number;
  readonly isVerified: boolean;
  /** 検証待ち: neither verified nor found wrong yet. */
  readonly isPending: boolean;
  readonly confirmed: number;
  readonly possible: number;
  /** People whom the run itself found, before anybody was moved by hand. */
  readonly foundByLedger: number;
  /** Of these, people of whom a value was released in full. */
  readonly released: number;
  /** People of whom a field classed sensitive got out, surely or possibly. */
  readonly sensitive: number;
  /** Whether `fields` are all that got out: not where a file, a copy or a machine was in other hands. */
  readonly isEveryFieldKnown: boolean;
  readonly fields: readonly { readonly field: string; readonly isSensitive: boolean; readonly confirmed: number; readonly possible: number }[];
}

export type Answer = "yes" | "no" | "unknown";

/** An answer of a rule to a question, and what it rests on. */
export interface Finding {
  readonly answer: Answer;
  readonly reasons: readonly Reason[];
  /** Facts that would settle it. */
  readonly missing: readonly string[];
}

export interface Reason {
  readonly ja: string;
  readonly en: string;
  /** What it rests on: keys of facts, the run of the scope. */
  readonly facts: readonly string[];
  readonly runNo: number | null;
  /** It rests on general knowledge: 「要確認」 until checked against the originals. */
  readonly isToBeChecked: boolean;
}

export function reason(ja: string, en: string, on: { facts?: readonly string[]; run?: JudgedScope | null; isToBeChecked?: boolean } = {}): Reason {
  return { ja, en, facts: on.facts ?? [], runNo: on.run?.runNo ?? null, isToBeChecked: on.isToBeChecked ?? false };
}

export const found = (answer: Answer, reasons: readonly Reason[], missing: readonly string[] = []): Finding => ({ answer, reasons, missing });

/** The value of a fact, null where it is not stated or not known. */
export function valueOf({ facts }: JudgedFacts, key: string): string | null {
  const fact = facts.get(key);
  return fact === undefined || fact.certainty === "unknown" ? null : fact.value;
}

export function isConfirmed({ facts }: JudgedFacts, key: string, value: string): boolean {
  const fact = facts.get(key);
  return fact?.certainty === "confirmed" && fact.value === value;
}

/** A fact of yes and no. An assumption counts: a duty to report begins with a risk (おそれ). */
export function yesNo(given: JudgedFacts, key: string): Answer {
  const value = valueOf(given, key);
  return value === "yes" || value === "no" ? value : "unknown";
}

export function numberOf(given: JudgedFacts, key: string): number | null {
  const value = valueOf(given, key);
  return value === null ? null : Number(value);
}

export function dayOf(given: JudgedFacts, key: string): Day | null {
  return valueOf(given, key);
}

/** Which items of the form the fields of the product are; what is not here is 「その他」. */
const itemsOfFields: Readonly<Record<string, string>> = {
  fullName: "name",
  kana: "name",
  mail: "mail",
  phone: "phone",
  mobile: "phone",
  fax: "phone",
  postalCode: "address",
  address: "address",
  birthDate: "birth",
  gender: "sex",
};

/** Items of personal data (form field 2): as stated, else as the scope found them; null where neither says anything. */
export function itemsOf(given: JudgedFacts): { readonly items: readonly string[]; readonly isDerived: boolean } | null {
  const stated = valueOf(given, "items.fields");
  if (stated !== null) {
    return { items: stated.split(","), isDerived: false };
  }
  const fields = given.scope?.fields.filter((field) => field.confirmed + field.possible > 0) ?? [];
  if (fields.length === 0) {
    return null;
  }
  const items = new Set(fields.map((field) => itemsOfFields[field.field] ?? "other"));
  const order = ["name", "birth", "sex", "address", "phone", "mail", "card", "password", "other"];
  return { items: order.filter((item) => items.has(item)), isDerived: true };
}

/** Fields that are 「その他」 on the form, as the scope found them. */
export function otherFieldsOf(scope: JudgedScope | null): readonly string[] {
  return (scope?.fields ?? []).filter((field) => field.confirmed + field.possible > 0 && itemsOfFields[field.field] === undefined).map((field) => field.field);
}

export interface Persons {
  /** Surely concerned; and at most, with those who possibly are. */
  readonly atLeast: number;
  readonly atMost: number;
  readonly from: "fact" | "scope";
  readonly isFinal: boolean;
}

/** How many people: as stated, else as the scope found them; null where neither says anything. */
export function personsOf(given: JudgedFacts): Persons | null {
  const stated = numberOf(given, "persons.total");
  if (stated !== null) {
    return { atLeast: stated, atMost: stated, from: "fact", isFinal: given.facts.get("persons.total")?.certainty === "confirmed" };
  }
  const { scope } = given;
  return scope === null ? null : { atLeast: scope.confirmed, atMost: scope.confirmed + scope.possible, from: "scope", isFinal: scope.isVerified };
}
