import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { fieldClass, type FieldClass, type Kind } from "./rights.ts";

/** How a value is typed, folded for search and validated. */
export const fieldTypes = [
  "name",
  "kana",
  "text",
  "code",
  "mail",
  "phone",
  "postal",
  "address",
  "date",
  "choice",
  "notes",
  "number",
  "multi",
  "url",
  "flag",
] as const;
export type FieldType = (typeof fieldTypes)[number];

/** What an organisation's own fields may be. */
export const ownFieldTypes = ["text", "kana", "code", "number", "date", "choice", "multi", "flag", "phone", "mail", "url", "notes"] as const;
export type OwnFieldType = (typeof ownFieldTypes)[number];

/** How a value keeps its shape when masked. `none`: the field is never masked. */
export const masks = ["none", "phone", "mail", "address", "all"] as const;
export type Mask = (typeof masks)[number];

/**
 * Where the values of a field are. `record`: in the sealed values of the record itself. `attached`: in texts of their own that
 * belong to the record (a contact note); the field then decides who reads them, and no form, import or column offers it.
 */
export const fieldPlaces = ["record", "attached"] as const;
export type FieldPlace = (typeof fieldPlaces)[number];

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
  readonly place: FieldPlace;
}

const of =
  (kind: Kind) =>
  (
    no: number,
    key: string,
    ja: string,
    en: string,
    cls: FieldClass,
    type: FieldType,
    mask: Mask,
    searchable: boolean,
    place: FieldPlace = "record",
  ): StandardField => ({
    no,
    key,
    kind,
    ja,
    en,
    class: cls,
    type,
    mask,
    searchable,
    place,
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
  customer(18, "contactNote", "対応記録", "Contact note", "personal", "notes", "none", false, "attached"),
  customer(19, "purchase", "購買", "Purchase", "internal", "notes", "none", false, "attached"),
  customer(20, "personRequest", "本人の請求", "Person's request", "personal", "notes", "none", false, "attached"),
  company(32, "companyName", "会社名", "Company", "open", "name", "none", true),
  company(33, "kana", "フリガナ", "Reading", "open", "kana", "none", true),
  company(34, "corporateNumber", "法人番号", "Corporate number", "open", "code", "none", true),
  company(35, "phone", "代表電話", "Phone", "internal", "phone", "none", true),
  company(36, "postalCode", "郵便番号", "Postal code", "internal", "postal", "none", false),
  company(37, "address", "所在地", "Address", "internal", "address", "none", true),
  company(38, "notes", "備考", "Notes", "internal", "notes", "none", false),
  company(39, "contactNote", "対応記録", "Contact note", "internal", "notes", "none", false, "attached"),
  account(48, "staffName", "氏名", "Name", "internal", "name", "none", false),
  account(49, "staffMail", "メール", "Mail", "internal", "mail", "none", false),
];

/** The form in which the values of an own field stand in the blind index; types that are not here give few different values or many words, and both say too much. */
export const searchForms: Readonly<Partial<Record<FieldType, FieldType>>> = { text: "name", kana: "kana", code: "code", phone: "phone", mail: "mail" };

/** The masks that make sense of a type. */
export function masksOf(type: FieldType): readonly Mask[] {
  return type === "phone" || type === "mail" ? ["none", type, "all"] : ["none", "all"];
}

/** Of one kind of record; fields that are not used any more count among them. */
export const mostOwnFields = 100;
export const mostSearchableFields = 28;
export const mostChoices = 60;
export const mostSections = 20;
/** Own fields are numbered from here on; the numbers below belong to the standard fields. */
export const firstOwnFieldNo = 64;

/** The standard fields whose values stand in the record itself. */
export const recordFields: readonly StandardField[] = standardFields.filter((field) => field.place === "record");

/** Fields by which a record is known: always in use. */
export const lastingFields: Readonly<Record<string, string>> = { customer: "fullName", company: "companyName" };

const label = z.string().trim().min(1).max(40);
const labelEn = z.string().trim().max(60);

/**
 * One answer of a choice. Its key is what stands in the sealed value: the Japanese label as it was first written, so that an
 * export reads well; the labels may change. A retired one stays readable and is offered no more.
 */
export const fieldChoice = z.object({ key: z.string(), ja: z.string(), en: z.string(), isRetired: z.boolean() });
export type FieldChoice = z.output<typeof fieldChoice>;
const typedChoice = z.object({ key: z.string().max(40).nullable(), ja: label, en: labelEn, isRetired: z.boolean() });

/** States of a field in the blind index: `building` and `clearing` are the background work on the way. */
export const indexStates = ["none", "building", "ready", "clearing"] as const;
export type IndexState = (typeof indexStates)[number];

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
  indexing: z.enum(indexStates),
  /** Share (0–1) of the background work on it that is done; null when there is none or the caller does not manage fields. */
  progress: z.number().nullable(),
  place: z.enum(fieldPlaces),
  isOwn: z.boolean(),
  isArchived: z.boolean(),
  isRequired: z.boolean(),
  choices: z.array(fieldChoice),
  sectionNo: z.number().nullable(),
  mayRead: z.boolean(),
  mayWrite: z.boolean(),
});

