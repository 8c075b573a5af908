import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { incidentNo } from "./incidents.ts";
import { shown } from "./shown.ts";

const signs = ["name", "mail", "phone", "member-number", "address", "company", "birth-date"] as const;
/** What speaks for it that somebody is who was written down (`near`: misspelt), and what against. */
export const listedReasons = [
  ...signs.map((sign) => `same-${sign}` as const),
  ...signs.map((sign) => `near-${sign}` as const),
  "other-name",
  "other-birth-date",
] as const;
export type ListedReason = (typeof listedReasons)[number];

/** The fields by which somebody may be known in a list written by hand, in the order in which a screen shows them. */
export const listedKeys = ["fullName", "kana", "companyName", "mail", "phone", "mobile", "address", "memberNumber", "birthDate"] as const;

/** Who a row means: one person without a doubt; one of several or nobody, for the officer to say; nobody who is here. */
export const matchOutcomes = ["sure", "ambiguous", "none"] as const;
export const matchOutcome = z.enum(matchOutcomes);
export type MatchOutcome = (typeof matchOutcomes)[number];

export const mostListedRows = 20_000;
const customerNo = z.number().int().positive().max(2_147_483_647);
const matchNo = incidentNo;

export const matchList = z.object({
  matchNo: z.number(),
  fileName: shown,
  madeBy: z.number().nullable(),
  madeAt: z.string(),
  rowCount: z.number(),
  sure: z.number(),
  ambiguous: z.number(),
  none: z.number(),
  /** Ambiguous rows about which nobody has said anything yet: to be settled before the scope is closed. */
  undecided: z.number(),
  /** Different customers that the list comes to as it stands. */
  people: z.number(),
});
export type MatchList = z.output<typeof matchList>;

export const listMatches = endpoint({
  method: "GET",
  path: "/api/incidents/:incidentNo/matches",
  access: "handle-incidents",
  summary: "Lists written by hand that were matched for an incident, newest first",
  params: z.object({ incidentNo }),
  reply: z.object({ matches: z.array(matchList), undecided: z.number() }),
});

/** The raw file (Excel, CSV, vCard), or pasted text as a file, is the body; its name comes percent-encoded in the header `x-file-name`. */
export const matchPeople = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/matches",
  access: "handle-incidents",
  summary: "Find the customers that a list written by hand means",
  params: z.object({ incidentNo }),
  bodyKind: "stream",
  bodyLimit: 10 * 1024 * 1024,
  reply: z.object({ matchNo: z.number() }),
});

const matchParams = z.object({ incidentNo, matchNo });

export const matchRow = z.object({
  row: z.number(),
  outcome: matchOutcome,
  /** What was written, by the keys that the row has. Null once somebody it may mean was erased. */
  listed: z.array(z.object({ key: z.enum(listedKeys), text: shown })),
  candidates: z.array(
    z.object({ customerNo: z.number(), fullName: shown, companyName: shown, reasons: z.array(z.enum(listedReasons)), isChosen: z.boolean() }),
  ),
  /** Whether it was said who is meant: by the machine for sure ones, by the officer for the others. */
  isDecided: z.boolean(),
});
export type MatchRow = z.output<typeof matchRow>;

export const mostMatchRows = 20;

/** Whose names are shown is recorded, like any list. */
export const listMatchRows = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/matches/:matchNo/rows",
  access: "handle-incidents",
  summary: "Rows of a matched list with whom they may mean",
  params: matchParams,
  body: z.object({
    outcome: matchOutcome,
    isUndecided: z.boolean().optional(),
    offset: z.number().int().min(0).max(mostListedRows).default(0),
    limit: z.number().int().min(1).max(mostMatchRows).default(mostMatchRows),
  }),
  reply: z.object({ total: z.number(), rows: z.array(matchRow) }),
});

/** Nobody: an empty list. Whoever is named need not be among the candidates. */
export const settleMatch = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/matches/:matchNo/settle",
  access: "handle-incidents",
  summary: "Say whom rows of a matched list mean",
  params: matchParams,
  body: z.object({
    rows: z
      .array(z.object({ row: z.number().int().min(0), customerNos: z.array(customerNo).max(20) }))
      .min(1)
      .max(1_000),
  }),
  reply: matchList,
});

/** For a cause of the scope: the numbers alone. */
export const listMatchedPeople = endpoint({
  method: "GET",
  path: "/api/incidents/:incidentNo/matches/:matchNo/people",
  access: "handle-incidents",
  summary: "Customers that a matched list means, by number",
  params: matchParams,
  reply: z.object({ customerNos: z.array(z.number()), undecided: z.number() }),
});
