import { z } from "zod";
import { endpoint } from "./endpoint.ts";

/** Steps of the guided first hour, in the order in which they are offered. */
export const firstHourSteps = ["departments", "people", "backup", "import", "find", "note", "next-action", "ledger"] as const;
export type FirstHourStep = (typeof firstHourSteps)[number];

export const showFirstHour = endpoint({
  method: "GET",
  path: "/api/first-hour",
  access: "signed-in",
  summary: "Which steps of the first hour fit the caller's rights, and which have really been done",
  reply: z.object({ steps: z.array(z.object({ step: z.enum(firstHourSteps), isDone: z.boolean() })), isDismissed: z.boolean() }),
});

export const dismissFirstHour = endpoint({
  method: "PUT",
  path: "/api/first-hour",
  access: "signed-in",
  summary: "Show the first hour no more, or again",
  body: z.object({ isDismissed: z.boolean() }),
  reply: z.object({ isDismissed: z.boolean() }),
});

const count = z.number();
const figure = z.object({ name: z.string(), value: z.union([z.number(), z.string(), z.boolean()]) });

/** What the support file holds: numbers, codes, versions and times; never a value of anybody, a secret, an address or a path. */
export const supportReport = z.object({
  madeAt: z.string(),
  product: z.array(figure),
  settings: z.array(figure),
  /** Rows as PostgreSQL estimates them. */
  tables: z.array(z.object({ name: z.string(), rows: count, bytes: count })),
  migrations: z.array(z.object({ number: count, name: z.string(), appliedAt: z.string() })),
  postgres: z.array(figure),
  ledger: z.array(figure),
  /** The newest refusals and failures of the last days. */
  refusals: z.array(z.object({ at: z.string(), type: z.string(), outcome: z.string(), code: z.string(), requestId: z.string() })),
  jobs: z.array(z.object({ task: z.string(), waiting: count, starts: count, failures: count, lastError: z.string().nullable(), nextAt: z.string() })),
  /** Milliseconds. */
  timings: z.array(figure),
  /** Bytes of the volume that holds the files; none where it cannot be asked. */
  disk: z.array(figure),
});

export const downloadSupportBundle = endpoint({
  method: "POST",
  path: "/api/support/bundle",
  access: "run-backup",
  summary: "A file for whoever helps: versions, settings, counts and states without any personal value",
  replyKind: "file",
  reply: supportReport,
});