export const fieldSection = z.object({ sectionNo: z.number(), kind: z.string(), ja: z.string(), en: z.string() });

export const listFields = endpoint({
  method: "GET",
  path: "/api/fields",
  access: "signed-in",
  summary: "The fields of customers and companies in their order, with what the caller may do with them, and their sections",
  reply: z.object({ fields: z.array(fieldOut), sections: z.array(fieldSection) }),
});

const kind = z.enum(["customer", "company"]);
const fieldParams = z.object({ kind, key: z.string().max(40) });

export const reclassField = endpoint({
  method: "PUT",
  path: "/api/fields/:kind/:key/class",
  access: "manage-fields",
  summary: "Class a field anew: a stricter class holds at once, a looser one after resealing",
  params: fieldParams,
  body: z.object({ class: fieldClass }),
  reply: z.object({ kind: z.enum(["settled", "resealing"]) }),
});

export const reclassEffect = endpoint({
  method: "GET",
  path: "/api/fields/:kind/:key/class-effect",
  access: "manage-fields",
  summary: "How many members of staff would read or cease to read a field if it were classed anew",
  params: fieldParams,
  query: z.object({ class: fieldClass }),
  reply: z.object({ gain: z.number(), lose: z.number() }),
});

export const addField = endpoint({
  method: "POST",
  path: "/api/fields/:kind",
  access: "manage-fields",
  summary: "Add a field of one's own; it is there at once on every node",
  params: z.object({ kind }),
  body: z.object({
    ja: label,
    en: labelEn,
    type: z.enum(ownFieldTypes),
    class: fieldClass,
    mask: z.enum(masks),
    isSearchable: z.boolean(),
    isRequired: z.boolean(),
    choices: z.array(typedChoice).max(mostChoices),
    sectionNo: z.number().int().positive().nullable(),
  }),
  reply: z.object({ key: z.string() }),
});

/** The type of a field never changes: its values would mean something else. Of a standard field labels and `isRequired` change. */
export const changeField = endpoint({
  method: "PUT",
  path: "/api/fields/:kind/:key",
  access: "manage-fields",
  summary: "Change labels, mask, choices, whether a field is required and whether it is searched",
  params: fieldParams,
  body: z.object({
    ja: label,
    en: labelEn,
    mask: z.enum(masks),
    isSearchable: z.boolean(),
    isRequired: z.boolean(),
    choices: z.array(typedChoice).max(mostChoices),
  }),
  reply: z.object({ kind: z.enum(["settled", "reindexing"]) }),
});

export const archiveField = endpoint({
  method: "POST",
  path: "/api/fields/:kind/:key/archive",
  access: "manage-fields",
  summary: "Take a field out of use, or back into it; its values stay",
  params: fieldParams,
  body: z.object({ isArchived: z.boolean() }),
  reply: z.object({ isArchived: z.boolean() }),
});

/** Sections in their order, each with its fields in theirs; `sectionNo` null: the fields that stand in none. */
export const arrangeFields = endpoint({
  method: "PUT",
  path: "/api/field-order/:kind",
  access: "manage-fields",
  summary: "Order fields and sections; a field left out keeps its place behind the others",
  params: z.object({ kind }),
  body: z.object({
    sections: z.array(z.object({ sectionNo: z.number().int().positive().nullable(), fields: z.array(z.string().max(40)).max(200) })).max(mostSections + 1),
  }),
  reply: z.object({ kind: z.literal("arranged") }),
});

export const addFieldSection = endpoint({
  method: "POST",
  path: "/api/field-sections/:kind",
  access: "manage-fields",
  summary: "Add a section in which fields stand together",
  params: z.object({ kind }),
  body: z.object({ ja: label, en: labelEn }),
  reply: z.object({ sectionNo: z.number() }),
});

export const changeFieldSection = endpoint({
  method: "PUT",
  path: "/api/field-sections/:kind/:sectionNo",
  access: "manage-fields",
  summary: "Name a section anew",
  params: z.object({ kind, sectionNo: z.coerce.number().int().positive() }),
  body: z.object({ ja: label, en: labelEn }),
  reply: z.object({ sectionNo: z.number() }),
});

export const removeFieldSection = endpoint({
  method: "DELETE",
  path: "/api/field-sections/:kind/:sectionNo",
  access: "manage-fields",
  summary: "Remove a section; its fields stay, in none",
  params: z.object({ kind, sectionNo: z.coerce.number().int().positive() }),
  reply: z.object({ kind: z.literal("removed") }),
});
