import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { shown, shownValues } from "./shown.ts";

const no = z.coerce.number().int().positive().max(2147483647);
const noteParams = z.object({ noteNo: no });
const purchaseParams = z.object({ purchaseNo: no });
const customerParams = z.object({ customerNo: no });
const companyParams = z.object({ companyNo: no });

/** A calendar day in Japan, `2026-11-21`. */
export const day = z.iso.date();

/** How somebody was in touch (対応記録). */
export const noteKinds = ["note", "call", "visit", "mail", "meeting"] as const;
export type NoteKind = (typeof noteKinds)[number];

/** What is to be done next: its words, the day it is due, and who sees to it (absent: whoever writes). */
const nextAction = z.object({ text: z.string().max(400), dueOn: day, responsibleNo: z.number().int().positive().optional() });

const noteBody = z.object({
  kind: z.enum(noteKinds).default("note"),
  /** Absent: now. Never in the future. */
  happenedAt: z.iso.datetime().optional(),
  text: z.string().max(8000),
  action: nextAction.nullable().optional(),
});

export const noteOut = z.object({
  noteNo: z.number(),
  version: z.number(),
  kind: z.enum(noteKinds),
  authorNo: z.number().nullable(),
  happenedAt: z.string(),
  text: shown,
  action: z.object({ text: shown, dueOn: z.string(), responsibleNo: z.number().nullable(), doneAt: z.string().nullable() }).nullable(),
  may: z.object({ change: z.boolean(), act: z.boolean() }),
});

const noteReply = z.object({ noteNo: z.number(), version: z.number() });

export const addCustomerNote = endpoint({
  method: "POST",
  path: "/api/customers/:customerNo/notes",
  access: "customer.write",
  summary: "Write down a contact with a customer, with what is to be done next",
  params: customerParams,
  body: noteBody,
  reply: noteReply,
});

export const addCompanyNote = endpoint({
  method: "POST",
  path: "/api/companies/:companyNo/notes",
  access: "company.write",
  summary: "Write down a contact with a company, with what is to be done next",
  params: companyParams,
  body: noteBody,
  reply: noteReply,
});

/** `version` is the one that was read; another one now means `conflict`. An absent part stays as it is. */
export const changeNote = endpoint({
  method: "PATCH",
  path: "/api/notes/:noteNo",
  access: "signed-in",
  summary: "Change a contact note: its author, or whoever may delete",
  params: noteParams,
  body: z.object({
    version: z.number().int(),
    kind: z.enum(noteKinds).optional(),
    happenedAt: z.iso.datetime().optional(),
    text: z.string().max(8000).optional(),
    action: nextAction.nullable().optional(),
  }),
  reply: noteReply,
});

export const trashNote = endpoint({
  method: "POST",
  path: "/api/notes/:noteNo/trash",
  access: "signed-in",
  summary: "Move a contact note to the trash; can be restored",
  params: noteParams,
  body: z.object({ version: z.number().int() }),
  reply: noteReply,
});

export const restoreNote = endpoint({
  method: "POST",
  path: "/api/notes/:noteNo/restore",
  access: "signed-in",
  summary: "Take a contact note out of the trash",
  params: noteParams,
  reply: noteReply,
});

/** Without a version: the newest word on a day or a tick counts, and each is undone by its opposite. */
export const setAction = endpoint({
  method: "POST",
  path: "/api/notes/:noteNo/action",
  access: "signed-in",
  summary: "Tick a next action off or on again, put it off, or give it to a colleague",
  params: noteParams,
  body: z.object({ done: z.boolean().optional(), dueOn: day.optional(), responsibleNo: z.number().int().positive().optional() }),
  reply: z.object({
    noteNo: z.number(),
    version: z.number(),
    /** What it was, for undoing. */
    former: z.object({ done: z.boolean(), dueOn: z.string(), responsibleNo: z.number().nullable() }),
  }),
});

/** One's own next actions that are open and due within `days` from today, oldest first. */
export const listActions = endpoint({
  method: "GET",
  path: "/api/actions",
  access: "signed-in",
  summary: "One's own next actions: overdue, due today, due soon",
  query: z.object({ days: z.coerce.number().int().min(0).max(60).default(7), limit: z.coerce.number().int().min(1).max(100).default(50) }),
  reply: z.object({
    /** Today in Japan, by the server's clock. */
    today: z.string(),
    counts: z.object({ overdue: z.number(), today: z.number(), soon: z.number() }),
    actions: z.array(
      z.object({
        noteNo: z.number(),
        customerNo: z.number().nullable(),
        companyNo: z.number().nullable(),
        dueOn: z.string(),
        name: shown,
        text: shown,
        mayAct: z.boolean(),
      }),
    ),
  }),
});

/** What came to the customers one looks after while one was away. Numbers alone. */
export const ownChanges = endpoint({
  method: "GET",
  path: "/api/home/changes",
  access: "signed-in",
  summary: "Changes of one's own customers since the last visit, in numbers",
  reply: z.object({ since: z.string(), added: z.number(), changed: z.number(), notes: z.number(), purchases: z.number() }),
});

