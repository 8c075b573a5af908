/**
 * Proofs: the ledger as outsiders check it, and how its checkpoints come to stand where nobody here can change them.
 *
 * Invariants: tiles and proofs lead to the signed root (server/core/ledger/tiles, proofs.db.test.ts); a ledger that was cut,
 * exchanged or put back is refused by a witness and is an alarm (witness.db.test.ts); a time stamp that is kept was verified
 * (time-stamp.test.ts); a SIEM is given every event of the tree in order, at least once, whatever falls (feed/feed.db.test.ts); nothing is sent to a place that is given files or events before the privacy officer consented
 * (consent-to-outlet.db.test.ts); a log token opens checkpoints, hashes and consistency proofs and nothing else (monitor/log-tokens.db.test.ts); no password, token or whole address of a place stands in clear or is shown.
 *
 * An epoch is a log of its own: its origin and key are its own, its tree goes on from the former one's. So the tiles of the
 * current epoch hold the leaves of all of them, and what a restore cut off is missed by whoever kept a checkpoint of the former.
 */
import { downloads, exempt, readsQuietly, writes, type Route, type Storehouse } from "#server/core/door/index.ts";
import type { Tasks } from "#server/platform/jobs/index.ts";
import * as contract from "#shared/proofs.ts";
import { addOutlet, endOutlet } from "./add-outlet.ts";
import { listOutlets } from "./list-outlets.ts";
import { listTimestamps } from "./list-timestamps.ts";
import { listLogTokens, makeLogToken, withdrawLogToken } from "./monitor/log-tokens.ts";
import { monitorCheckpoint, monitorConsistency, monitorTile, type Pace } from "./monitor/read-by-token.ts";
import { proveConsistency, proveInclusion } from "./prove.ts";
import { sendCheckpoints, sendEvents } from "./send-checkpoints.ts";
import { listEpochs, renderEntries, renderNote, renderTile, showLogCheckpoint, showLogEntries, showLogTile } from "./show-log.ts";

export { outletConsent } from "./consent-to-outlet.ts";
export { events } from "./events.ts";
export { logTokenNotice } from "./monitor/log-tokens.ts";
export { listWitnesses, type WitnessState } from "./list-outlets.ts";
export { verifyToken, readAnchors, type TimeStamp } from "./time-stamp.ts";

export function proofRoutes(): Route[] {
  const pace: Pace = { minute: 0, counts: new Map() };
  return [
    // Hashes and signatures say nothing of anybody: fetching a hundred thousand of them is no event each.
    exempt({ ...downloads(contract.showLogCheckpoint, "ledger.log-read", (context) => showLogCheckpoint(context), renderNote), isQuiet: true }, "exports-held"),
    exempt({ ...downloads(contract.showLogTile, "ledger.log-read", showLogTile, renderTile), isQuiet: true }, "exports-held"),
    downloads(contract.showLogEntries, "ledger.entries-read", showLogEntries, renderEntries),
    readsQuietly(contract.listEpochs, "ledger.log-read", (context) => listEpochs(context)),
    readsQuietly(contract.proveInclusion, "ledger.proved", proveInclusion),
    readsQuietly(contract.proveConsistency, "ledger.proved", proveConsistency),
    readsQuietly(contract.listOutlets, "ledger.outlets-shown", (context) => listOutlets(context)),
    writes(contract.addOutlet, "ledger.outlet-added", addOutlet),
    writes(contract.endOutlet, "ledger.outlet-ended", endOutlet),
    readsQuietly(contract.listLogTokens, "ledger.log-tokens-shown", (context) => listLogTokens(context)),
    writes(contract.makeLogToken, "ledger.log-token-made", makeLogToken),
    writes(contract.withdrawLogToken, "ledger.log-token-withdrawn", withdrawLogToken),
    // Whoever watches from outside goes on watching while the house is shut: that is when it counts.
    ...[
      { ...downloads(contract.monitorCheckpoint, "ledger.log-read", monitorCheckpoint(pace), renderNote), isQuiet: true },
      { ...downloads(contract.monitorTile, "ledger.log-read", monitorTile(pace), renderTile), isQuiet: true },
      readsQuietly(contract.monitorConsistency, "ledger.log-read", monitorConsistency(pace)),
    ].map((route) => exempt(route, "exports-held", "stopped")),
    readsQuietly(contract.listTimestamps, "ledger.timestamps-shown", listTimestamps),
  ];
}

const everySeconds = 10;
const eventsEverySeconds = 5;

export function proofTasks(storehouse: Storehouse): Tasks {
  return {
    "proofs.send": { everySeconds, run: ({ signal }) => sendCheckpoints(storehouse, signal) },
    "proofs.feed": { everySeconds: eventsEverySeconds, run: ({ signal }) => sendEvents(storehouse, signal) },
  };
}
