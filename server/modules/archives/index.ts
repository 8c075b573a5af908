/**
 * Archives: when old months of the ledger go into files, and what is told of those files. How they are written, read and proved
 * is the ledger's own business (server/core/ledger/archive).
 *
 * Invariants (archives.db.test.ts): of all nodes one does it at a time; what was begun and not ended is ended by the next run;
 * nothing younger than a month goes, and nothing is ever thrown away.
 */
import { readsQuietly, writes, type Route, type Storehouse } from "#server/core/door/index.ts";
import type { Tasks } from "#server/platform/jobs/index.ts";
import * as contract from "#shared/archives.ts";
import { archiveByPolicy } from "./archive-ledger.ts";
import { changeArchivePolicy, showArchives } from "./show-archives.ts";

export { events } from "./events.ts";
export { archiveLedger, youngestArchived, type ArchivedLedger } from "./archive-ledger.ts";

export function archiveRoutes(): Route[] {
  return [
    readsQuietly(contract.showArchives, "ledger.archives-shown", (context) => showArchives(context)),
    writes(contract.changeArchivePolicy, "ledger.archive-policy-changed", changeArchivePolicy),
  ];
}

const daySeconds = 86_400;

/** `catchUp`: of modules above, what gathers from the events where they stand. */
export function archiveTasks(storehouse: Storehouse, house: { readonly catchUp: () => Promise<void> }): Tasks {
  return { "ledger.archive": { everySeconds: daySeconds, run: ({ signal }) => archiveByPolicy(storehouse, { signal, catchUp: house.catchUp }) } };
}