/** What a timeline shows of. */
export const timelineSorts = ["note", "call", "visit", "mail", "meeting", "edit", "use", "import", "merge", "purchase"] as const;
export type TimelineSort = (typeof timelineSorts)[number];

/** Where a page of a timeline ended: handed back as `before`. */
const cursor = z.string().regex(/^\d{1,15}-\d-\d{1,12}$/);

const timelineQuery = z.object({
  before: cursor.optional(),
  /** Sorts to show, joined by commas; absent: all. */
  sorts: z
    .string()
    .regex(/^[a-z,]{1,100}$/)
    .optional(),
});

export const purchaseOut = z.object({
  purchaseNo: z.number(),
  version: z.number(),
  boughtOn: z.string(),
  /** JSON text of {@link purchaseText}. */
  purchase: shown,
  mayChange: z.boolean(),
});

export const timelineEntry = z.object({
  key: z.string(),
  sort: z.enum(timelineSorts),
  at: z.string(),
  accountNo: z.number().nullable(),
  note: noteOut.nullable(),
  purchase: purchaseOut.nullable(),
  event: z
    .object({
      eventNo: z.number(),
      type: z.string(),
      purpose: z.string().nullable(),
      fields: z.array(z.object({ field: z.string(), before: shown, after: shown })),
    })
    .nullable(),
});

const timelineReply = z.object({
  entries: z.array(timelineEntry),
  nextBefore: z.string().nullable(),
  /** Whether the caller may write notes here. */
  mayNote: z.boolean(),
});

export const customerTimeline = endpoint({
  method: "GET",
  path: "/api/customers/:customerNo/timeline",
  access: "customer.read",
  summary: "Everything that happened with a customer, newest first: notes, purchases, edits, uses, imports",
  params: customerParams,
  query: timelineQuery,
  reply: timelineReply,
});

export const companyTimeline = endpoint({
  method: "GET",
  path: "/api/companies/:companyNo/timeline",
  access: "company.read",
  summary: "Everything that happened with a company, newest first: notes and edits",
  params: companyParams,
  query: timelineQuery,
  reply: timelineReply,
});

/** What stands sealed of a purchase (購買), as JSON. `amount` in yen, as digits. */
export const purchaseText = z.object({
  product: z.string().max(200),
  quantity: z.string().max(40).default(""),
  amount: z
    .string()
    .regex(/^-?\d{0,12}$/)
    .default(""),
  note: z.string().max(2000).default(""),
});
export type PurchaseText = z.output<typeof purchaseText>;

const purchaseReply = z.object({ purchaseNo: z.number(), version: z.number() });

export const listPurchases = endpoint({
  method: "GET",
  path: "/api/customers/:customerNo/purchases",
  access: "customer.read",
  summary: "The purchases of a customer, newest first",
  params: customerParams,
  reply: z.object({ purchases: z.array(purchaseOut), mayAdd: z.boolean(), isComplete: z.boolean() }),
});

export const listCompanyPurchases = endpoint({
  method: "GET",
  path: "/api/companies/:companyNo/purchases",
  access: "customer.read",
  summary: "The purchases of a company's people, as far as one sees them, newest first",
  params: companyParams,
  reply: z.object({ purchases: z.array(purchaseOut.extend({ customerNo: z.number() })), isComplete: z.boolean() }),
});

export const addPurchase = endpoint({
  method: "POST",
  path: "/api/customers/:customerNo/purchases",
  access: "customer.write",
  summary: "Add a purchase of a customer",
  params: customerParams,
  body: z.object({ boughtOn: day, purchase: purchaseText }),
  reply: purchaseReply,
});

export const changePurchase = endpoint({
  method: "PATCH",
  path: "/api/purchases/:purchaseNo",
  access: "customer.write",
  summary: "Change a purchase",
  params: purchaseParams,
  body: z.object({ version: z.number().int(), boughtOn: day.optional(), purchase: purchaseText.optional() }),
  reply: purchaseReply,
});

export const trashPurchase = endpoint({
  method: "POST",
  path: "/api/purchases/:purchaseNo/trash",
  access: "customer.write",
  summary: "Move a purchase to the trash; can be restored",
  params: purchaseParams,
  body: z.object({ version: z.number().int() }),
  reply: purchaseReply,
});

export const restorePurchase = endpoint({
  method: "POST",
  path: "/api/purchases/:purchaseNo/restore",
  access: "customer.write",
  summary: "Take a purchase out of the trash",
  params: purchaseParams,
  reply: purchaseReply,
});

export const companyPeople = endpoint({
  method: "GET",
  path: "/api/companies/:companyNo/people",
  access: "customer.read",
  summary: "The people of a company, as far as one sees them, with the last contact",
  params: companyParams,
  query: z.object({ offset: z.coerce.number().int().min(0).default(0), limit: z.coerce.number().int().min(1).max(100).default(50) }),
  reply: z.object({
    total: z.number(),
    people: z.array(z.object({ customerNo: z.number(), ownerNo: z.number().nullable(), lastContactAt: z.string().nullable(), values: shownValues })),
  }),
});
