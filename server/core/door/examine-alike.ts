import { fieldOf, type Field } from "#server/core/access/policy.ts";
import { exactToken, headsOf, queryTokens } from "#server/core/vault/index.ts";
import { alikeFrom, fieldsOfLikeness, likenessScore, type LikenessCode, type MergeKind } from "#shared/duplicates.ts";
import type { Context } from "./context.ts";
import { compareProfiles, likenessFields, profileOf, type Profile } from "./likeness.ts";
import { answersExactly, openField } from "./release.ts";
import type { SealedRecord } from "./sealed-record.ts";

/** Two records that may be one, by number, the lower first. */
export interface AlikePair {
  readonly first: number;
  readonly second: number;
  readonly codes: readonly LikenessCode[];
  readonly score: number;
}

/** Keys of the fields by which records of a kind are compared. */
export function likenessKeys(kind: MergeKind): readonly string[] {
  return Object.keys(likenessFields[kind]);
}

/** Fields whose exact form leads to others: what two people share by chance (an address, a company) leads nowhere by itself. */
const leading: Readonly<Record<MergeKind, readonly string[]>> = {
  customer: ["fullName", "kana", "mail", "phone", "mobile", "memberNumber"],
  company: ["companyName", "kana", "corporateNumber", "phone"],
};
/** A telephone answers in both of its places. */
const alsoIn: Readonly<Record<string, readonly string[]>> = { phone: ["phone", "mobile"], mobile: ["mobile", "phone"] };

/**
 * Opens records and gives the tokens by which the index is asked for others that may be the same; `typed` is looked up the
 * same way. `beginnings` are sets of tokens, all to be carried: companies whose name begins with that of one of these.
 */
export function likenessTokens(
  context: Context,
  kind: MergeKind,
  given: readonly SealedRecord[] | Readonly<Record<string, string | null>>,
): { tokens: number[]; beginnings: number[][] } {
  const profiles = Array.isArray(given)
    ? given.map((record) => openedProfile(context, kind, record as SealedRecord, null))
    : [typedProfile(kind, given as Record<string, string | null>)];
  const fields = fieldsByKey(context, kind);
  const tokens = new Set<number>();
  const beginnings: number[][] = [];
  for (const searchKey of context.door.vault.searchKeys().all) {
    for (const profile of profiles) {
      for (const key of leading[kind]) {
        const folded = profile[key];
        if (folded === undefined) {
          continue;
        }
        for (const place of kind === "customer" ? (alsoIn[key] ?? [key]) : [key]) {
          const field = fields.get(place);
          const token = field === undefined ? undefined : exactToken(searchKey, field, folded);
          if (token !== undefined) tokens.add(token);
        }
      }
      const name = kind === "company" ? profile["companyName"] : undefined;
      const field = fields.get("companyName");
      if (name !== undefined && field !== undefined) {
        for (const head of headsOf(name)) {
          const token = exactToken(searchKey, field, head);
          if (token !== undefined) tokens.add(token);
        }
        const beginning = queryTokens(searchKey, field, name, "prefix");
        if (beginning !== undefined && beginning.length > 0) beginnings.push(beginning);
      }
    }
  }
  return { tokens: [...tokens], beginnings };
}

/**
 * Opens records, compares each of `subjects` with each of `others` that shares a value with it, and forgets: the pairs that
 * may be one, branches among them.
 */
