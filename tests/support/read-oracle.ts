import { compileRights, hasVerb, levelOf, relationOf, type Rights } from "#server/core/access/compile.ts";
import { fold } from "#server/core/vault/index.ts";
import { recordFields, type StandardField } from "#shared/fields.ts";
import { fieldClasses, type RoleDefinition } from "#shared/rights.ts";

/** A customer as it was seeded: where it stands, and its values by field key. */
export interface KnownCustomer {
  readonly no: number;
  readonly ownerNo: number | null;
  readonly cellNo: number;
  readonly values: Readonly<Record<string, string | null>>;
}

/** `whole`: shown as it is. `masked`: shown by its shape. `hidden`: not shown. `unseen`: the row itself is not there. */
export type Sight = "whole" | "masked" | "hidden" | "unseen";

export const customerFields = recordFields.filter((field) => field.kind === "customer");
export const searchableFields = customerFields.filter((field) => field.searchable);

/** What an account may learn of customers, worked out from its roles' data alone, without any of the product's searching or sorting. */
export interface Oracle {
  readonly rights: Rights;
  sightOf(customer: KnownCustomer, field: StandardField): Sight;
  sees(customer: KnownCustomer): boolean;
  /** Numbers of those who answer to every word of a search, ascending. */
  find(typed: string): number[];
  /** Numbers in the order of a field, those whose value is not shown at the end by number; undefined where sorting is refused. */
  order(key: string, descending: boolean, among: readonly number[]): number[] | undefined;
  visible(fits?: (customer: KnownCustomer) => boolean): number[];
  readonly mayReveal: boolean;
}

export function oracleFor(given: {
  roles: readonly RoleDefinition[];
  accountNo: number;
  cells: readonly number[];
  customers: readonly KnownCustomer[];
}): Oracle {
  const rights = compileRights(given);
  const customers = given.customers.toSorted((a, b) => a.no - b.no);
  const sees = (customer: KnownCustomer): boolean =>
    fieldClasses.some((name) => levelOf(rights, "customer", relationOf(rights, customer), name).level !== "none");
  const sightOf = (customer: KnownCustomer, field: StandardField): Sight => {
    if (!sees(customer)) return "unseen";
    const { level, masked } = levelOf(rights, "customer", relationOf(rights, customer), field.class);
    return level === "none" ? "hidden" : masked && field.mask !== "none" ? "masked" : "whole";
  };
  const answers = (customer: KnownCustomer, word: string, isOnly: boolean): boolean =>
    searchableFields.some((field) => {
      const sight = sightOf(customer, field);
      const value = customer.values[field.key];
      if (value === undefined || value === null || (sight !== "whole" && sight !== "masked")) return false;
      const [text, term] = [fold(field.type, value), fold(field.type, word)];
      if (term === "") return false;
      const isExact = text === term;
      const isLastFour = field.type === "phone" && term.length === 4 && text.endsWith(term);
      // An address has no exact form in the index, so that a masked one answers to nothing.
      if (sight === "masked") return (isExact && field.type !== "address") || isLastFour;
      if (field.type === "code") return isExact;
      // Three digits are too few to look for; beside another word they are compared with the beginning.
      if (field.type === "phone" && term.length < 4) return !isOnly && text.startsWith(term);
      // One character answers as the beginning of a name.
      if ([...term].length === 1) return field.type === "name" && text.startsWith(term);
      return text.includes(term);
    });
  return {
    rights,
    sees,
    sightOf,
    mayReveal: hasVerb(rights, "reveal"),
    visible: (fits) => customers.filter((customer) => sees(customer) && (fits?.(customer) ?? true)).map(({ no }) => no),
    find(typed) {
      const words = typed.split(/\s+/u).filter(Boolean);
      // 木村 村男 is kept as 木村々男: where a name is folded across its space, its two words answer together.
      const together = (a = "", b = ""): string[] =>
        fold("name", a) !== "" && fold("name", b) !== "" && fold("name", a + b) !== fold("name", a) + fold("name", b) ? [a + b] : [];
      const forms = words.map((word, at) => [word, ...together(words[at - 1], word), ...together(word, words[at + 1])]);
      return customers.filter((customer) => forms.every((each) => each.some((form) => answers(customer, form, words.length === 1)))).map(({ no }) => no);
    },
    order(key, descending, among) {
      const field = customerFields.find((each) => each.key === key) as StandardField;
      const places = [0, 1, 2, 3] as const;
      const isRefused = places.some((relation) => {
        const isSeen = fieldClasses.some((name) => levelOf(rights, "customer", relation, name).level !== "none");
        const { level, masked } = levelOf(rights, "customer", relation, field.class);
        return isSeen && (level === "none" || (masked && field.mask !== "none"));
      });
      if (isRefused) return undefined;
      const listed = customers.filter(({ no }) => among.includes(no));
      const known = listed.filter((customer) => sightOf(customer, field) === "whole" && (customer.values[key] ?? "") !== "");
      const text = (customer: KnownCustomer): string => fold(field.type, customer.values[key] as string);
      known.sort((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : a.no - b.no));
      if (descending) known.reverse();
      return [...known, ...listed.filter((customer) => !known.includes(customer))].map(({ no }) => no);
    },
  };
}
