/**
 * Records: reading the ledger, and proving it together with the rows that it speaks of.
 *
 * Invariants, all in records.db.test.ts: reading the ledger stands in the ledger; what was searched for is shown to its author
 * and to readers of the ledger who read personal values of all customers; a row changed, added, removed or exchanged around
 * the product is found and named.
 */
import { downloads, exempt, reads, readsQuietly, streams, writes, type Route, type Storehouse } from "#server/core/door/index.ts";
import type { Tasks } from "#server/platform/jobs/index.ts";
import * as proof from "#shared/ledger-export.ts";
import * as contract from "#shared/ledger.ts";
import { ledgerDensity, ownDensity } from "./density.ts";
import { askExport, renderVerifier, showVerifier, streamAsked, takeVerifier } from "./export-routes.ts";
import { ledgerLines, renderLines } from "./ledger-lines.ts";
import { listEvents, listOwnEvents } from "./list-events.ts";
import { keepQuestion, listQuestions, removeQuestion } from "./questions.ts";
import { replayLedger, replayOwn } from "./replay.ts";
import { renderNotSeenPdf } from "./render-not-seen.ts";
import { renderSeenPdf } from "./render-seen.ts";
import { renderNotSeenJson, stateNotSeen } from "./statement-not-seen.ts";
import { renderSeenJson, stateSeen } from "./statement-seen.ts";
import { showCheckpoint } from "./show-checkpoint.ts";
import { verifyNow, verifyStorehouse } from "./verify-storehouse.ts";
import { showWhatIWasShown, showWhatWasShown } from "./what-was-shown.ts";

export { baselineRows } from "./baseline-rows.ts";
export { countHours } from "./count-hours.ts";
export { events } from "./events.ts";
export { countedTo } from "./find-events.ts";
export { exportLedger, readVerifier, streamExport } from "./export-ledger.ts";
export { listVerifierKeys, questionsOf } from "./export-routes.ts";
export { verifyStorehouse, type StorehouseVerification } from "./verify-storehouse.ts";

export function recordRoutes(): Route[] {
  return [
    reads(contract.listEvents, "ledger.read", listEvents),
    readsQuietly(contract.listOwnEvents, "ledger.own-read", listOwnEvents),
    reads(contract.ledgerDensity, "ledger.counted", ledgerDensity),
    readsQuietly(contract.ownDensity, "ledger.own-read", ownDensity),
    reads(contract.replayLedger, "ledger.replayed", replayLedger),
    readsQuietly(contract.replayOwn, "ledger.own-replayed", replayOwn),
    reads(contract.showWhatWasShown, "ledger.event-viewed", showWhatWasShown),
    readsQuietly(contract.showWhatIWasShown, "ledger.own-event-viewed", showWhatIWasShown),
    readsQuietly(contract.listQuestions, "ledger.questions-listed", listQuestions),
    writes(contract.keepQuestion, "ledger.question-kept", keepQuestion),
    writes(contract.removeQuestion, "ledger.question-removed", removeQuestion),
    downloads(contract.ledgerLines, "ledger.lines-downloaded", ledgerLines, renderLines),
    readsQuietly(contract.showCheckpoint, "ledger.checkpoint-shown", (context) => showCheckpoint(context)),
    streams(proof.exportLedger, "ledger.exported", askExport, streamAsked),
    downloads(proof.stateSeenJson, "person.seen-stated", stateSeen, renderSeenJson),
    downloads(proof.stateSeenPdf, "person.seen-stated", stateSeen, renderSeenPdf),
    downloads(proof.stateNotSeen, "ledger.not-seen-stated", stateNotSeen, renderNotSeenJson),
    downloads(proof.stateNotSeenPdf, "ledger.not-seen-stated", stateNotSeen, renderNotSeenPdf),
    exempt(downloads(proof.downloadVerifier, "ledger.verifier-taken", takeVerifier, renderVerifier), "exports-held"),
    readsQuietly(proof.showVerifier, "ledger.verifier-shown", (context) => showVerifier(context)),
    writes(contract.verifyLedgerNow, "ledger.verified", (context) => verifyNow(context)),
  ];
}

const daySeconds = 86_400;
const countSeconds = 60;

export function recordTasks(storehouse: Storehouse): Tasks {
  return {
    "records.count-hours": {
      everySeconds: countSeconds,
      run: async ({ signal }) => storehouse.door.countHours?.(signal),
    },
    "ledger.verify": {
      everySeconds: daySeconds,
      run: async ({ signal }) => {
        await verifyStorehouse(storehouse, "system", signal);
      },
    },
  };
}
