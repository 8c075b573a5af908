import { z } from "zod";
import type { PlaybookKey } from "./incidents.ts";
import { factCatalogue, type FactDefinition } from "./incident-fact-catalogue.ts";

export { factCatalogue, factSections, factTypes, type FactChoice, type FactDefinition, type FactSection, type FactType } from "./incident-fact-catalogue.ts";

/**
 * 確定・推定・不明. A fact is stated in versions that are only ever added to, each under a number of its own. What is typed (`text`)
 * stands sealed. A `choice`, a `number` or a `date` is a code, not a personal value: it stands clear, because the rules compute with it.
 */
export const certainties = ["confirmed", "assumed", "unknown"] as const;
export type Certainty = (typeof certainties)[number];

const byKey: ReadonlyMap<string, FactDefinition> = new Map(factCatalogue.map((fact) => [fact.key, fact]));
export const factKeys: readonly string[] = [...byKey.keys()];

export function factDefinition(key: string): FactDefinition | undefined {
  return byKey.get(key);
}

export const factKey = z.string().refine((key) => byKey.has(key));

/** Longest typed fact, in characters. */
export const mostFactText = 8000;

/**
 * Whether a value fits its fact: a text of at most {@link mostFactText} characters, a day `YYYY-MM-DD`, keys of choices (joined by
 * commas where several may hold, each once), or a whole number from 0 to 2,147,483,647 in decimal digits.
 */
export function isFactValue(definition: FactDefinition, value: string): boolean {
  switch (definition.type) {
    case "text":
      return value.trim() !== "" && value.length <= mostFactText;
    case "date":
      return z.iso.date().safeParse(value).success;
    case "number":
      return /^(0|[1-9]\d{0,9})$/.test(value) && Number(value) <= 2147483647;
    case "choice": {
      const keys = value.split(",");
      const isKnown = keys.every((key) => definition.choices?.some((one) => one.key === key));
      return isKnown && new Set(keys).size === keys.length && (definition.isMany === true || keys.length === 1);
    }
  }
}

/**
 * One fact as the rules read it: the last version of each key. `value` is null where it is not known (不明), and of a `text`
 * always: it stands sealed and `factNo` finds it.
 */
export interface StatedFact {
  readonly factNo: number;
  readonly key: string;
  readonly value: string | null;
  readonly certainty: Certainty;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly by: number | null;
}

/** What stands for a fact as long as nobody stated it, because of the case that was opened; null where nothing does. */
export function presumedFact(key: string, playbook: PlaybookKey): string | null {
  return key === "ransomware.struck" ? (playbook === "ransomware" ? "yes" : "no") : null;
}

/** Whether a fact is asked for, given what was chosen elsewhere. What nobody has answered yet is asked for. */
export function isFactAsked(definition: FactDefinition, valueOf: (key: string) => string | null | undefined): boolean {
  if (definition.when === undefined) {
    return true;
  }
  const given = valueOf(definition.when.key);
  return given === null || given === undefined || given.split(",").some((key) => definition.when?.is.includes(key));
}
