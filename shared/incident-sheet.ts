import { z } from "zod";
import { shown } from "./shown.ts";

/** What stands at the top of every printed sheet of an incident. Times are ISO 8601; `clocks` are terms in words. */
export const sheetHead = {
  incidentNo: z.number(),
  isDrill: z.boolean(),
  organisation: z.string(),
  madeAt: z.string(),
  knownAt: z.string(),
  state: z.string(),
  what: shown,
  clocks: z.array(z.object({ label: z.string(), text: z.string() })),
};
