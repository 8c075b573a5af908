import { z } from "zod";
import { typedValues } from "./customers.ts";
import { endpoint } from "./endpoint.ts";
import { shown, shownValues } from "./shown.ts";

/** What can be merged. */
export const mergeKinds = ["customer", "company"] as const;
export type MergeKind = (typeof mergeKinds)[number];

/**
 * Why two rows may be one (`same-…`), why they may not (`other-…`), and `branch`: an office of the other, related but another
 * row. Codes stand in the table of pairs; the fields behind a code decide who is told of it.
 */
export const likenessCodes = [
  "same-name",
  "same-kana",
  "same-mail",
  "same-mobile",
  "same-phone",
  "same-address",
  "same-company",
  "same-birth-date",
  "same-member-number",
  "same-corporate-number",
  "other-birth-date",
  "other-corporate-number",
  "branch",
] as const;
export type LikenessCode = (typeof likenessCodes)[number];

/** Weight of each code, for persons and for companies. A pair of 50 and more is worth a look. */
const weights: Readonly<Record<MergeKind, Readonly<Partial<Record<LikenessCode, number>>>>> = {
  customer: {
    "same-name": 30,
    "same-kana": 10,
    "same-mail": 40,
    "same-mobile": 35,
    "same-phone": 20,
    "same-address": 15,
    "same-company": 20,
    "same-birth-date": 20,
    "same-member-number": 30,
    "other-birth-date": -40,
  },
  company: {
    "same-name": 50,
    "same-kana": 15,
    "same-corporate-number": 60,
    "same-phone": 15,
    "same-address": 15,
    "other-corporate-number": -60,
    branch: 20,
  },
};

/** How alike two rows are, 0 to 100. A branch is no duplicate, whatever else is the same. */
export function likenessScore(kind: MergeKind, codes: readonly LikenessCode[]): number {
  if (codes.includes("branch")) return weights.company.branch ?? 0;
  // A reading without the written name says as much as the name: 渡邊 and ワタナベ typed by two people.
  const only = kind === "customer" && codes.includes("same-kana") && !codes.includes("same-name") ? 15 : 0;
  const sum = codes.reduce((total, code) => total + (weights[kind][code] ?? 0), only);
  return Math.max(0, Math.min(100, sum));
}

/** From this score on a pair is taken for a possible duplicate. */
export const alikeFrom = 50;

/** The fields by whose equality a code is known, any of them. */
export const fieldsOfLikeness: Readonly<Record<LikenessCode, readonly string[]>> = {
  "same-name": ["fullName", "companyName"],
  "same-kana": ["kana"],
  "same-mail": ["mail"],
  "same-mobile": ["mobile", "phone"],
  "same-phone": ["phone"],
  "same-address": ["address"],
  "same-company": ["companyName"],
  "same-birth-date": ["birthDate"],
  "same-member-number": ["memberNumber"],
  "same-corporate-number": ["corporateNumber"],
  "other-birth-date": ["birthDate"],
  "other-corporate-number": ["corporateNumber"],
  branch: ["companyName"],
};

const recordNo = z.number().int().positive().max(2147483647);
const likeness = { score: z.number(), reasons: z.array(z.enum(likenessCodes)) };

/** While a customer is being typed: what was typed travels in the body and is kept nowhere. */
export const findAlike = endpoint({
  method: "POST",
  path: "/api/duplicates/alike",
  access: "customer.read",
  summary: "Customers within the caller's scope who may be the person being typed",
  body: z.object({ values: typedValues, exceptNo: recordNo.optional() }),
  reply: z.object({
    alike: z.array(z.object({ customerNo: z.number(), ownerNo: z.number().nullable(), ...likeness, fullName: shown, companyName: shown })),
  }),
});

export const pairStates = ["open", "not-duplicate"] as const;
const pairSide = z.object({ no: z.number(), ownerNo: z.number().nullable(), name: shown, detail: shown });

