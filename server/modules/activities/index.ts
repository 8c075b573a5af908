/**
 * Activities: contact notes with their next action, purchases, the timeline of a person or company, and what Home says of the
 * day.
 *
 * Invariants: what was typed is sealed under the key of whom it is about and dies with it; who reads a note is who reads the
 * field `contactNote` of that customer, and the due list never names a customer out of scope (activities.db.test.ts); rows
 * carry their hash in the event of each write (activities.db.test.ts); pages of a timeline show everything once (page-back.test.ts).
 */
import { reads, readsQuietly, writes, type Route } from "#server/core/door/index.ts";
import * as contract from "#shared/activities.ts";
import { companyPeople } from "./company-people.ts";
import { listActions } from "./list-actions.ts";
import { listCompanyPurchases, listPurchases } from "./list-purchases.ts";
import { ownChanges } from "./own-changes.ts";
import { companyTimeline, customerTimeline } from "./timeline.ts";
import { addCompanyNote, addCustomerNote, changeNote, restoreNote, setAction, trashNote } from "./write-note.ts";
import { addPurchase, changePurchase, restorePurchase, trashPurchase } from "./write-purchase.ts";

export { eraseActivities } from "./erase-activities.ts";
export { events } from "./events.ts";
export { hashedActivities, listHashedActivities, type HashedActivity } from "./list-hashed-activities.ts";
export { attachedActivities, type AttachedActivities } from "./attached-activities.ts";
export { lastActivities } from "./last-activities.ts";
export { findSamePurchases, mayWritePurchases, trashImportedPurchases } from "./imported-purchases.ts";
export { moveNextActions } from "./move-next-actions.ts";
export { noteSubject, type NoteSubject } from "./note-records.ts";
export { insertNote, type NewAction, type NewNote } from "./write-note.ts";
export { insertPurchases, type NewPurchase } from "./write-purchase.ts";

export function activityRoutes(): Route[] {
  return [
    writes(contract.addCustomerNote, "note.added", addCustomerNote),
    writes(contract.addCompanyNote, "note.added", addCompanyNote),
    writes(contract.changeNote, "note.changed", changeNote),
    writes(contract.trashNote, "note.trashed", trashNote),
    writes(contract.restoreNote, "note.restored", restoreNote),
    writes(contract.setAction, "action.set", setAction),
    readsQuietly(contract.listActions, "actions.listed", listActions),
    readsQuietly(contract.ownChanges, "home.changes-shown", (context) => ownChanges(context)),
    reads(contract.customerTimeline, "customer.timeline-viewed", customerTimeline),
    reads(contract.companyTimeline, "company.timeline-viewed", companyTimeline),
    reads(contract.listPurchases, "purchases.listed", listPurchases),
    reads(contract.listCompanyPurchases, "purchases.listed", listCompanyPurchases),
    writes(contract.addPurchase, "purchase.added", addPurchase),
    writes(contract.changePurchase, "purchase.changed", changePurchase),
    writes(contract.trashPurchase, "purchase.trashed", trashPurchase),
    writes(contract.restorePurchase, "purchase.restored", restorePurchase),
    reads(contract.companyPeople, "company.people-viewed", companyPeople),
  ];
}
