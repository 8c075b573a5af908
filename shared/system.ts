import { z } from "zod";
import { endpoint } from "./endpoint.ts";

export const health = endpoint({
  method: "GET",
  path: "/api/health",
  access: "anyone",
  summary: "Whether the storehouse is open and the ledger can record",
  reply: z.object({ kind: z.enum(["open", "closed"]), ledger: z.enum(["recording", "unavailable"]), version: z.string(), needsSetUp: z.boolean() }),
});