export function examineAlike(context: Context, kind: MergeKind, subjects: readonly SealedRecord[], others: readonly SealedRecord[]): AlikePair[] {
  const profiles = new Map<number, Profile>();
  for (const record of [...others, ...subjects]) {
    if (!profiles.has(record.no)) {
      profiles.set(record.no, openedProfile(context, kind, record, null));
    }
  }
  const carriers = new Map<string, number[]>();
  for (const [no, profile] of profiles) {
    for (const sign of signsOf(kind, profile)) {
      const known = carriers.get(sign);
      if (known === undefined) carriers.set(sign, [no]);
      else known.push(no);
    }
  }
  const pairs = new Map<string, AlikePair>();
  for (const { no } of subjects) {
    const profile = profiles.get(no) as Profile;
    const candidates = new Set<number>();
    for (const sign of signsOf(kind, profile)) {
      const found = carriers.get(sign) as number[];
      // A value that hundreds carry (the telephone of an office) tells nobody apart.
      if (found.length <= mostCarriers) found.forEach((other) => candidates.add(other));
    }
    candidates.delete(no);
    for (const other of candidates) {
      const [first, second] = no < other ? [no, other] : [other, no];
      const key = `${first}.${second}`;
      if (!pairs.has(key)) {
        const pair = pairOf(kind, first, second, profile, profiles.get(other) as Profile);
        if (pair !== null) pairs.set(key, pair);
      }
    }
  }
  return [...pairs.values()];
}

const mostCarriers = 300;

function pairOf(kind: MergeKind, first: number, second: number, a: Profile, b: Profile): AlikePair | null {
  const codes = compareProfiles(kind, a, b);
  const score = likenessScore(kind, codes);
  return score >= alikeFrom || codes.includes("branch") ? { first, second, codes, score } : null;
}

/**
 * Which records may be the person whose values are being typed, the most alike first. What the account does not see on a
 * record takes no part; what is masked does where a search asks it too, because only its exact form answers. `keys` are the
 * fields of which the codes tell something.
 */
export function examineTyped(
  context: Context,
  kind: MergeKind,
  typed: Readonly<Record<string, string | null>>,
  records: readonly SealedRecord[],
): { no: number; codes: readonly LikenessCode[]; keys: readonly string[]; score: number }[] {
  const profile = typedProfile(kind, typed);
  return records
    .map((record) => {
      const opened = openedProfile(context, kind, record, context.actor.accountNo);
      const codes = compareProfiles(kind, profile, opened);
      return { no: record.no, codes, keys: keysTold(codes, profile, opened), score: likenessScore(kind, codes) };
    })
    .filter(({ codes, score }) => score >= alikeFrom && !codes.includes("branch"))
    .toSorted((a, b) => b.score - a.score || a.no - b.no);
}

/** The fields of a record of which the codes tell that they are what was typed, or that they are not. */
function keysTold(codes: readonly LikenessCode[], typed: Profile, opened: Profile): string[] {
  const isTold = (code: LikenessCode, key: string): boolean => {
    if (opened[key] === undefined) return false;
    if (code.startsWith("other-")) return true;
    return (alsoIn[key] ?? [key]).some((place) => typed[place] === opened[key]);
  };
  return [...new Set(codes.flatMap((code) => fieldsOfLikeness[code].filter((key) => isTold(code, key))))];
}

function typedProfile(kind: MergeKind, typed: Readonly<Record<string, string | null>>): Profile {
  return profileOf(kind, (key) => typed[key]);
}

function openedProfile(context: Context, kind: MergeKind, record: SealedRecord, accountNo: number | null): Profile {
  const { policy, actor, door } = context;
  const fields = fieldsByKey(context, kind);
  return profileOf(kind, (key) => {
    const field = fields.get(key);
    return field === undefined || (accountNo !== null && !answersExactly(policy, actor.rights, record, field))
      ? undefined
      : openField(door.vault, record, field);
  });
}

function fieldsByKey(context: Context, kind: MergeKind): Map<string, Field> {
  return new Map(
    likenessKeys(kind)
      .flatMap((key) => fieldOf(context.policy, kind, key) ?? [])
      .map((field) => [field.key, field]),
  );
}

/** What brings two profiles together: a leading value that is the same, a telephone in either place, an office and its head. */
function signsOf(kind: MergeKind, profile: Profile): Set<string> {
  const signs = new Set<string>();
  for (const key of leading[kind]) {
    const folded = profile[key];
    if (folded !== undefined) signs.add(`${kind === "customer" && alsoIn[key] !== undefined ? "telephone" : key}\0${folded}`);
  }
  const name = kind === "company" ? profile["companyName"] : undefined;
  if (name !== undefined) headsOf(name).forEach((head) => signs.add(`companyName\0${head}`));
  return signs;
}
