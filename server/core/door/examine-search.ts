import { relationOf, scopeFor, visibleScope, type Rights, type RowScope } from "#server/core/access/compile.ts";
import type { Field } from "#server/core/access/policy.ts";
import { fold, matchValue, queryTokens, scopeTokens, termKinds, type Match } from "#server/core/vault/index.ts";
import type { Kind } from "#shared/rights.ts";
import type { FieldType } from "#shared/fields.ts";
import { Problem } from "#shared/problems.ts";
import type { Context } from "./context.ts";
import { openField, showsOf, textOf } from "./release.ts";
import type { SealedRecord, SealedText } from "./sealed-record.ts";

/** A search as it goes to the index, and what is needed to verify its candidates. */
export interface SearchPlan {
  readonly kind: Kind;
  /** AND (`;`) of OR (`|`) of token sets (`,`), for the function `search_customers`. */
  readonly terms: string;
  /** False when no term can be looked up (too short, or nothing searchable may be read): then nothing is found. */
  readonly canSearch: boolean;
  readonly conditions: readonly Condition[];
}

interface Condition {
  readonly ways: readonly Way[];
}

type IndexedAs = NonNullable<Field["indexedAs"]>;

interface Way {
  readonly field: Field;
  /** The form in which the field stands in the index. */
  readonly type: FieldType;
  readonly folded: string;
  /** The matches that the index can find: what it cannot must not be a hit of those few whose tokens happen to collide. */
  readonly possible: readonly Match[];
}

export interface HitReason {
  readonly field: string;
  readonly how: Match;
}

const whole: readonly Match[] = ["exact", "prefix", "inside", "last-four"];
const masked: readonly Match[] = ["exact", "last-four"];

/**
 * Splits what was typed into terms and asks the vault for the tokens of each way in which a term may answer. A field that
 * the caller reads nowhere is no way at all; one that is masked answers to its exact form or last four only. Each way is
 * looked up among the rows on which it is allowed and among no others: how many candidates there were shows in the total
 * of an unfinished search.
 */
export function planSearch(context: Context, kind: Kind, typed: string): SearchPlan {
  const keys = context.door.vault.searchKeys().all;
  const fields = context.policy.fields.flatMap((field) =>
    field.kind === kind && field.searchable && field.place === "record" && field.indexedAs !== null ? [{ field, as: field.indexedAs }] : [],
  );
  const terms: (readonly number[])[][] = [];
  const conditions: Condition[] = [];
  let canSearch = true;
  for (const forms of formsOf(termsOf(typed))) {
    const sets: (readonly number[])[] = [];
    const ways: Way[] = [];
    let isOpen = false;
    for (const term of forms) {
      const types = new Set(termKinds(term));
      for (const { field, as } of fields) {
        const folded = types.has(as.type) ? fold(as.type, term) : "";
        if (folded === "") {
          continue;
        }
        const rows = rowsThatAnswer(context.actor.rights, kind, field);
        let found = false;
        for (const key of keys) {
          for (const tokens of tokenSets(key, as, term, rows)) {
            found = true;
            if (tokens.length === 0) {
              isOpen = true;
            } else {
              sets.push(tokens);
            }
          }
        }
        if (found) {
          ways.push({ field, type: as.type, folded, possible: keys[0] === undefined ? [] : possibleMatches(keys[0], as, term) });
        }
      }
    }
    if (ways.length === 0) {
      canSearch = false;
    }
    conditions.push({ ways });
    if (!isOpen && sets.length > 0) {
      terms.push(sets);
    }
  }
  return { kind, terms: terms.map((ways) => ways.map((tokens) => tokens.join(",")).join("|")).join(";"), canSearch: canSearch && terms.length > 0, conditions };
}

/**
 * Words of a search, at most six. A name's part of one letter (林 誠) has no gram of its own and would answer as a beginning
 * alone: it goes on from the word before it, as the names in the index run without their space.
 */
export function termsOf(typed: string): readonly string[] {
  const terms: string[] = [];
  for (const word of typed.normalize("NFKC").split(/\s+/u).filter(Boolean)) {
    const before = terms.at(-1);
    if (before !== undefined && /^\p{L}$/u.test(word) && /\p{L}$/u.test(before)) terms[terms.length - 1] = before + word;
    else terms.push(word);
  }
  return terms.slice(0, 6);
}

/**
 * The forms in which each term may answer: itself, and joined to a neighbour where a name's folding runs across the space between
 * them. 木村 村男 stands in the index as 木村々男, which has no 村男 in it.
 */
export function formsOf(terms: readonly string[]): readonly (readonly string[])[] {
  const joins = (before: string | undefined, after: string | undefined): string[] => {
    if (before === undefined || after === undefined) return [];
    const [one, other] = [fold("name", before), fold("name", after)];
    return one !== "" && other !== "" && fold("name", before + after) !== one + other ? [before + after] : [];
  };
  return terms.map((term, at) => [term, ...joins(terms[at - 1], term), ...joins(term, terms[at + 1])]);
}

