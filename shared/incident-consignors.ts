import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { paperOut } from "./incident-drafts.ts";
import { shown, shownValues } from "./shown.ts";

const no = z.coerce.number().int().positive().max(2_147_483_647);
const incidentParams = z.object({ incidentNo: no });
const packParams = z.object({ packNo: no });

export const packStates = ["made", "asked", "approved", "refused", "sent"] as const;
export type PackState = (typeof packStates)[number];
export const sentHows = ["mail", "post", "by-hand", "other"] as const;

const pack = z.object({
  packNo: z.number(),
  state: z.enum(packStates),
  version: z.number(),
  runNo: z.number(),
  hasPossible: z.boolean(),
  confirmed: z.number(),
  possible: z.number(),
  madeAt: z.string(),
  requestNo: z.number().nullable(),
  approvedBy: z.number().nullable(),
  sentOn: z.string().nullable(),
  sentHow: z.enum(sentHows).nullable(),
  sentBy: z.number().nullable(),
  receipt: shown,
  /** The scope has other people of this company now. */
  isStale: z.boolean(),
});
export type ConsignorPack = z.output<typeof pack>;

const consignor = z.object({
  companyNo: z.number(),
  name: shown,
  confirmed: z.number(),
  possible: z.number(),
  fields: z.array(z.object({ field: z.string(), people: z.number() })),
  firstAt: z.string().nullable(),
  lastAt: z.string().nullable(),
  /** Newest first. */
  packs: z.array(pack),
});
export type Consignor = z.output<typeof consignor>;

export const listConsignors = endpoint({
  method: "GET",
  path: "/api/incidents/:incidentNo/consignors",
  access: "handle-incidents",
  summary: "The companies that entrusted us with people of the scope (委託元), and what each was told",
  params: incidentParams,
  reply: z.object({
    consignors: z.array(consignor),
    /** People of the scope whom nobody entrusted us with. */
    own: z.number(),
    paper: z.object({ draftNo: z.number(), version: z.number() }).nullable(),
    scope: z.object({ runNo: z.number(), isPending: z.boolean() }).nullable(),
    /** The day until which a notice is prompt (規則9条, 概ね3〜5日), and that this is to be checked. */
    until: z.string(),
  }),
});

export const makePack = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/consignors/:companyNo/packs",
  access: "handle-incidents",
  summary: "Put together what one of them is told: letter, counts and list of its own people",
  params: incidentParams.extend({ companyNo: no }),
  body: z.object({ hasPossible: z.boolean().default(true) }),
  reply: z.object({ packNo: z.number() }),
});

export const askPackApproval = endpoint({
  method: "POST",
  path: "/api/consignor-packs/:packNo/approval",
  access: "handle-incidents",
  summary: "Ask a second person; nothing leaves before",
  params: packParams,
  body: z.object({ reason: z.string().trim().max(400).default("") }),
  reply: z.object({ packNo: z.number(), requestNo: z.number() }),
});

const letter = { method: "POST", access: "handle-incidents", params: packParams, replyKind: "file", reply: paperOut } as const;
export const drawPackPdf = endpoint({ ...letter, path: "/api/consignor-packs/:packNo/pdf", summary: "The letter of an approved pack as a PDF" });
export const drawPackWord = endpoint({ ...letter, path: "/api/consignor-packs/:packNo/word", summary: "The letter of an approved pack as a Word file" });

export const packList = z.object({
  packNo: z.number(),
  incidentNo: z.number(),
  at: z.string(),
  companyName: shown,
  organisation: z.string(),
  isDrill: z.boolean(),
  password: shown,
  columns: z.array(z.object({ key: z.string(), label: z.string() })),
  rows: z.array(
    z.object({
      customerNo: z.number(),
      tier: z.enum(["confirmed", "possible"]),
      values: shownValues,
      /** Names of the fields that got out, not what stands in them. */
      fields: z.array(z.string()),
      firstAt: z.string().nullable(),
      lastAt: z.string().nullable(),
    }),
  ),
  leftOut: z.number(),
});
export type PackList = z.output<typeof packList>;

export const drawPackList = endpoint({
  method: "POST",
  path: "/api/consignor-packs/:packNo/list",
  access: "handle-incidents",
  summary: "The people of an approved pack as an encrypted workbook",
  params: packParams,
  replyKind: "file",
  reply: packList,
});

export const showPackPassword = endpoint({
  method: "POST",
  path: "/api/consignor-packs/:packNo/password",
  access: "handle-incidents",
  summary: "The password of a pack's list, to be told by another way than the file",
  params: packParams,
  reply: z.object({ password: shown }),
});

export const markPackSent = endpoint({
  method: "POST",
  path: "/api/consignor-packs/:packNo/sent",
  access: "handle-incidents",
  summary: "State when and how a pack was handed over, and who took it",
  params: packParams,
  body: z.object({ on: z.iso.date(), how: z.enum(sentHows), receipt: z.string().trim().max(400).default("") }),
  reply: z.object({ state: z.enum(packStates) }),
});
