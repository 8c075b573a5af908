import { z } from "zod";
import { endpoint } from "./endpoint.ts";

/** Old months of the ledger in files: where they are, and when the next ones go. No value of a person. */
const afterMonths = z.union([z.literal(6), z.literal(12), z.literal(25)]).nullable();

export const showArchives = endpoint({
  method: "GET",
  path: "/api/ledger/archives",
  access: "verify-ledger",
  summary: "The files with old months of the ledger, newest first, and after how many months the next ones go (null: never)",
  reply: z.object({
    afterMonths,
    archives: z.array(
      z.object({
        archiveNo: z.number(),
        /** Within the data folder. */
        file: z.string(),
        bytes: z.number(),
        events: z.number(),
        firstAt: z.string(),
        lastAt: z.string(),
        sha256: z.string().describe("of the file, hexadecimal; the same stands in the event ledger.archived"),
        /** Whether the rows were taken away: until then the file is a copy. */
        isCleared: z.boolean(),
        /** Whether the node that answers has the file in its full length. */
        isHere: z.boolean(),
      }),
    ),
  }),
});

export const changeArchivePolicy = endpoint({
  method: "PUT",
  path: "/api/ledger/archives/policy",
  access: "run-backup",
  summary: "Change after how many months the ledger's old months go into files; null: never by themselves",
  body: z.object({ afterMonths }),
  reply: z.object({ kind: z.literal("saved") }),
});
