import { fieldOf, type Field } from "#server/core/access/policy.ts";
import { exactToken, queryTokens, type SearchKey } from "#server/core/vault/index.ts";
import type { ListedReason } from "#shared/incident-match.ts";
import type { Context } from "./context.ts";
import { askFrom, compareListed, isOnePerson, lead, readListed, sureFrom, type Likeness, type Listed } from "./listed-likeness.ts";
import { openField, showsOf } from "./release.ts";
import type { SealedRecord } from "./sealed-record.ts";

/** The fields of a customer by which somebody is known in a list that was written by hand. */
export const listedFields = ["fullName", "kana", "companyName", "mail", "phone", "mobile", "address", "memberNumber", "birthDate"] as const;

/** Who a row means. `sure`: these, one person; `ambiguous`: one of these, or nobody; `none`: nobody who is here. */
export interface Meant {
  readonly kind: "sure" | "ambiguous" | "none";
  /** The likeliest first. */
  readonly candidates: readonly { readonly no: number; readonly score: number; readonly reasons: readonly ListedReason[] }[];
  /** Whether records that are only similar may mean more than those that were looked at. */
  readonly isOpen: boolean;
}

/** More are no choice. */
const mostCandidates = 8;
/** What so many carry tells nobody apart. */
const mostCarriers = 200;

/** The tokens by which the index is asked for whoever says one thing exactly as a row does. */
export function listedTokens(context: Context, rows: readonly Listed[]): number[] {
  const tokens = new Set<number>();
  for (const searchKey of context.door.vault.searchKeys().all) {
    const add = (key: string, folded: string): void => {
      const field = searchable(context, key);
      const token = field === undefined || folded === "" ? undefined : exactToken(searchKey, field, folded);
      if (token !== undefined) tokens.add(token);
    };
    for (const row of rows) {
      add("fullName", row.name);
      add("kana", row.kana);
      add("mail", row.mail);
      add("memberNumber", row.member);
      for (const phone of row.phones) {
        add("phone", phone);
        add("mobile", phone);
      }
    }
  }
  return [...tokens];
}

/**
 * The question by which the index is asked for whoever is similar to a row: a name or a reading with one place wrong, and
 * beside it some other thing that agrees at least in a half. OR (`|`) of tokens (`,`); undefined where a row says too little.
 */
export function listedTerms(context: Context, row: Listed): string | undefined {
  const [searchKey] = context.door.vault.searchKeys().all;
  if (searchKey === undefined) return undefined;
  const named = [...slips(context, searchKey, "fullName", row.name), ...slips(context, searchKey, "kana", row.kana)];
  const beside = [
    ...exact(context, searchKey, "companyName", row.company),
    ...halves(context, searchKey, "address", row.address),
    ...halves(context, searchKey, "mail", row.mail.split("@")[0] ?? ""),
    ...row.phones.flatMap((phone) => [...halves(context, searchKey, "phone", phone), ...halves(context, searchKey, "mobile", phone)]),
  ];
  // Together in one set the rare pair of letters is looked up first and the common ones cost next to nothing. A name alone
  // with a place wrong must leave enough of it: two pairs of letters.
  const sets = beside.length === 0 ? named.filter((tokens) => tokens.length >= 2) : named.flatMap((name) => beside.map((other) => [...name, ...other]));
  return sets.length === 0 ? undefined : sets.map((tokens) => tokens.join(",")).join("|");
}

function searchable(context: Context, key: string): Field | undefined {
  const field = fieldOf(context.policy, "customer", key);
  return field?.searchable === true ? field : undefined;
}

function inside(context: Context, searchKey: SearchKey, key: string, text: string): readonly number[] {
  const field = searchable(context, key);
  return field === undefined ? [] : (queryTokens(searchKey, field, text, "inside") ?? []);
}

function exact(context: Context, searchKey: SearchKey, key: string, folded: string): number[][] {
  const field = searchable(context, key);
  const token = field === undefined || folded === "" ? undefined : exactToken(searchKey, field, folded);
  return token === undefined ? [] : [[token]];
}

/** No name is longer; a question about a slip in each place of it grows with the square of its length. */
const longestSlipped = 32;