/** Plans a search from the sealed words of an earlier one. Only its author's own words are opened. */
export function planSealedSearch(context: Context, kind: Kind, query: SealedText): SearchPlan {
  if (!("authorNo" in query.reader) || query.reader.authorNo !== context.actor.accountNo) {
    throw new Problem("not-found");
  }
  return planSearch(context, kind, textOf(context.door.vault, query) ?? "");
}

type ScopeSets = readonly (readonly number[])[];

/** Scope tokens of the rows whose value answers as a whole, and of those that answer to exact form and last four. */
interface RowsThatAnswer {
  readonly whole: ScopeSets;
  /** Empty where every row that answers does so as a whole. */
  readonly masked: ScopeSets;
}

function rowsThatAnswer(rights: Rights, kind: Kind, field: Field): RowsThatAnswer {
  const seen = visibleScope(rights, kind);
  const read = scopeFor(rights, kind, field.class, { level: "read" });
  const unmasked = field.mask === "none" ? read : scopeFor(rights, kind, field.class, { level: "read", unmasked: true });
  return { whole: scopeSets(rights, kind, unmasked, seen), masked: isSame(read, unmasked) ? [] : scopeSets(rights, kind, read, seen) };
}

/** Tokens, one set of which a row of the scope carries; an empty set where the search function sees to it by itself. */
function scopeSets(rights: Rights, kind: Kind, scope: RowScope, seen: RowScope): ScopeSets {
  if (scope.all || (kind === "customer" && isSame(scope, seen))) {
    return scope.all || scope.cells || scope.own ? [[]] : [];
  }
  if (kind !== "customer") {
    return [];
  }
  const cells = scope.cells ? [...rights.cells].map((cellNo) => scopeTokens({ cellNo, ownerNo: null })) : [];
  return scope.own ? [...cells, scopeTokens({ cellNo: 0, ownerNo: rights.accountNo }).slice(1)] : cells;
}

function isSame(a: RowScope, b: RowScope): boolean {
  return a.all === b.all && a.cells === b.cells && a.own === b.own;
}

/** One character answers as a beginning only, a member number only as a whole; where inside is possible, everything is. */
function possibleMatches(key: Parameters<typeof queryTokens>[0], field: IndexedAs, term: string): readonly Match[] {
  const possible = whole.filter((how) => queryTokens(key, field, term, how) !== undefined);
  return possible.includes("inside") ? whole : possible.includes("prefix") ? [...possible, "exact"] : possible;
}

/** `inside` covers exact and prefix where it is possible; one character only answers as a prefix. */
function* tokenSets(key: Parameters<typeof queryTokens>[0], field: IndexedAs, term: string, rows: RowsThatAnswer): Generator<readonly number[]> {
  const inside = queryTokens(key, field, term, "inside");
  const prefix = inside === undefined || inside.length === 0 ? queryTokens(key, field, term, "prefix") : undefined;
  const broad = inside !== undefined && inside.length > 0 ? inside : (prefix ?? inside);
  if (broad !== undefined && rows.whole.length > 0) {
    if (broad.length === 0) {
      yield [];
      return;
    }
    yield* rows.whole.map((scope) => [...broad, ...scope]);
  }
  for (const how of masked) {
    const tokens = queryTokens(key, field, term, how);
    if (tokens !== undefined && tokens.length > 0) {
      const scopes = rows.masked.length > 0 ? rows.masked : broad === undefined ? rows.whole : [];
      yield* scopes.map((scope) => [...tokens, ...scope]);
    }
  }
}

/**
 * Opens candidates, compares and forgets: which of them truly match, and by which field. Each row is judged by the
 * caller's rights on that row, so that a value masked or hidden there never answers to more than it may.
 */
export function examineSearch(context: Context, plan: SearchPlan, candidates: readonly SealedRecord[]): Map<number, HitReason[]> {
  const hits = new Map<number, HitReason[]>();
  const { policy, actor, door } = context;
  const waysByRelation = new Map<number, readonly (readonly { field: Field; type: FieldType; folded: string; allowed: readonly Match[] }[])[]>();
  for (const record of candidates) {
    const relation = relationOf(actor.rights, record);
    let conditions = waysByRelation.get(relation);
    if (conditions === undefined) {
      conditions = plan.conditions.map((condition) =>
        condition.ways.flatMap(({ field, type, folded, possible }) => {
          const shows = showsOf(policy, actor.rights, record, field);
          return shows === 0 ? [] : [{ field, type, folded, allowed: shows === 2 ? possible : possible.filter((how) => masked.includes(how)) }];
        }),
      );
      waysByRelation.set(relation, conditions);
    }
    const reasons: HitReason[] = [];
    const isHit = conditions.every((ways) => {
      for (const { field, type, folded, allowed } of ways) {
        const value = openField(door.vault, record, field);
        const how = value === undefined ? undefined : matchValue(type, value, folded, allowed);
        if (how !== undefined) {
          if (!reasons.some((reason) => reason.field === field.key)) {
            reasons.push({ field: field.key, how });
          }
          return true;
        }
      }
      return false;
    });
    if (isHit) {
      hits.set(record.no, reasons);
    }
  }
  return hits;
}
