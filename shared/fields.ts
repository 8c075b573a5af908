import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { fieldClass, type FieldClass, type Kind } from "./rights.ts";

/** How a value is typed, folded for search and validated. */
export const fieldTypes = ["name", "kana", "text", "code", "mail", "phone", "postal", "address", "date", "choice", "notes"] as const;
export type FieldType = (typeof fieldTypes)[number];

/** How a value keeps its shape when masked. `none`: the field is never masked. */
export const masks = ["none", "phone", "mail", "address", "all"] as const;
export type Mask = (typeof masks)[number];

export interface StandardField {
  /** Stable number, used in events and search tokens (1–63). Never reused. */
  readonly no: number;
  readonly key: string;
  readonly kind: Kind;
  readonly ja: string;
  readonly en: string;
  readonly class: FieldClass;
  readonly type: FieldType;
  readonly mask: Mask;
  readonly searchable: boolean;
}

const of =
  (kind: Kind) =>
  (no: number, key: string, ja: string, en: string, cls: FieldClass, type: FieldType, mask: Mask, searchable: boolean): StandardField => ({
    no,
    key,
    kind,
    ja,
    en,
    class: cls,
    type,
    mask,
    searchable,
  });
const customer = of("customer");
const company = of("company");
const account = of("account");

/** The standard Japanese fields (product.md K1). An organisation may class them anew. */
export const standardFields: readonly StandardField[] = [
  customer(1, "fullName", "氏名", "Name", "personal", "name", "none", true),
  customer(2, "kana", "フリガナ", "Reading", "personal", "kana", "none", true),
  customer(3, "companyName", "会社", "Company", "internal", "name", "none", true),
  customer(4, "section", "部署", "Section", "internal", "text", "none", false),
  customer(5, "jobTitle", "役職", "Title", "internal", "text", "none", false),
  customer(6, "mail", "メール", "Mail", "personal", "mail", "mail", true),
  customer(7, "phone", "電話", "Phone", "personal", "phone", "phone", true),
  customer(8, "mobile", "携帯", "Mobile", "personal", "phone", "phone", true),
  customer(9, "fax", "FAX", "Fax", "personal", "phone", "phone", false),
  customer(10, "postalCode", "郵便番号", "Postal code", "personal", "postal", "all", false),
  customer(11, "address", "住所", "Address", "personal", "address", "address", true),
  customer(12, "birthDate", "生年月日", "Date of birth", "personal", "date", "all", false),
  customer(13, "gender", "性別", "Gender", "personal", "choice", "all", false),
  customer(14, "notes", "備考", "Notes", "personal", "notes", "none", false),
  customer(15, "memberNumber", "顧客番号", "Member number", "internal", "code", "none", true),
  customer(16, "bankAccount", "口座", "Bank account", "sensitive", "text", "all", false),
  customer(17, "considerations", "配慮事項", "Considerations", "sensitive", "notes", "all", false),
  company(32, "companyName", "会社名", "Company", "open", "name", "none", true),
  company(33, "kana", "フリガナ", "Reading", "open", "kana", "none", true),
  company(34, "corporateNumber", "法人番号", "Corporate number", "open", "code", "none", true),
  company(35, "phone", "代表電話", "Phone", "internal", "phone", "none", true),
  company(36, "postalCode", "郵便番号", "Postal code", "internal", "postal", "none", false),
  company(37, "address", "所在地", "Address", "internal", "address", "none", true),
  company(38, "notes", "備考", "Notes", "internal", "notes", "none", false),
  account(48, "staffName", "氏名", "Name", "internal", "name", "none", false),
  account(49, "staffMail", "メール", "Mail", "internal", "mail", "none", false),
];

/** Field keys with what the signed-in person may do with them anywhere; the row decides again. */
export const fieldOut = z.object({
  key: z.string(),
  kind: z.string(),
  ja: z.string(),
  en: z.string(),
  class: fieldClass,
  /** Set while a looser class waits for the background resealing; the stricter one holds meanwhile. */
  targetClass: fieldClass.nullable(),
  type: z.enum(fieldTypes),
  mask: z.enum(masks),
  searchable: z.boolean(),
  mayRead: z.boolean(),
  mayWrite: z.boolean(),
});

export const listFields = endpoint({
  method: "GET",
  path: "/api/fields",
  access: "signed-in",
  summary: "The fields of customers and companies, with what the caller may do with them",
  reply: z.object({ fields: z.array(fieldOut) }),
});

export const reclassField = endpoint({
  method: "PUT",
  path: "/api/fields/:kind/:key/class",
  access: "manage-fields",
  summary: "Class a field anew: a stricter class holds at once, a looser one after resealing",
  params: z.object({ kind: z.enum(["customer", "company"]), key: z.string() }),
  body: z.object({ class: fieldClass }),
  reply: z.object({ kind: z.enum(["settled", "resealing"]) }),
});