export const listPairs = endpoint({
  method: "POST",
  path: "/api/duplicates/pairs",
  access: "customer.read",
  summary: "Pairs that may be one person or company, the most alike first",
  body: z.object({
    kind: z.enum(mergeKinds),
    state: z.enum(pairStates).default("open"),
    offset: z.number().int().min(0).default(0),
    limit: z.number().int().min(1).max(50).default(30),
  }),
  reply: z.object({
    total: z.number(),
    /** Rows that wait to be compared; 0 when the search is up to date. */
    waiting: z.number(),
    pairs: z.array(z.object({ ...likeness, first: pairSide, second: pairSide })),
  }),
});

/** How many open pairs, both sides visible to the caller, a customer stands in. */
export const countPairs = endpoint({
  method: "GET",
  path: "/api/duplicates/customers/:customerNo",
  access: "customer.read",
  summary: "Open duplicate pairs of a customer, and the merges that can be undone",
  params: z.object({ customerNo: z.coerce.number().int().positive().max(2147483647) }),
  reply: z.object({
    open: z.array(z.object({ otherNo: z.number(), ...likeness })),
    merges: z.array(z.object({ mergeNo: z.number(), at: z.string(), loserNos: z.array(z.number()) })),
  }),
});

/** What a company is by merges: those into it that can be undone, and the one by which it went into another. */
export const companyMerges = endpoint({
  method: "GET",
  path: "/api/duplicates/companies/:companyNo",
  access: "company.read",
  summary: "The merges into a company, and the one by which it went into another",
  params: z.object({ companyNo: z.coerce.number().int().positive().max(2147483647) }),
  reply: z.object({
    merges: z.array(z.object({ mergeNo: z.number(), at: z.string(), loserNos: z.array(z.number()) })),
    goneBy: z.object({ mergeNo: z.number(), at: z.string() }).nullable(),
  }),
});

export const compareRecords = endpoint({
  method: "POST",
  path: "/api/duplicates/compare",
  access: "customer.read",
  summary: "Two to five records side by side, with the values that a merge would take by itself",
  body: z.object({ kind: z.enum(mergeKinds), numbers: z.array(recordNo).min(2).max(5) }),
  reply: z.object({
    records: z.array(
      z.object({
        no: z.number(),
        version: z.number(),
        state: z.enum(["active", "trashed", "merged"]),
        ownerNo: z.number().nullable(),
        cellNo: z.number().nullable(),
        updatedAt: z.string(),
        mayWrite: z.boolean(),
        values: shownValues,
      }),
    ),
    /** Field key → number of the record whose value is fuller or newer. Only where the records differ. */
    suggested: z.record(z.string(), z.number()),
  }),
});

export const keepApart = endpoint({
  method: "POST",
  path: "/api/duplicates/apart",
  access: "customer.write",
  summary: "Remember that two records are not the same; or take that back",
  body: z.object({ kind: z.enum(mergeKinds), numbers: z.tuple([recordNo, recordNo]), areApart: z.boolean() }),
  reply: z.object({ state: z.enum(pairStates) }),
});

/** `choices`: field key → number of the loser whose value the winner takes. Fields that are absent stay the winner's. */
export const mergeRecords = endpoint({
  method: "POST",
  path: "/api/duplicates/merge",
  access: "customer.write",
  summary: "Merge records into one, value by value; nothing of the others is lost, and it can be undone",
  body: z.object({
    kind: z.enum(mergeKinds),
    winner: z.object({ no: recordNo, version: z.number().int() }),
    losers: z
      .array(z.object({ no: recordNo, version: z.number().int() }))
      .min(1)
      .max(4),
    choices: z.record(z.string().max(40), recordNo),
  }),
  reply: z.object({ mergeNo: z.number(), version: z.number() }),
});

/** Refused with `conflict` and the `fields` that were changed since; `keepWinner` then leaves those values as they are. */
export const undoMerge = endpoint({
  method: "POST",
  path: "/api/duplicates/merges/:mergeNo/undo",
  access: "customer.write",
  summary: "Take a merge back",
  params: z.object({ mergeNo: z.coerce.number().int().positive().max(2147483647) }),
  body: z.object({ keepWinner: z.boolean().default(false) }),
  reply: z.object({ kind: z.literal("undone"), winnerNo: z.number(), version: z.number() }),
});
