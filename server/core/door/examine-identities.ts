import { fieldOf } from "#server/core/access/policy.ts";
import { exactToken, fold } from "#server/core/vault/index.ts";
import type { FieldType } from "#shared/fields.ts";
import type { Context } from "./context.ts";
import { openField, showsOf } from "./release.ts";
import type { SealedRecord } from "./sealed-record.ts";

/** The fields of a customer by which two rows are known as one person. */
export const identityFields = ["fullName", "companyName", "mail", "phone", "mobile", "address", "memberNumber"] as const;

type Values = Readonly<Record<string, string | null | undefined>>;

/** Who a row is, for comparing within the process: folded values, never to be stored or sent. */
export interface Identity {
  /** What a new row asks with. */
  readonly own: readonly string[];
  /** Whether it asks with less than a name and a number or address to reach it by. */
  readonly isPoor: boolean;
  /** What it answers to, poor rows included. Costs as much again: ask for it only where poor rows ask. */
  readonly answers: () => readonly string[];
  /** Field and folded value pairs: whoever is the same person carries the exact token of one of them. */
  readonly exact: readonly (readonly [field: string, folded: string])[];
}

/**
 * What makes two rows one person: the same name with the same mail address, phone or mobile; the same member number, unless
 * name, mail and phones all differ (each list counts from 1 on); or, for a row that has none of these, the same name with the
 * same address, else with the same company. A row without a name is known by its member number or mail address. A name alone
 * is nobody, and neither is a telephone that a household or an office shares.
 */
export function identify(values: Values): Identity {
  const folded = (key: string, type: FieldType): string => {
    const value = values[key];
    return value === undefined || value === null ? "" : fold(type, value);
  };
  const own: string[] = [];
  const exact: [string, string][] = [];
  const name = folded("fullName", "name");
  const member = folded("memberNumber", "code");
  if (member !== "") {
    own.push(`m${member}\0${name}`);
    exact.push(["memberNumber", member]);
  }
  const reach = (sign: string, folded: string): void => {
    own.push(`${sign}${folded}\0${name}`);
    if (member !== "") {
      own.push(`n${member}\0${sign}${folded}`);
    }
  };
  const mail = folded("mail", "mail");
  if (mail !== "") {
    reach("e", mail);
    exact.push(["mail", mail]);
  }
  for (const key of ["phone", "mobile"]) {
    const phone = folded(key, "phone");
    if (phone !== "") {
      reach("p", phone);
      exact.push(["phone", phone], ["mobile", phone]);
    }
  }
  const weak = (): string[] => {
    // What a row without a name asks with.
    const keys = [...(member === "" ? [] : [`m${member}\0`]), ...(mail === "" ? [] : [`e${mail}\0`])];
    const address = name === "" ? "" : folded("address", "address");
    if (address !== "") {
      keys.push(`a${address}\0${name}`);
    }
    const company = folded("companyName", "name");
    if (company !== "") {
      keys.push(`c${company}\0${name}`);
    }
    return keys;
  };
  if (own.length > 0) {
    return { own, isPoor: name === "", answers: () => (name === "" ? own : [...own, ...weak()]), exact };
  }
  const keys = weak();
  return {
    own: keys.slice(0, 1),
    isPoor: true,
    answers: () => keys,
    exact: [name === "" ? ["companyName", folded("companyName", "name")] : ["fullName", name]],
  };
}

/** The tokens by which the index is asked for whoever may be one of these people. */
export function identityTokens(context: Context, identities: readonly Identity[]): number[] {
  const tokens = new Set<number>();
  const fields = new Map(identityFields.map((key) => [key as string, fieldOf(context.policy, "customer", key)]));
  for (const searchKey of context.door.vault.searchKeys().all) {
    for (const { exact } of identities) {
      for (const [key, folded] of exact) {
        const field = fields.get(key);
        const token = field === undefined ? undefined : exactToken(searchKey, field, folded);
        if (token !== undefined) {
          tokens.add(token);
        }
      }
    }
  }
  return [...tokens];
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
    for (const key of identify(values).answers()) {
      const other = known.get(key);
      if (other === undefined || record.no < other) {
        known.set(key, record.no);
      }
    }
  }
  return known;
}
