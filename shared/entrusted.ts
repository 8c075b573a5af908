import { z } from "zod";
import { endpoint } from "./endpoint.ts";

const no = z.coerce.number().int().positive().max(2_147_483_647);
const companyParams = z.object({ companyNo: no });

/** So many customers are entrusted in one act. */
export const mostEntrusted = 10_000;

export const showEntrusted = endpoint({
  method: "GET",
  path: "/api/companies/:companyNo/entrusted",
  access: "company.read",
  summary: "How many of the customers whom the caller sees a company entrusted us with (委託元), by import",
  params: companyParams,
  reply: z.object({
    people: z.number(),
    imports: z.array(z.object({ importNo: z.number().nullable(), people: z.number(), since: z.string() })),
  }),
});

/** Customers by number, or all those whom an import made. */
export const entrustCustomers = endpoint({
  method: "POST",
  path: "/api/companies/:companyNo/entrusted",
  access: "bulk",
  summary: "State that a company entrusted us with the data of these customers, or that it did not",
  params: companyParams,
  body: z.object({
    customerNos: z.array(no).min(1).max(mostEntrusted).optional(),
    importNo: no.optional(),
    isEntrusted: z.boolean(),
  }),
  reply: z.object({ changed: z.number() }),
});
