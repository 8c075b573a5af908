/**
 * Rights of the person (個人情報保護法32–35条): the register of requests, disclosure, suspension of use, erasure, consent, and
 * the terms of keeping.
 *
 * Invariants: a suspended person's values leave by no use, whoever asks (suspension.db.test.ts); nobody is erased on one
 * person's word, and nobody under a hold (erasure-request.db.test.ts); of an erased person nothing opens, in old backups
 * either (tests/erasure.db.test.ts); a disclosure holds everything that is held, and its event says so (disclosure.db.test.ts).
 */
import { downloads, reads, readsQuietly, writes, type Route, type Storehouse } from "#server/core/door/index.ts";
import type { ApprovalKind } from "#server/modules/approvals/index.ts";
import type { Tasks } from "#server/platform/jobs/index.ts";
import * as contract from "#shared/person-requests.ts";
import { askErasure, erasureApproval, type PersonsOf } from "./ask-erasure.ts";
import { addPurpose, changePurpose, listPurposes, recordConsent } from "./consents.ts";
import { disclosePerson } from "./disclose-person.ts";
import { askDisposal, dueDisposals } from "./disposals.ts";
import { erasureCertificate, listErasures, renderCertificate } from "./list-erasures.ts";
import { listRequests } from "./list-requests.ts";
import { moveRequest } from "./move-request.ts";
import { personFile } from "./person-file.ts";
import { changePersonPolicy, personPolicy } from "./person-policy.ts";
import { recordRequest } from "./record-request.ts";
import { renderDisclosure, renderDisclosureJson } from "./render-disclosure.ts";
import { erasureTask, runErasure, type ErasureHouse } from "./run-erasure.ts";
import { liftSuspension, suspendUse } from "./suspend-use.ts";

export { events } from "./events.ts";
export { hashedRequests, listHashedRequests, type HashedRequest } from "./hashed-requests.ts";
export { eraseOwnTexts, eraseRows } from "./erase-rows.ts";
export { runErasure, erasureTask, type ErasureHouse } from "./run-erasure.ts";

/** What modules below contribute: numbers that are one person. */
export interface RequestsHouse {
  readonly personsOf: PersonsOf;
}

export function requestRoutes(house: RequestsHouse): Route[] {
  return [
    readsQuietly(contract.listPersonRequests, "person-requests.listed", listRequests),
    writes(contract.recordPersonRequest, "person-request.recorded", recordRequest),
    writes(contract.movePersonRequest, "person-request.moved", moveRequest),
    reads(contract.personFile, "person-file.viewed", personFile),
    writes(contract.suspendUse, "person.suspended", suspendUse),
    writes(contract.liftSuspension, "person.suspension-lifted", liftSuspension),
    downloads(contract.disclosePdf, "person.disclosed", (context, input) => disclosePerson(context, input, "pdf", house.personsOf), renderDisclosure),
    downloads(contract.discloseJson, "person.disclosed", (context, input) => disclosePerson(context, input, "json", house.personsOf), renderDisclosureJson),
    writes(contract.askErasure, "erasure.asked", (context, input) => askErasure(context, input, house.personsOf)),
    readsQuietly(contract.listErasures, "erasures.listed", listErasures),
    downloads(contract.erasureCertificate, "erasure.certified", erasureCertificate, renderCertificate),
    reads(contract.dueDisposals, "disposals.counted", (context) => dueDisposals(context)),
    writes(contract.askDisposal, "disposal.asked", askDisposal),
    readsQuietly(contract.listUsePurposes, "use-purposes.listed", listPurposes),
    writes(contract.addUsePurpose, "use-purpose.changed", addPurpose),
    writes(contract.changeUsePurpose, "use-purpose.changed", changePurpose),
    writes(contract.recordConsent, "person.consent-recorded", recordConsent),
    readsQuietly(contract.showPersonPolicy, "person-policy.shown", (context) => personPolicy(context)),
    writes(contract.changePersonPolicy, "person-policy.changed", changePersonPolicy),
  ];
}

/** A second person judges each erasure and each disposal. */
export const requestApprovals: readonly ApprovalKind[] = [erasureApproval("erasure"), erasureApproval("disposal")];

export function requestTasks(storehouse: Storehouse, house: ErasureHouse): Tasks {
  return { [erasureTask]: { run: (job) => runErasure(storehouse, job, house) } };
}
