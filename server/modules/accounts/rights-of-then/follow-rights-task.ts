import type { Storehouse } from "#server/core/door/index.ts";
import type { Tasks } from "#server/platform/jobs/index.ts";
import { followRights } from "./follow-rights.ts";

/** Hourly, so that whoever asks later waits for an hour's events and not for years of them. Takes numbers from one table to another: no event of its own. */
export function followRightsTask(storehouse: Storehouse): Tasks {
  return { "accounts.follow-rights": { everySeconds: 3_600, run: () => followRights(storehouse.pool) } };
}
