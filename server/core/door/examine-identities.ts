import { fieldOf } from "#server/core/access/policy.ts";
import { fold, queryTokens } from "#server/core/vault/index.ts";
import type { Context } from "./context.ts";
import { openField, showsOf } from "./release.ts";
import type { SealedRecord } from "./sealed-record.ts";

/** The fields of a customer by which two rows are known as one person. */
export const identityFields = ["fullName", "companyName", "mail", "phone", "mobile", "address", "memberNumber"] as const;

type Values = Readonly<Record<string, string | null | undefined>>;

/**
 * What makes two rows one person, as texts to be compared within the process: the same member number; or the same name with
 * the same mail address, phone or mobile; or, for a row that has none of these, the same name with the same address, else
 * with the same company. A name alone is nobody, and neither is a number that a household or an office shares.
 *
 * - `own`: what a new row asks with
 * - `all`: what it answers to, also a poorer row that comes later
 */
export function identityKeys(values: Values): { own: string[]; all: string[] } {
  const own: string[] = [];
  const name = values["fullName"] ? fold("name", values["fullName"]) : "";
  const member = values["memberNumber"] ? fold("code", values["memberNumber"]) : "";
  if (member !== "") {
    own.push(`m${member}`);
  }
  const mail = values["mail"] ? fold("mail", values["mail"]) : "";
  if (mail !== "") {
    own.push(`e${mail}\0${name}`);
  }
  for (const key of ["phone", "mobile"]) {
    const phone = values[key] ? fold("phone", values[key]) : "";
    if (phone !== "") {
      own.push(`p${phone}\0${name}`);
    }
  }
  if (name === "") {
    const company = own.length === 0 && values["companyName"] ? fold("name", values["companyName"]) : "";
    return company === "" ? { own, all: own } : { own: [`c${company}\0`], all: [`c${company}\0`] };
  }
  const weak: string[] = [];
  const address = values["address"] ? fold("address", values["address"]) : "";
  if (address !== "") {
    weak.push(`a${address}\0${name}`);
  }
  const company = values["companyName"] ? fold("name", values["companyName"]) : "";
  if (company !== "") {
    weak.push(`c${company}\0${name}`);
  }
  return { own: own.length === 0 ? weak.slice(0, 1) : own, all: [...own, ...weak] };
}

const byNumber = [
  ["memberNumber", ["memberNumber"]],
  ["mail", ["mail"]],
  ["phone", ["phone", "mobile"]],
  ["mobile", ["phone", "mobile"]],
] as const;

/** Exact tokens of a new row: whoever is the same person carries one of them. */
export function identityTokens(context: Context, values: Values): number[] {
  const tokens: number[] = [];
  const add = (key: string, value: string): void => {
    const field = fieldOf(context.policy, "customer", key);
    if (field !== undefined) {
      for (const searchKey of context.door.vault.searchKeys().all) {
        tokens.push(...(queryTokens(searchKey, field, value, "exact") ?? []));
      }
    }
  };
  for (const [key, places] of byNumber) {
    const value = values[key];
    if (value !== undefined && value !== null) {
      for (const place of places) {
        add(place, value);
      }
    }
  }
  if (tokens.length === 0) {
    const name = values["fullName"] ?? "";
    add(name === "" ? "companyName" : "fullName", name === "" ? (values["companyName"] ?? "") : name);
  }
  return tokens;
}

/**
 * Opens candidates, takes what they answer to, and forgets: key → lowest number. A field that the account on whose behalf
 * this happens does not see on that record takes no part; one that is masked does, because only its exact form answers.
 */
export function examineIdentities(context: Context, records: readonly SealedRecord[], accountNo: number | null): Map<string, number> {
  const { policy, actor, door } = context;
  const fields = identityFields.flatMap((key) => fieldOf(policy, "customer", key) ?? []);
  const known = new Map<string, number>();
  for (const record of records) {
    const values: Record<string, string | undefined> = {};
    for (const field of fields) {
      if (accountNo === null || showsOf(policy, actor.rights, record, field) !== 0) {
        values[field.key] = openField(door.vault, record, field);
      }
    }
    for (const key of identityKeys(values).all) {
      const other = known.get(key);
      if (other === undefined || record.no < other) {
        known.set(key, record.no);
      }
    }
  }
  return known;
}
