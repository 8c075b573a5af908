import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { purposes } from "./rights.ts";
import { shown, shownValues } from "./shown.ts";

/**
 * A list (持ち出しリスト): the people and fields that somebody takes out of the storehouse, for a purpose, until a day. `ended` is
 * a list whose last day is over: the file is to be disposed of, and no new one is made. `withdrawn` is one that a hold of exports
 * withdrew (応急措置).
 */
export const listStates = ["waiting", "ready", "refused", "ended", "withdrawn", "disposed"] as const;

/** Where the file goes: stays in the company, or to somebody who handles it on the company's behalf (委託先). */
export const listDestinations = ["inside", "handler"] as const;

export const mostListed = 10_000;

/** A day in Japan, e.g. `2026-12-01`. */
const day = z.iso.date();

export const listRow = z.object({
  listNo: z.number(),
  state: z.enum(listStates),
  name: shown,
  ownerNo: z.number(),
  purpose: z.string(),
  destination: z.enum(listDestinations),
  handler: shown,
  fields: z.array(z.string()),
  sensitive: z.boolean(),
  persons: z.number(),
  madeAt: z.string(),
  /** The last day on which the file may be used. */
  endsOn: z.string(),
  requestNo: z.number().nullable(),
  disposedAt: z.string().nullable(),
  /** Counted from the ledger. */
  downloads: z.number(),
  lastDownloadAt: z.string().nullable(),
  isOwn: z.boolean(),
});

const listParams = z.object({ listNo: z.coerce.number().int().positive().max(2147483647) });

export const listPolicy = z.object({
  /** So many persons in 24 hours may be taken out without asking; 0: none. */
  freePersons: z.number().int().min(0).max(1000),
  /** Longest term of a list, in days. */
  days: z.number().int().min(1).max(365),
});

export const showListPolicy = endpoint({
  method: "GET",
  path: "/api/list-policy",
  access: "signed-in",
  summary: "How many persons may be taken out without asking, and for how long; whom one took out so in the last 24 hours",
  reply: listPolicy.extend({
    /** How many persons count against the caller's limit at this moment, and the numbers of those whom the caller sees. */
    taken: z.number(),
    takenNos: z.array(z.number()),
  }),
});

export const changeListPolicy = endpoint({
  method: "PUT",
  path: "/api/list-policy",
  access: "manage-fields",
  summary: "Change how many persons may be taken out without asking, and for how long",
  body: listPolicy,
  reply: listPolicy,
});

export const createList = endpoint({
  method: "POST",
  path: "/api/lists",
  access: "export",
  summary: "Make a list to take out: ready within the limit, else it waits for a second person",
  body: z.object({
    name: z.string().trim().min(1).max(80),
    purpose: z.enum(purposes),
    destination: z.enum(listDestinations).default("inside"),
    /** Who handles it, where it leaves the company. */
    handler: z.string().trim().max(80).default(""),
    /** Why, for the person who judges it; may be left out within the limit. */
    reason: z.string().trim().max(400).default(""),
    fields: z.array(z.string().max(40)).min(1).max(60),
    /** Whom: given numbers, or everybody whom an opened list shows. Exactly one of the two. */
    customerNos: z.array(z.number().int().positive().max(2147483647)).min(1).max(mostListed).optional(),
    viewId: z.uuid().optional(),
    /** How many the opened list showed; another number now means `conflict` with nothing made. */
    expected: z.object({ persons: z.number().int().min(0) }).optional(),
    endsOn: day,
  }),
  reply: z.object({
    kind: z.enum(["ready", "awaits-approval"]),
    listNo: z.number(),
    requestNo: z.number().nullable(),
    persons: z.number(),
    /** Persons that were asked for and cannot be taken out: gone, in the trash, or their use is suspended. */
    leftOut: z.number(),
  }),
});

export const listLists = endpoint({
  method: "GET",
  path: "/api/lists",
  access: "signed-in",
  summary: "The register of lists: one's own, and for approvers those of the departments they see",
  reply: z.object({ lists: z.array(listRow) }),
});

export const showList = endpoint({
  method: "GET",
  path: "/api/lists/:listNo",
  access: "signed-in",
  summary: "One list of the register",
  params: listParams,
  reply: listRow,
});

/** What stands in the file: the reply of the download, of which the workbook is a rendering. */
export const listFile = z.object({
  listNo: z.number(),
  name: shown,
  ownerName: shown,
  ownerNo: z.number(),
  handler: shown,
  purpose: z.string(),
  madeAt: z.string(),
  endsOn: z.string(),
  persons: z.number(),
  /** Persons of the list who are gone, in the trash, suspended or not visible any more. */
  leftOut: z.number(),
  /** Opens the file. */
  password: shown,
  columns: z.array(z.object({ key: z.string(), label: z.string(), type: z.string() })),
  rows: z.array(z.object({ customerNo: z.number(), values: shownValues })),
});

export const downloadList = endpoint({
  method: "POST",
  path: "/api/lists/:listNo/download",
  access: "export",
  summary: "Download one's own list as an encrypted Excel file; each download is recorded",
  params: listParams,
  replyKind: "file",
  reply: listFile,
});

export const showListPassword = endpoint({
  method: "POST",
  path: "/api/lists/:listNo/password",
  access: "export",
  summary: "The password of the file of one's own list",
  params: listParams,
  reply: z.object({ password: shown }),
});

export const disposeList = endpoint({
  method: "POST",
  path: "/api/lists/:listNo/dispose",
  access: "signed-in",
  summary: "Confirm that every copy of one's own list was disposed of",
  params: listParams,
  reply: z.object({ kind: z.literal("disposed") }),
});
