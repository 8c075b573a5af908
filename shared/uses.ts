import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import type { FieldType } from "./fields.ts";
import { purposes } from "./rights.ts";
import { shown, shownValues } from "./shown.ts";

/** Ways of using a value that stays masked on the screen, and the field type that each takes. */
export const ways = ["call", "mail", "map"] as const;
export type Way = (typeof ways)[number];
export const typeOfWay: Readonly<Record<Way, FieldType>> = { call: "phone", mail: "mail", map: "address" };

const customerNo = z.number().int().positive().max(2147483647);

/** The value is for the browser to hand on (`tel:`, `mailto:`), never to be rendered, cached or kept. Of an address the town alone leaves. */
export const useValue = endpoint({
  method: "POST",
  path: "/api/customers/:customerNo/use",
  access: "contact",
  summary: "Hand a value over to a call, a mail or a map while it stays masked; recorded with purpose and way",
  params: z.object({ customerNo: z.coerce.number().int().positive().max(2147483647) }),
  body: z.object({ field: z.string().max(40), way: z.enum(ways), purpose: z.enum(purposes) }),
  reply: z.object({ target: shown }),
});

/** Sheets and papers, by their measures. */
export const printLayouts = ["label-a4-12", "label-a4-24", "envelope-naga3-vertical", "envelope-naga3-horizontal", "postcard"] as const;
export type PrintLayout = (typeof printLayouts)[number];

/** Labels of a sheet; 1 where a paper holds one address. */
export const placesOf: Readonly<Record<PrintLayout, { readonly across: number; readonly down: number }>> = {
  "label-a4-12": { across: 2, down: 6 },
  "label-a4-24": { across: 3, down: 8 },
  "envelope-naga3-vertical": { across: 1, down: 1 },
  "envelope-naga3-horizontal": { across: 1, down: 1 },
  postcard: { across: 1, down: 1 },
};

/** 様, 殿 or none behind the name of a person; a company without a person is 御中 in any case. */
export const honorifics = ["sama", "dono", "none"] as const;

/** More persons than this at once ask for the verb `bulk`. */
export const printsWithoutBulk = 200;

/** So long a print that was approved may be made, again too: paper jams. */
export const printableDays = 7;

/** By how much everything is moved on the paper, in millimetres. */
const millimetres = z.number().min(-10).max(10).multipleOf(0.1);
export const printOffset = z.object({ right: millimetres, down: millimetres });
export type PrintOffset = z.output<typeof printOffset>;

const printStyle = {
  layout: z.enum(printLayouts),
  honorific: z.enum(honorifics).default("sama"),
  /** Draws the seven boxes of the postal code too, for paper that has none. */
  postalBoxes: z.boolean().default(true),
};
export interface PrintStyle {
  readonly layout: PrintLayout;
  readonly honorific: (typeof honorifics)[number];
  readonly postalBoxes: boolean;
}
/** The first free label of the first sheet, counted in rows from the upper left. */
const startAt = z.number().int().min(1).max(24).default(1);
const printedNos = z.array(customerNo).min(1).max(500);

const printed = z.object({
  at: z.string(),
  layout: z.enum(printLayouts),
  startAt: z.number(),
  honorific: z.enum(honorifics),
  postalBoxes: z.boolean(),
  offset: printOffset,
  persons: z.array(z.object({ customerNo: z.number(), values: shownValues })),
  /** No address, the use suspended, in the trash, or not to be found by the caller. */
  leftOut: z.array(z.number()),
});

/** Counts against what one person may take out without asking; beyond it `not-permitted` with the reason `print-limit`. */
export const printLabels = endpoint({
  method: "POST",
  path: "/api/prints",
  access: "print",
  summary: "Labels, envelopes or postcards as a PDF; recorded with purpose and every person on it",
  body: z.object({ customerNos: printedNos, ...printStyle, startAt, purpose: z.enum(purposes) }),
  replyKind: "file",
  reply: printed,
});

export const askPrint = endpoint({
  method: "POST",
  path: "/api/prints/requests",
  access: "print",
  summary: "Ask a second person for a print of more persons than may be taken out without asking",
  body: z.object({ customerNos: printedNos, ...printStyle, purpose: z.enum(purposes), reason: z.string().trim().max(400).default("") }),
  reply: z.object({ requestNo: z.number(), persons: z.number(), leftOut: z.number() }),
});

export const printApproved = endpoint({
  method: "POST",
  path: "/api/prints/requests/:requestNo/file",
  access: "print",
  summary: "The PDF of one's own print that was approved; within seven days, each time recorded",
  params: z.object({ requestNo: z.coerce.number().int().positive().max(2147483647) }),
  body: z.object({ startAt }),
  replyKind: "file",
  reply: printed,
});

export const showPrintOffset = endpoint({
  method: "GET",
  path: "/api/print-offset",
  access: "print",
  summary: "By how much one's prints are moved on the paper",
  reply: printOffset,
});

export const changePrintOffset = endpoint({
  method: "PUT",
  path: "/api/print-offset",
  access: "print",
  summary: "Move one's prints on the paper: printers differ",
  body: printOffset,
  reply: printOffset,
});

export const printTestPage = endpoint({
  method: "POST",
  path: "/api/prints/test-page",
  access: "print",
  summary: "Frames and rulers to hold against the paper, with nobody's address",
  body: z.object({ layout: z.enum(printLayouts) }),
  replyKind: "file",
  reply: z.object({ at: z.string(), layout: z.enum(printLayouts), offset: printOffset }),
});