/** What is left of a text around each place that may be wrong; a text that is longer than names are is looked for as it stands alone. */
function slips(context: Context, searchKey: SearchKey, key: string, text: string): number[][] {
  const letters = [...text];
  if (letters.length > longestSlipped) return [];
  const sets = new Map<string, number[]>();
  for (let at = 0; at < letters.length; at += 1) {
    const left = [letters.slice(0, at).join(""), letters.slice(at + 1).join("")];
    const tokens = [...new Set(left.flatMap((part) => inside(context, searchKey, key, part)))];
    if (tokens.length > 0) sets.set(tokens.join(), tokens);
  }
  // What another set asks more loosely need not be asked.
  const all = [...sets.values()];
  return all.filter((tokens) => !all.some((other) => other !== tokens && other.length < tokens.length && other.every((token) => tokens.includes(token))));
}

function halves(context: Context, searchKey: SearchKey, key: string, text: string): number[][] {
  if (text.length < 6) return [];
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)].flatMap((half) => {
    const tokens = inside(context, searchKey, key, half);
    return tokens.length === 0 ? [] : [[...tokens]];
  });
}

interface Known {
  readonly no: number;
  readonly is: Listed;
}

/**
 * Opens candidates, compares each row with those that say one thing exactly as it does and with those it names in `similar`
 * (numbers, by row), and forgets. What the officer does not see of a record at all takes no part; what is masked does, because
 * whoever handles an incident must find whom it is about.
 */
export function examineListed(
  context: Context,
  rows: readonly Listed[],
  records: readonly SealedRecord[],
  similar: ReadonlyMap<number, readonly number[]> = new Map(),
): Meant[] {
  const { policy, actor, door } = context;
  const fields = listedFields.flatMap((key) => fieldOf(policy, "customer", key) ?? []);
  const bySign = new Map<string, Known[]>();
  const byNo = new Map<number, Known>();
  for (const record of records) {
    const values: Record<string, string> = {};
    for (const field of fields) {
      const value = actor.principal !== "account" || showsOf(policy, actor.rights, record, field) !== 0 ? openField(door.vault, record, field) : undefined;
      if (value !== undefined) values[field.key] = value;
    }
    const known = { no: record.no, is: readListed(values) };
    byNo.set(known.no, known);
    for (const sign of signsOf(known.is)) {
      const others = bySign.get(sign);
      if (others === undefined) bySign.set(sign, [known]);
      else others.push(known);
    }
  }
  return rows.map((row, at) => {
    const found = new Map<number, Known>();
    for (const sign of signsOf(row)) {
      const carriers = bySign.get(sign) ?? [];
      if (carriers.length <= mostCarriers) for (const known of carriers) found.set(known.no, known);
    }
    for (const no of similar.get(at) ?? []) {
      const known = byNo.get(no);
      if (known !== undefined) found.set(no, known);
    }
    return decideListed(row, [...found.values()]);
  });
}

function signsOf({ name, kana, mail, phones, member }: Listed): string[] {
  return [
    ...(name === "" ? [] : [`n${name}`]),
    ...(kana === "" ? [] : [`k${kana}`]),
    ...(mail === "" ? [] : [`e${mail}`]),
    ...phones.map((phone) => `p${phone}`),
    ...(member === "" ? [] : [`m${member}`]),
  ];
}

/** Decides among those whom a row may mean. Pure. */
export function decideListed(row: Listed, known: readonly Known[]): Meant {
  const likely = known
    .map((one) => ({ ...one, like: compareListed(row, one.is) }))
    .filter(({ like }) => like.score >= askFrom || strong.some((reason) => like.reasons.includes(reason)))
    .toSorted((a, b) => b.like.score - a.like.score || a.no - b.no);
  const best = likely[0];
  const isOpen = best === undefined || best.like.score < sureFrom || best.like.isOtherName;
  if (best === undefined) return { kind: "none", candidates: [], isOpen };
  const near = likely.filter(({ like }) => like.score > best.like.score - lead);
  if (isSure(best.like) && near.every((one) => one === best || (isSure(one.like) && isOnePerson(best.is, one.is)))) {
    return { kind: "sure", candidates: near.slice(0, mostCandidates).map(told), isOpen: false };
  }
  return { kind: "ambiguous", candidates: likely.slice(0, mostCandidates).map(told), isOpen };
}

const strong: readonly ListedReason[] = ["same-mail", "same-phone", "same-member-number"];

function isSure({ score, isOtherName }: Likeness): boolean {
  return score >= sureFrom && !isOtherName;
}

function told({ no, like }: Known & { like: Likeness }): Meant["candidates"][number] {
  return { no, score: like.score, reasons: like.reasons };
}
