import { branchOf, fold } from "#server/core/vault/index.ts";
import type { LikenessCode, MergeKind } from "#shared/duplicates.ts";
import { readCorporateNumber } from "#shared/corporate-number.ts";
import type { FieldType } from "#shared/fields.ts";

/** The fields of each kind by which two rows are compared, with how they fold. */
export const likenessFields = {
  customer: {
    fullName: "name",
    kana: "kana",
    mail: "mail",
    phone: "phone",
    mobile: "phone",
    address: "address",
    companyName: "name",
    birthDate: "date",
    memberNumber: "code",
  },
  company: { companyName: "name", kana: "kana", corporateNumber: "code", phone: "phone", address: "address" },
} as const satisfies Record<MergeKind, Readonly<Record<string, FieldType>>>;

/** Folded values of a row, for comparing within the process: never to be stored or sent. Empty ones are absent. */
export type Profile = Readonly<Partial<Record<string, string>>>;

/** A number of fewer digits is an extension or a mistake. */
const shortestPhone = 9;

export function profileOf(kind: MergeKind, valueOf: (key: string) => string | null | undefined): Profile {
  const profile: Record<string, string> = {};
  for (const [key, type] of Object.entries(likenessFields[kind]) as [string, FieldType][]) {
    const value = valueOf(key);
    if (value === undefined || value === null) {
      continue;
    }
    const folded = key === "corporateNumber" ? (readCorporateNumber(value) ?? "") : fold(type, value);
    if (folded !== "" && !(type === "phone" && folded.length < shortestPhone)) {
      profile[key] = folded;
    }
  }
  return profile;
}

/** Why two rows may be one, or may not: codes in the order of the contract. */
export function compareProfiles(kind: MergeKind, a: Profile, b: Profile): LikenessCode[] {
  return kind === "customer" ? comparePersons(a, b) : compareCompanies(a, b);
}

function isSame(a: Profile, b: Profile, key: string): boolean {
  return a[key] !== undefined && a[key] === b[key];
}
function isOther(a: Profile, b: Profile, key: string): boolean {
  return a[key] !== undefined && b[key] !== undefined && a[key] !== b[key];
}

function comparePersons(a: Profile, b: Profile): LikenessCode[] {
  const codes: LikenessCode[] = [];
  if (isSame(a, b, "fullName")) codes.push("same-name");
  if (isSame(a, b, "kana")) codes.push("same-kana");
  if (isSame(a, b, "mail")) codes.push("same-mail");
  // A mobile typed into the place of the telephone is a mobile still.
  if (isSame(a, b, "mobile") || (a["mobile"] !== undefined && a["mobile"] === b["phone"]) || (b["mobile"] !== undefined && b["mobile"] === a["phone"])) {
    codes.push("same-mobile");
  }
  if (isSame(a, b, "phone")) codes.push("same-phone");
  if (isSame(a, b, "address")) codes.push("same-address");
  if (isSame(a, b, "companyName")) codes.push("same-company");
  if (isSame(a, b, "birthDate")) codes.push("same-birth-date");
  if (isSame(a, b, "memberNumber")) codes.push("same-member-number");
  if (isOther(a, b, "birthDate")) codes.push("other-birth-date");
  return codes;
}

function compareCompanies(a: Profile, b: Profile): LikenessCode[] {
  const codes: LikenessCode[] = [];
  if (isSame(a, b, "companyName")) codes.push("same-name");
  if (isSame(a, b, "kana")) codes.push("same-kana");
  if (isSame(a, b, "phone")) codes.push("same-phone");
  if (isSame(a, b, "address")) codes.push("same-address");
  if (isSame(a, b, "corporateNumber")) codes.push("same-corporate-number");
  if (isOther(a, b, "corporateNumber")) codes.push("other-corporate-number");
  const [nameA, nameB] = [a["companyName"], b["companyName"]];
  // Offices of one company share its 法人番号: that it is the same makes no duplicate of them.
  if (nameA !== undefined && nameB !== undefined && !codes.includes("other-corporate-number") && (branchOf(nameA, nameB) || branchOf(nameB, nameA))) {
    codes.push("branch");
  }
  return codes;
}
