import { fieldOf } from "#server/core/access/policy.ts";
import { exactToken, fold } from "#server/core/vault/index.ts";
import { buyerColumns } from "#shared/imports.ts";
import type { Context } from "./context.ts";
import { answersExactly, openField } from "./release.ts";
import type { SealedRecord } from "./sealed-record.ts";

type Sign = (typeof buyerColumns)[number];

/** What a row says of who bought, folded for comparing within the process: never to be stored or sent. */
export interface Buyer {
  readonly member: string;
  readonly mail: string;
  readonly phones: readonly string[];
  readonly name: string;
  readonly company: string;
}

/** Who answers to it: one without a doubt, several or one of whom other values say otherwise, or nobody. */
export type Answering =
  | { readonly kind: "one"; readonly no: number }
  | { readonly kind: "undecided"; readonly numbers: readonly number[] }
  | { readonly kind: "nobody" };

/** More candidates than this are no choice. */
const mostCandidates = 20;

/** Folds what a row says of its buyer, or a record of itself. */
export function readBuyer(values: Readonly<Partial<Record<string, string>>>): Buyer {
  const folded = (key: Sign, type: "code" | "mail" | "phone" | "name"): string => {
    const value = values[key];
    return value === undefined ? "" : fold(type, value);
  };
  return {
    member: folded("memberNumber", "code"),
    mail: folded("mail", "mail"),
    phones: [folded("phone", "phone"), folded("mobile", "phone")].filter((phone, index, all) => phone !== "" && all.indexOf(phone) === index),
    name: folded("fullName", "name"),
    company: folded("companyName", "name"),
  };
}

/** The tokens by which the index is asked for whoever may be one of these. By a name only where nothing else is said. */
export function buyerTokens(context: Context, buyers: readonly Buyer[]): number[] {
  const tokens = new Set<number>();
  for (const searchKey of context.door.vault.searchKeys().all) {
    const add = (key: Sign, folded: string): void => {
      const field = fieldOf(context.policy, "customer", key);
      const token = field === undefined || folded === "" ? undefined : exactToken(searchKey, field, folded);
      if (token !== undefined) {
        tokens.add(token);
      }
    };
    for (const { member, mail, phones, name } of buyers) {
      add("memberNumber", member);
      add("mail", mail);
      for (const phone of phones) {
        add("phone", phone);
        add("mobile", phone);
      }
      if (member === "" && mail === "" && phones.length === 0) {
        add("fullName", name);
      }
    }
  }
  return [...tokens];
}

/**
 * Opens candidates, compares each buyer with them, and forgets. One answers without a doubt by member number, mail address or
 * telephone when the name (or for the number: any other sign) that the row gives agrees, or by name and company together. A field whose
 * exact form the account on whose behalf this happens could not search for on that record takes no part.
 */
export function examineBuyers(context: Context, buyers: readonly Buyer[], records: readonly SealedRecord[], accountNo: number | null): Answering[] {
  const { policy, actor, door } = context;
  const fields = buyerColumns.flatMap((key) => fieldOf(policy, "customer", key) ?? []);
  const bySign = new Map<string, { no: number; is: Buyer }[]>();
  for (const record of records) {
    const values: Record<string, string> = {};
    for (const field of fields) {
      const value = accountNo === null || answersExactly(policy, actor.rights, record, field) ? openField(door.vault, record, field) : undefined;
      if (value !== undefined) {
        values[field.key] = value;
      }
    }
    const known = { no: record.no, is: readBuyer(values) };
    for (const sign of signsOf(known.is)) {
      const others = bySign.get(sign);
      if (others === undefined) {
        bySign.set(sign, [known]);
      } else {
        others.push(known);
      }
    }
  }
  return buyers.map((buyer) => {
    const found = new Map(signsOf(buyer).flatMap((sign) => (bySign.get(sign) ?? []).map((known) => [known.no, known.is])));
    return decide(buyer, found);
  });
}

function signsOf({ member, mail, phones, name }: Buyer): string[] {
  return [
    ...(member === "" ? [] : [`m${member}`]),
    ...(mail === "" ? [] : [`e${mail}`]),
    ...phones.map((phone) => `p${phone}`),
    ...(name === "" ? [] : [`n${name}`]),
  ];
}

/** Decides among those who share a sign with the buyer, by number. Pure. */
export function decide(buyer: Buyer, found: ReadonlyMap<number, Buyer>): Answering {
  const agreeing = [...found].flatMap(([no, known]) => {
    const agreed = agreement(buyer, known);
    return agreed === 0 ? [] : [{ no, agreed }];
  });
  const most = Math.max(0, ...agreeing.map(({ agreed }) => agreed));
  const best = agreeing.filter(({ agreed }) => agreed === most);
  const [only] = best;
  if (only !== undefined && best.length === 1) {
    return { kind: "one", no: only.no };
  }
  // By a name alone nobody is meant for sure, but somebody who said more may be chosen among those of the name.
  const numbers = (best.length > 0 ? best.map(({ no }) => no) : [...found.keys()]).toSorted((a, b) => a - b);
  return numbers.length === 0 ? { kind: "nobody" } : { kind: "undecided", numbers: numbers.slice(0, mostCandidates) };
}

/** By how many signs the two agree; 0 where it is not enough, or where one of them speaks against it. */
function agreement(buyer: Buyer, known: Buyer): number {
  const isMember = buyer.member !== "" && buyer.member === known.member;
  const isMail = buyer.mail !== "" && buyer.mail === known.mail;
  const phones = buyer.phones.filter((phone) => known.phones.includes(phone)).length;
  const isName = buyer.name !== "" && buyer.name === known.name;
  const isCompany = buyer.company !== "" && buyer.company === known.company;
  const agreed = Number(isMember) + Number(isMail) + phones + Number(isName) + Number(isCompany);
  const saysMore = buyer.mail !== "" || buyer.phones.length > 0 || buyer.name !== "" || buyer.company !== "";
  if (isMember && (!saysMore || agreed > 1)) {
    return agreed;
  }
  const isNamed = buyer.name === "" ? buyer.company === "" || isCompany : isName || (known.name === "" && isCompany);
  if ((isMail || phones > 0) && isNamed && (isName || buyer.member === "" || known.member === "" || isMember)) {
    return agreed;
  }
  return isName && isCompany && buyer.mail === "" && buyer.phones.length === 0 && buyer.member === "" ? agreed : 0;
}
