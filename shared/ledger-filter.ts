import { z } from "zod";
import { purposes } from "./rights.ts";

/**
 * Groups of acts by which the ledger is asked, as expressions over the types of events (JavaScript and PostgreSQL read them
 * alike). An act may belong to several groups.
 */
export const actGroups = {
  seen: "^(customers?|company|companies|purchases|duplicates|trash|actions|stars|home|person-file|desk)\\.(.*-)?(listed|viewed|revealed|shown|counted|chosen|grouped|compared|checked)$",
  used: "^customer\\.(revealed|used)$|^desk\\.called-back$",
  "taken-out":
    "^lists?\\.(created|asked-for|downloaded|password-shown|disposed)$|^labels\\.|^person\\.(disclosed|seen-stated)$|-downloaded$|^ledger\\.(exported|not-seen-stated)$",
  changed:
    "^(customers?|company|companies|notes?|actions?|purchases?|import|person)\\.(created|changed|added|trashed|restored|edit-undone|merged|unmerged|erased|set|suspended|suspension-lifted|consent-recorded|handed-over|people-moved|row-corrected|(bulk-|undo-)?(started|batch|done|undone)|bulk-put-back|bulk-undo-started)$",
  rights:
    "^(role\\.defined|policy\\.|consent\\.|department\\.|account\\.(added|invited|enrolled|disabled|enabled|factor-reset|roles-changed|department-changed)|office|organisation\\.|set-up-link|invitation\\.|field\\.reclassed|review)|-policy\\.changed$|rules-changed$",
  "signed-in": "^sessions?\\.(password-accepted|started|refused|ended|expired|revoked)$|^account\\.password-changed$",
  approved: "^(approvals?|erasures?|disposals?|person-requests?)\\.",
  ledger:
    "^ledger\\.(read|own-.*|counted|replayed|event-viewed|lines-downloaded|exported|entries-read|log-read|proved|verified|verifier-.*|question.*|not-seen-stated)$",
  house: "^(storehouse|backup|keys|search|clock|witness|migration)s?\\.|^ledger\\.(gap|outlet.*|push-.*|witness-.*|timestamped|checkpoint-shown)$",
} as const;
export type ActGroup = keyof typeof actGroups;
export const actGroupNames = Object.keys(actGroups) as [ActGroup, ...ActGroup[]];

/** From so many records in one event on it is a large one: more than a screen shows at a time. */
export const largeFrom = 101;

/** What the ledger is asked: every part narrows. Codes, numbers and times alone. */
export const ledgerFilter = z.object({
  group: z.enum(actGroupNames).optional(),
  types: z.array(z.string().max(60)).max(40).optional(),
  accountNo: z.number().int().positive().max(2_147_483_647).optional(),
  customerNo: z.number().int().positive().max(2_147_483_647).optional(),
  outcome: z.enum(["ok", "refused", "failed"]).optional(),
  purpose: z.enum(purposes).optional(),
  /** Where it was asked from. */
  address: z
    .string()
    .regex(/^[0-9a-fA-F:.]{2,45}$/)
    .optional(),
  /** Saturdays and Sundays, and before 7 and from 20 o'clock, in Japan. */
  isOffHours: z.boolean().optional(),
  /** {@link largeFrom} records or more in one event. */
  isLarge: z.boolean().optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
});
export type LedgerFilter = z.output<typeof ledgerFilter>;
