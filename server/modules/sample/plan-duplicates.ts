import type { SampleCompany } from "./generate-companies.ts";
import type { CustomerValues, SampleCustomer } from "./generate-customers.ts";

/** A second entry of a person or company, as it comes about in an office: typed by another hand, from a card, at an exhibition. */
export interface SampleDuplicate {
  /** Ordinal of the customer it is about. */
  readonly of: number;
  /** Place in `companies` of {@link planDuplicates}; null: the company of the first entry. */
  readonly company: number | null;
  readonly values: CustomerValues;
}

export interface SampleDuplicates {
  readonly customers: readonly SampleDuplicate[];
  readonly companies: readonly Readonly<Record<string, string | null>>[];
}

export const sampleDuplicateCount = 12;

/** One kanji and the form of it that another person writes. */
const otherForms: readonly (readonly [string, string])[] = [
  ["高", "髙"],
  ["辺", "邊"],
  ["斎", "斉"],
  ["崎", "﨑"],
  ["浜", "濱"],
  ["沢", "澤"],
  ["広", "廣"],
];

const habits: readonly ((values: CustomerValues) => Partial<CustomerValues>)[] = [
  // The name without its space and in the other form, the rest from memory.
  (values) => ({ fullName: inOtherForm(values.fullName).replace("　", ""), phone: null, fax: null, birthDate: null, notes: "展示会で名刺交換" }),
  // The mobile typed into the place of the telephone.
  (values) => ({ phone: values.mobile ?? values.phone, mobile: null, fax: null, mail: null, postalCode: values.postalCode, notes: null }),
  // A newer card: another section and title.
  (values) => ({ section: "営業企画部", jobTitle: values.jobTitle === "部長" ? "本部長" : "部長", phone: null, notes: "異動のご挨拶をいただいた" }),
  // A mail in capitals, out of another system.
  (values) => ({ fullName: values.fullName.replace("　", " "), mail: values.mail?.toUpperCase() ?? null, gender: null, birthDate: null, notes: null }),
];

/**
 * Twelve persons and three companies that stand in the lists twice, and a branch. Pure: the same for the same customers.
 * `customers` must hold enough people with a mail and a mobile.
 */
export function planDuplicates(customers: readonly SampleCustomer[], companyOf: (ordinal: number) => SampleCompany): SampleDuplicates {
  const fitting = customers.filter(({ company, values }) => company !== null && values.mail !== null && values.mobile !== null);
  const firsts = Array.from({ length: sampleDuplicateCount }, (_, index) => fitting[index * 7 + 3] as SampleCustomer);
  const doubled = [...new Set(firsts.map((one) => one.company as number))].slice(0, 3);
  const companies = doubled.map((ordinal, index): Readonly<Record<string, string | null>> => {
    const { values, shortName } = companyOf(ordinal);
    return {
      companyName: shortName,
      corporateNumber: index === 0 ? values.corporateNumber : null,
      phone: values.phone,
      notes: index === 2 ? "請求先は本社経理部" : null,
    };
  });
  const branch = companyOf(doubled[1] ?? 0).values;
  return {
    customers: firsts.map((first, index) => {
      const doubledAt = doubled.indexOf(first.company as number);
      return {
        of: first.ordinal,
        company: index % 2 === 1 && doubledAt >= 0 ? doubledAt : null,
        values: {
          ...first.values,
          memberNumber: `C9${String(index + 1).padStart(6, "0")}`,
          bankAccount: null,
          considerations: null,
          ...habits[index % habits.length]?.(first.values),
        },
      };
    }),
    companies: [...companies, { companyName: `${branch.companyName} 大阪支店`, corporateNumber: branch.corporateNumber, phone: "06-6000-0112", notes: null }],
  };
}

function inOtherForm(name: string): string {
  for (const [form, other] of otherForms) {
    if (name.includes(form)) return name.replace(form, other);
    if (name.includes(other)) return name.replace(other, form);
  }
  return name;
}
