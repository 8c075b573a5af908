import { relationOf, scopeFor } from "#server/core/access/compile.ts";
import type { Field } from "#server/core/access/policy.ts";
import { fold, matchValue, queryTokens, termKinds, type Match } from "#server/core/vault/index.ts";
import type { Kind } from "#shared/rights.ts";
import { Problem } from "#shared/problems.ts";
import type { Context } from "./context.ts";
import { openField, showsOf, textOf } from "./release.ts";
import type { SealedRecord, SealedText } from "./sealed-record.ts";

/** A search as it goes to the index, and what is needed to verify its candidates. */
export interface SearchPlan {
  readonly kind: Kind;
  /** AND of OR of token sets, for `search_customers(jsonb, …)`. */
  readonly terms: readonly (readonly (readonly number[])[])[];
  /** False when no term can be looked up (too short, or nothing searchable may be read): then nothing is found. */
  readonly canSearch: boolean;
  readonly conditions: readonly Condition[];
}

interface Condition {
  readonly ways: readonly Way[];
}

interface Way {
  readonly field: Field;
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
 * the caller reads nowhere is no way at all; one that is masked everywhere answers to its exact form or last four only.
 */
export function planSearch(context: Context, kind: Kind, typed: string): SearchPlan {
  const keys = context.door.vault.searchKeys().all;
  const fields = context.policy.fields.filter((field) => field.kind === kind && field.searchable);
  const terms: (readonly number[])[][] = [];
  const conditions: Condition[] = [];
  let canSearch = true;
  for (const term of typed.normalize("NFKC").split(/\s+/u).filter(Boolean).slice(0, 6)) {
    const types = new Set(termKinds(term));
    const sets: (readonly number[])[] = [];
    const ways: Way[] = [];
    let isOpen = false;
    for (const field of fields) {
      const most = types.has(field.type) ? mostShown(context, kind, field) : 0;
      if (most === 0) {
        continue;
      }
      const folded = fold(field.type, term);
      if (folded === "") {
        continue;
      }
      let found = false;
      for (const key of keys) {
        for (const tokens of tokenSets(key, field, term, most)) {
          found = true;
          if (tokens.length === 0) {
            isOpen = true;
          } else {
            sets.push(tokens);
          }
        }
      }
      if (found) {
        ways.push({ field, folded, possible: keys[0] === undefined ? [] : possibleMatches(keys[0], field, term) });
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
  return { kind, terms, canSearch: canSearch && terms.length > 0, conditions };
}

/** Plans a search from the sealed words of an earlier one. Only its author's own words are opened. */
export function planSealedSearch(context: Context, kind: Kind, query: SealedText): SearchPlan {
  if (!("authorNo" in query.reader) || query.reader.authorNo !== context.actor.accountNo) {
    throw new Problem("not-found");
  }
  return planSearch(context, kind, textOf(context.door.vault, query) ?? "");
}

/** 2 where the caller sees the field in full on some row, 1 where only masked, 0 nowhere. */
function mostShown(context: Context, kind: Kind, field: Field): 0 | 1 | 2 {
  const { rights } = context.actor;
  const unmasked = scopeFor(rights, kind, field.class, { level: "read", unmasked: true });
  if (unmasked.all || unmasked.cells || unmasked.own) {
    return 2;
  }
  const read = scopeFor(rights, kind, field.class, { level: "read" });
  return !(read.all || read.cells || read.own) ? 0 : field.mask === "none" ? 2 : 1;
}

/** One character answers as a beginning only, a member number only as a whole; where inside is possible, everything is. */
function possibleMatches(key: Parameters<typeof queryTokens>[0], field: Field, term: string): readonly Match[] {
  const possible = whole.filter((how) => queryTokens(key, field, term, how) !== undefined);
  return possible.includes("inside") ? whole : possible.includes("prefix") ? [...possible, "exact"] : possible;
}

/** `inside` covers exact and prefix where it is possible; one character only answers as a prefix. */
function* tokenSets(key: Parameters<typeof queryTokens>[0], field: Field, term: string, most: 1 | 2): Generator<readonly number[]> {
  if (most === 2) {
    const inside = queryTokens(key, field, term, "inside");
    if (inside !== undefined && inside.length > 0) {
      yield inside;
      return;
    }
    const prefix = queryTokens(key, field, term, "prefix");
    if (prefix !== undefined && prefix.length > 0) {
      yield prefix;
      return;
    }
    if (inside !== undefined || prefix !== undefined) {
      yield [];
      return;
    }
  }
  for (const how of masked) {
    const tokens = queryTokens(key, field, term, how);
    if (tokens !== undefined && tokens.length > 0) {
      yield tokens;
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
  const waysByRelation = new Map<number, readonly (readonly { field: Field; folded: string; allowed: readonly Match[] }[])[]>();
  for (const record of candidates) {
    const relation = relationOf(actor.rights, record);
    let conditions = waysByRelation.get(relation);
    if (conditions === undefined) {
      conditions = plan.conditions.map((condition) =>
        condition.ways.flatMap(({ field, folded, possible }) => {
          const shows = showsOf(policy, actor.rights, record, field);
          return shows === 0 ? [] : [{ field, folded, allowed: shows === 2 ? possible : possible.filter((how) => masked.includes(how)) }];
        }),
      );
      waysByRelation.set(relation, conditions);
    }
    const reasons: HitReason[] = [];
    const isHit = conditions.every((ways) => {
      for (const { field, folded, allowed } of ways) {
        const value = openField(door.vault, record, field);
        const how = value === undefined ? undefined : matchValue(field.type, value, folded, allowed);
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

