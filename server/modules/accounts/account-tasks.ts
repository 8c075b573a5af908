import { randomUUID } from "node:crypto";
import { actAs, type Storehouse } from "#server/core/door/index.ts";
import type { Tasks } from "#server/platform/jobs/index.ts";
import { noteExpiredSessions } from "./note-expired-sessions.ts";
import { purge } from "./purge.ts";
import { followRightsTask } from "./rights-of-then/follow-rights-task.ts";

const daySeconds = 86_400;
const minuteSeconds = 60;

/** Background work of this module. */
export function accountTasks(storehouse: Storehouse): Tasks {
  return {
    ...followRightsTask(storehouse),
    "accounts.purge": {
      everySeconds: daySeconds,
      run: () => actAs(storehouse, "system", "accounts.purged", randomUUID(), purge),
    },
    "sessions.expire": { everySeconds: minuteSeconds, run: ({ signal }) => noteExpiredSessions(storehouse, signal) },
  };
}
