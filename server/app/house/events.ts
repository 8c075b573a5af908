import { declareEvents } from "#server/core/ledger/index.ts";

/** What happens to the installation itself. `run` is the number of one opening of the storehouse by one process, a UUID. */
export const events = declareEvents({
  "storehouse.opened": {
    description:
      "A node opened the storehouse; facts: `run`, `node`, `version`, which keys were unwrapped (`keyEncryptionKey`, `unwrapped`, `generation`, `keysRevision`), `databaseAheadMs`, `clockBehindMs` when the last event is younger than the clock, and after an unclean end `uncleanEnds` (the runs) with `lastRecordedAt`",
  },
  "storehouse.migrated": { description: "Migrations of the database were applied; facts: `migrations` (number, name and SHA-256 of each)" },
  "storehouse.health": { description: "Somebody asked whether the storehouse is open" },
  "storehouse.closed": { description: "A node closed the storehouse in order; facts: `run`" },
  "clock.changed": {
    description:
      "A clock was set, or stood still: its time went on otherwise than time itself; facts: `nodeStepMs`, `databaseStepMs` (0: it went right), `databaseAheadMs`",
  },
  "ledger.gap": {
    description: "For a while nothing could be recorded, so nothing was released; facts: `run`, `from`, `to`, `refused` (acts refused for it), `lastRefusedAt`",
  },
  "request.refused": {
    description:
      "Requests were refused before they reached a route: too many, too large, unreadable, or to no route at all; facts: `code`, `count` (from one address within ten seconds)",
  },
});
