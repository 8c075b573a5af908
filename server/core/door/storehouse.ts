import type { Pool } from "pg";
import type { Policy } from "#server/core/access/policy.ts";
import type { Door } from "./door.ts";

/** What a running node holds: the pool of the app's login, the door, and the policy as it last saw it. */
export interface Storehouse {
  readonly pool: Pool;
  readonly door: Door;
  policy: Policy | undefined;
  readonly clock: () => Date;
  /** False while the database is known to say nothing: then nobody is kept waiting for it. */
  readonly isReachable?: () => boolean;
}
