import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { shownValues } from "./shown.ts";

const no = z.coerce.number().int().positive().max(2147483647);

/** The trash as the caller sees it, what lies there longest first. Nothing leaves it by itself: after its term it may be disposed of. */
export const listTrash = endpoint({
  method: "GET",
  path: "/api/trash",
  access: "delete",
  summary: "Customers and companies in the trash with what is left of their term",
  query: z.object({ offset: z.coerce.number().int().min(0).default(0), limit: z.coerce.number().int().min(1).max(100).default(50) }),
  reply: z.object({
    total: z.number(),
    days: z.number(),
    rows: z.array(z.object({ customerNo: z.number(), ownerNo: z.number().nullable(), trashedAt: z.string(), daysLeft: z.number(), values: shownValues })),
    companies: z.array(z.object({ companyNo: z.number(), trashedAt: z.string(), daysLeft: z.number(), values: shownValues })),
  }),
});

/** The rules of the trash: days until disposal, and how many one person may send there alone within 24 hours. */
export const trashRules = z.object({ days: z.number().int().min(1).max(3650), alone: z.number().int().min(1).max(10_000) });

export const showTrashRules = endpoint({
  method: "GET",
  path: "/api/trash/rules",
  access: "signed-in",
  summary: "The rules of the trash",
  reply: trashRules,
});

export const changeTrashRules = endpoint({
  method: "PUT",
  path: "/api/trash/rules",
  access: "manage-fields",
  summary: "Change the rules of the trash",
  body: trashRules,
  reply: trashRules,
});

/** A company that people belong to stays: `conflict` with the reason `has-customers` and their number. */
export const trashCompany = endpoint({
  method: "POST",
  path: "/api/companies/:companyNo/trash",
  access: "delete",
  summary: "Move a company that nobody belongs to to the trash",
  params: z.object({ companyNo: no }),
  body: z.object({ version: z.number().int() }),
  reply: z.object({ kind: z.literal("trashed"), version: z.number() }),
});

export const restoreCompany = endpoint({
  method: "POST",
  path: "/api/companies/:companyNo/restore",
  access: "delete",
  summary: "Take a company out of the trash",
  params: z.object({ companyNo: no }),
  reply: z.object({ kind: z.literal("restored"), version: z.number() }),
});

/**
 * Undoes the last edit of a customer by the one who made it. The former values are taken from the event that keeps them and
 * never pass through the browser. `version` is the one that the edit made; another one now means `conflict`.
 */
export const undoEdit = endpoint({
  method: "POST",
  path: "/api/customers/:customerNo/undo",
  access: "customer.write",
  summary: "Undo one's own last edit of a customer",
  params: z.object({ customerNo: no }),
  body: z.object({ version: z.number().int() }),
  reply: z.object({ customerNo: z.number(), version: z.number() }),
});
