import { fold, queryTokens, termKinds, type Match, type SearchKey } from "#server/core/vault/index.ts";
import { bigramCode, searchableFields } from "./plain-row.ts";

/** What a typed search asks of the twin's indexes, and how its hits are told apart by field. The words mean what they mean to the product. */
export interface PlainSearch {
  /** SQL over `customer_search` as h, parameters from `$first` on; undefined where nothing can be found. */
  readonly condition: string | undefined;
  readonly parameters: readonly unknown[];
  readonly terms: readonly (readonly {
    readonly line: number;
    readonly key: string;
    readonly isPhone: boolean;
    readonly folded: string;
    readonly allowed: readonly Match[];
  }[])[];
}

// Only asked whether a way exists, never for a token that anything is found by.
const noKey: SearchKey = {
  version: 0,
  token: () => 0,
  pushGrams(into, _fieldNo, text, size, _bits, isMute) {
    for (let at = 0; at + size <= text.length; at += 1) if (!isMute(text.slice(at, at + size))) into.push(0);
  },
  close: () => undefined,
};
const hows: readonly Match[] = ["inside", "prefix", "exact", "last-four"];

export function planPlainSearch(typed: string, first: number): PlainSearch {
  const terms: PlainSearch["terms"][number][] = [];
  const parameters: unknown[] = [];
  const conditions: string[] = [];
  let isHopeless = false;
  for (const term of typed.normalize("NFKC").split(/\s+/u).filter(Boolean).slice(0, 6)) {
    const types = new Set(termKinds(term));
    const ways = searchableFields.flatMap((field, line) => {
      const folded = types.has(field.type) ? fold(field.type, term) : "";
      const possible = folded === "" ? [] : hows.filter((how) => queryTokens(noKey, field, term, how) !== undefined);
      // A number is looked up whole, one character begins a name: an index of the product answers to nothing else.
      const allowed = possible.includes("inside") ? hows : possible.includes("prefix") ? [...possible, "exact" as const] : possible;
      return allowed.length === 0 ? [] : [{ line, key: field.key, isPhone: field.type === "phone", folded, allowed }];
    });
    if (ways.length === 0) isHopeless = true;
    terms.push(ways);
    const alternatives = [...new Set(ways.map((way) => way.folded))].map((folded) =>
      condition(folded, (parameter) => `$${first + parameters.push(parameter) - 1}`),
    );
    if (alternatives.length > 0) conditions.push(`(${alternatives.join(" or ")})`);
  }
  return { condition: isHopeless || conditions.length === 0 ? undefined : conditions.join(" and "), parameters, terms };
}

/** Domains of so many people that they narrow nothing. */
const commonDomain = /^(mail\.|keitai\.|post\.|example\.|gmail\.|yahoo\.|icloud\.|docomo\.|ezweb\.|softbank\.|i\.softbank\.)/;

function condition(folded: string, place: (parameter: unknown) => string): string {
  const characters = [...folded];
  const [local = "", domain = ""] = folded.split("@");
  if (characters.length === 1) return `h.bigrams @> ${place([bigramCode("^", folded)])}::int[]`;
  if (characters.length === 2) return `h.bigrams @> ${place([bigramCode(characters[0]!, characters[1]!)])}::int[]`;
  const like = (text: string): string => `h.search_text like ${place(`%${text.replace(/[\\%_]/g, "\\$&")}%`)}`;
  // The trigrams of `.example.co.jp` are in most rows and cost 6 ms to read: the rarest part goes to the index, all of it is checked.
  const label = domain.split(".")[0]!;
  const part = label.length >= 3 && !commonDomain.test(domain) ? label : local;
  return domain !== "" && part.length >= 3 ? `(${like(part)} and position(${place(folded)} in h.search_text) > 0)` : like(folded);
}

/** The reasons of a hit, one a term in the order typed and each field once; undefined when a term matches no field after all. */
export function reasonsOf(search: PlainSearch, searchText: string): { field: string; how: Match }[] | undefined {
  const lines = searchText.split("\n");
  const reasons: { field: string; how: Match }[] = [];
  for (const ways of search.terms) {
    let found: { field: string; how: Match } | undefined;
    for (const { line, key, isPhone, folded, allowed } of ways) {
      const text = lines[line + 1]!;
      const at = text.indexOf(folded);
      if (at < 0) continue;
      const how =
        text.length === folded.length ? "exact" : at === 0 ? "prefix" : isPhone && folded.length === 4 && text.endsWith(folded) ? "last-four" : "inside";
      if (!allowed.includes(how)) continue;
      found = { field: key, how };
      break;
    }
    if (found === undefined) return undefined;
    if (!reasons.some((reason) => reason.field === found.field)) reasons.push(found);
  }
  return reasons;
}
