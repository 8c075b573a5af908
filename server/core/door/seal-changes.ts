import { levelOf, relationOf } from "#server/core/access/compile.ts";
import { fieldOf, type Field } from "#server/core/access/policy.ts";
import { indexTokens, scopeTokens, type IndexedField } from "#server/core/vault/index.ts";
import { fieldClasses, type Kind } from "#shared/rights.ts";
import { readCorporateNumber } from "#shared/corporate-number.ts";
import { findCardNumbers } from "#shared/find-card-number.ts";
import { Problem } from "#shared/problems.ts";
import { readDate } from "#shared/read-date.ts";
import { readValue } from "#shared/read-value.ts";
import { classNumber } from "./class-numbers.ts";
import type { Context } from "./context.ts";
import { openClass, openField } from "./release.ts";
import { SealedRecord, type Values } from "./sealed-record.ts";
import type { SealedFact } from "#server/core/context/journal.ts";

/** A record sealed anew: what goes into its row, its index and its event. */
export interface SealedChange {
  /** By field class; `null` where the class holds nothing. Classes that did not change keep their former blob. */
  readonly blobs: (Buffer | null)[];
  /** Tokens of the blind index, scope tokens included. Empty for kinds without an index. */
  readonly tokens: number[];
  /** Fields whose value really changed. */
  readonly changed: readonly Field[];
  /** Before and after of what changed, sealed under the record's own key, one blob a class. */
  readonly facts: readonly SealedFact[];
}

/**
 * Seals typed values into a record (`former` null: a new one). The caller's right to write is decided here for each field
 * of this row; the console and the house itself may write but never read.
 * @throws Problem not-permitted, invalid-input (unknown field), card-number, corporate-number
 */
export function sealChanges(
  context: Context,
  given: {
    kind: Kind;
    no: number;
    ownerNo: number | null;
    cellNo: number | null;
    version: number;
    former: SealedRecord | null;
    values: Readonly<Record<string, string | null>>;
    /** A bulk import of new rows keeps no before and after: its staged file is the source. */
    withoutFacts?: boolean;
    /** Values that stand in another record already: taken as they are. */
    isMoved?: boolean;
  },
): SealedChange {
  const { policy, door } = context;
  const { former } = given;
  const changed: Field[] = [];
  const next = new Map<string, string | null>();
  for (const [key, raw] of Object.entries(given.values)) {
    const field = fieldOf(policy, given.kind, key);
    if (field === undefined || field.place === "attached" || (field.isArchived && context.actor.principal === "account")) {
      // The key was typed, too: it is not said back.
      throw new Problem("invalid-input", { field: "values" });
    }
    demandWrite(context, given, field);
    const value = raw === null || raw === "" ? null : demandCorporateNumber(context, field, readOwn(field, raw), given.isMoved === true);
    if (value !== null && findCardNumbers(value).length > 0) {
      throw new Problem("card-number", { field: key });
    }
    const before = former === null ? undefined : openField(door.vault, former, field);
    if ((before ?? null) !== value) {
      changed.push(field);
      next.set(key, value);
    }
  }

  const blobs: (Buffer | null)[] = fieldClasses.map((_, index) => former?.blobs[index] ?? null);
  const opened: Values[] = [];
  const classesToSeal = new Set<number>();
  for (const field of changed) {
    classesToSeal.add(classNumber(field.targetClass ?? field.class));
    if (former !== null) {
      for (const stored of field.storedClasses) {
        classesToSeal.add(stored);
      }
    }
  }
  for (const fieldClass of fieldClasses.keys()) {
    const values: Record<string, string> = former === null ? {} : { ...openClass(door.vault, former, fieldClass) };
    if (classesToSeal.has(fieldClass)) {
      for (const field of changed) {
        delete values[field.key];
        const value = next.get(field.key) ?? null;
        if (value !== null && classNumber(field.targetClass ?? field.class) === fieldClass) {
          values[field.key] = value;
        }
      }
      blobs[fieldClass] =
        Object.keys(values).length === 0 ? null : door.vault.seal({ kind: given.kind, no: given.no }, fieldClass, given.version, JSON.stringify(values));
    }
    opened[fieldClass] = values;
  }
  return {
    blobs,
    tokens: tokensOf(context, given, opened),
    changed,
    facts: given.withoutFacts === true ? [] : sealFacts(context, given, former, changed, next),
  };
}

/** A value of an own field in the form in which it is kept; standard ones are kept as they were typed, dates as ISO 8601 where they can be read. */
function readOwn(field: Field, raw: string): string | null {
  if (!field.isOwn) {
    return field.type === "date" ? (readDate(raw) ?? raw) : raw;
  }
  const read = readValue(field, raw);
  if ("problem" in read) {
    throw new Problem("invalid-input", { field: field.key, reason: read.problem });
  }
  return read.value === "" ? null : read.value;
}

