import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { shown } from "./shown.ts";

/**
 * Version of the product's own text about the recording of work (web/words/monitoring.ts). Raised with every change of what it
 * says; everybody is shown it again then.
 */
export const noticeVersion = 1;

/** A role by its names. */
const roleOut = z.object({ key: z.string(), labelJa: z.string(), labelEn: z.string() });

/** Which text: the product's version and the number of the organisation's own, 0 where there is none. */
const noticeNumbers = { version: z.number().int(), noticeNo: z.number().int() };

/**
 * What staff are told about the recording of their work: that it is done, for what, who reads it, for how long
 * (個人情報保護委員会 ガイドラインQ&A 5-7).
 */
export const showNotice = endpoint({
  method: "GET",
  path: "/api/monitoring-notice",
  access: "own-session",
  summary: "What is recorded of one's work and who reads it, and whether one has been told",
  reply: z.object({
    ...noticeNumbers,
    /** What the organisation adds, in its own words. */
    text: shown,
    /** When the organisation's own words last changed. */
    writtenAt: z.string().nullable(),
    /** When the caller acknowledged this text. */
    acknowledgedAt: z.string().nullable(),
    /** Roles whose holders read the record of everybody's work. */
    ledgerReaders: z.array(roleOut),
    /** Further roles, whose holders see who saw a customer whom they may read. */
    exposureReaders: z.array(roleOut),
  }),
});

export const acknowledgeNotice = endpoint({
  method: "POST",
  path: "/api/monitoring-notice/acknowledge",
  access: "own-session",
  summary: "Confirm that one has read what is recorded of one's work",
  body: z.object(noticeNumbers),
  reply: z.object({ kind: z.literal("acknowledged") }),
});

export const longestNotice = 4_000;

export const writeNotice = endpoint({
  method: "PUT",
  path: "/api/monitoring-notice",
  access: "consent-rights",
  summary: "Add the organisation's own words to what staff are told; everybody is shown the text again",
  body: z.object({
    /** Plain text; empty takes the organisation's words away. */
    text: z.string().max(longestNotice),
    /** The number that the caller changes. */
    noticeNo: z.number().int(),
  }),
  reply: z.object({ noticeNo: z.number() }),
});
