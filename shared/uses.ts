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

export const printLabels = endpoint({
  method: "POST",
  path: "/api/prints",
  access: "print",
  summary: "Labels, envelopes or postcards as a PDF; recorded with purpose and every person on it",
  body: z.object({
    customerNos: z.array(customerNo).min(1).max(500),
    layout: z.enum(printLayouts),
    /** The first free label of the first sheet, counted in rows from the upper left. */
    startAt: z.number().int().min(1).max(24).default(1),
    honorific: z.enum(honorifics).default("sama"),
    /** Draws the seven boxes of the postal code too, for paper that has none. */
    postalBoxes: z.boolean().default(true),
    purpose: z.enum(purposes),
  }),
  replyKind: "file",
  reply: z.object({
    at: z.string(),
    layout: z.enum(printLayouts),
    startAt: z.number(),
    honorific: z.enum(honorifics),
    postalBoxes: z.boolean(),
    persons: z.array(z.object({ customerNo: z.number(), values: shownValues })),
    /** No address, the use suspended, in the trash, or not to be found by the caller. */
    leftOut: z.array(z.number()),
  }),
});