/** A 法人番号 that somebody types carries its check digit: another one would make two companies one, or one two. */
function demandCorporateNumber(context: Context, field: Field, value: string | null, isMoved: boolean): string | null {
  if (field.key !== "corporateNumber" || field.kind !== "company" || value === null || isMoved || context.actor.principal !== "account") {
    return value;
  }
  const number = readCorporateNumber(value);
  if (number === null) {
    throw new Problem("corporate-number", { field: field.key });
  }
  return number;
}

function demandWrite(context: Context, given: { kind: Kind; ownerNo: number | null; cellNo: number | null; former: SealedRecord | null }, field: Field): void {
  const { actor } = context;
  if (actor.principal === "system" || actor.principal === "console") {
    return;
  }
  const row = given.former ?? given;
  if (levelOf(actor.rights, given.kind, relationOf(actor.rights, row), field.class).level !== "write") {
    throw new Problem("not-permitted", { field: field.key });
  }
}

function tokensOf(context: Context, given: { kind: Kind; ownerNo: number | null; cellNo: number | null }, opened: readonly Values[]): number[] {
  if (given.kind === "account") {
    return [];
  }
  const fields: IndexedField[] = [];
  for (const field of context.policy.fields) {
    const { indexedAs } = field;
    if (field.kind !== given.kind || indexedAs === null || field.place === "attached") {
      continue;
    }
    const value = opened.find((values) => values[field.key] !== undefined)?.[field.key];
    if (value !== undefined) {
      fields.push({ no: indexedAs.no, type: indexedAs.type, value });
    }
  }
  const tokens = indexTokens(context.door.vault.searchKeys().current, fields);
  return given.kind === "customer" && given.cellNo !== null ? [...scopeTokens({ cellNo: given.cellNo, ownerNo: given.ownerNo }), ...tokens] : tokens;
}

function sealFacts(
  context: Context,
  given: { kind: Kind; no: number; version: number },
  former: SealedRecord | null,
  changed: readonly Field[],
  next: ReadonlyMap<string, string | null>,
): SealedFact[] {
  const subject = { kind: given.kind, no: given.no } as const;
  const facts: SealedFact[] = [];
  for (const fieldClass of fieldClasses) {
    const ofClass = changed.filter((field) => field.class === fieldClass);
    if (ofClass.length === 0) {
      continue;
    }
    const seal = (label: string, values: Record<string, string | null>): void => {
      facts.push({ label, subject, fieldClass, blob: context.door.vault.seal(subject, classNumber(fieldClass), given.version, JSON.stringify(values)) });
    };
    if (former !== null) {
      seal("before", Object.fromEntries(ofClass.map((field) => [field.key, openField(context.door.vault, former, field) ?? null])));
    }
    seal("after", Object.fromEntries(ofClass.map((field) => [field.key, next.get(field.key) ?? null])));
  }
  return facts;
}

/**
 * The tokens of a row whose owner or cell changed while its values did not.
 */
export function tokensAfterMove(context: Context, record: SealedRecord, scope: { ownerNo: number | null; cellNo: number | null }): number[] {
  const opened = [...fieldClasses.keys()].map((fieldClass) => openClass(context.door.vault, record, fieldClass));
  return tokensOf(context, { kind: record.kind, ...scope }, opened);
}

/**
 * A row whose fields were classed anew, with each value in the class where it now belongs; null when nothing moves.
 */
export function resealed(context: Context, record: SealedRecord, version: number): (Buffer | null)[] | null {
  const { policy, door } = context;
  const target = fieldClasses.map((): Record<string, string> => ({}));
  let moves = false;
  for (const fieldClass of fieldClasses.keys()) {
    for (const [key, value] of Object.entries(openClass(door.vault, record, fieldClass))) {
      const field = fieldOf(policy, record.kind, key);
      const to = field === undefined ? fieldClass : classNumber(field.targetClass ?? field.class);
      moves ||= to !== fieldClass;
      (target[to] as Record<string, string>)[key] = value;
    }
  }
  if (!moves) {
    return null;
  }
  return target.map((values, fieldClass) => {
    if (Object.keys(values).length === 0) {
      return null;
    }
    const formerBlob = record.blobs[fieldClass];
    const same = formerBlob !== null && formerBlob !== undefined && sameValues(values, openClass(door.vault, record, fieldClass));
    return same ? formerBlob : door.vault.seal({ kind: record.kind, no: record.no }, fieldClass, version, JSON.stringify(values));
  });
}

function sameValues(a: Values, b: Values): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
