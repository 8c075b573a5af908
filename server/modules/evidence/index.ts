/**
 * Evidence (証拠): snapshots of what an incident rests on, what is brought in from outside, who had it in hand, legal hold, and the sealed
 * bundle that verifies away from the product; decisions/0026.
 *
 * Invariants (evidence.db.test.ts): content stands sealed under the key of its incident, and its hash in the ledger; items, their parts
 * and their chain of custody are only ever added to; nothing of whom or what a hold stands on is destroyed, whoever asks, and one
 * person alone lifts none (holds.db.test.ts); of a bundle in which a byte was changed the verifier names the item (bundle.db.test.ts);
 * no personal value enters a bundle but what the door released for it.
 */
import { downloads, handsOut, readsQuietly, receives, writes, type Route, type Storehouse } from "#server/core/door/index.ts";
import type { Tasks } from "#server/platform/jobs/index.ts";
import * as contract from "#shared/evidence.ts";
import { bringEvidence } from "./bring-in.ts";
import { bundleEvidence, streamBundle } from "./bundle.ts";
import { copyEvidence, describeEvidence, handOverEvidence, lookAtEvidence, streamCopy, verifyEvidence } from "./custody.ts";
import { followScopes } from "./follow-scope.ts";
import { holdOfCustomer, liftHold, placeHold } from "./holds.ts";
import { custodyRecord, listEvidence } from "./list-evidence.ts";
import { renderCustody } from "./render-custody.ts";
import { tidyUnbound } from "./tidy-unbound.ts";
import { snapshotJob, snapshotTask, takeSnapshot, watchForSnapshots } from "./snapshot.ts";

export { bundleFromConsole } from "./bundle-from-console.ts";
export { events } from "./events.ts";
export { followScopes } from "./follow-scope.ts";
export { evidenceHold, holdLiftApproval } from "./holds.ts";
export { fillSnapshot, watchForSnapshots } from "./snapshot.ts";

/** What the timeline of an incident tells of its evidence. */
export const acts = [
  "evidence.snapshot-taken",
  "evidence.brought-in",
  "evidence.copied-out",
  "evidence.handed-over",
  "evidence.bundled",
  "evidence.hold-placed",
  "evidence.hold-extended",
  "evidence.hold-lift-asked",
] as const;

export function evidenceRoutes(): Route[] {
  return [
    readsQuietly(contract.listEvidence, "evidence.listed", listEvidence),
    writes(contract.takeSnapshot, "evidence.snapshot-asked", takeSnapshot),
    receives(contract.bringEvidence, "evidence.brought-in", bringEvidence),
    writes(contract.describeEvidence, "evidence.described", describeEvidence),
    writes(contract.lookAtEvidence, "evidence.looked-at", lookAtEvidence),
    handsOut(contract.copyEvidence, "evidence.copied-out", copyEvidence, streamCopy),
    writes(contract.handOverEvidence, "evidence.handed-over", handOverEvidence),
    receives(contract.verifyEvidence, "evidence.verified", verifyEvidence),
    downloads(contract.custodyPdf, "evidence.custody-printed", custodyRecord, renderCustody),
    handsOut(contract.bundleEvidence, "evidence.bundled", bundleEvidence, streamBundle),
    writes(contract.placeHold, "evidence.hold-placed", placeHold),
    writes(contract.liftHold, "evidence.hold-lift-asked", liftHold),
    readsQuietly(contract.holdOfCustomer, "evidence.hold-shown", holdOfCustomer),
  ];
}

const watchSeconds = 15;

async function watch(storehouse: Storehouse): Promise<void> {
  await followScopes(storehouse);
  await watchForSnapshots(storehouse);
}

export function evidenceTasks(storehouse: Storehouse): Tasks {
  return {
    [snapshotTask]: { run: snapshotJob(storehouse) },
    "evidence.watch": { everySeconds: watchSeconds, run: () => watch(storehouse) },
    "evidence.tidy": { everySeconds: 86_400, run: () => tidyUnbound(storehouse) },
  };
}
