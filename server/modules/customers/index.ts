/**
 * Customers and companies: lists and searches, one record, changes, trash.
 *
 * Invariants: no use case here holds a value (handles only, door); a row is reached only by `customerFor`, `listCustomers`
 * or the search function, each within the caller's scope; a changed row carries its hash in the event of the change
 * (customers.db.test.ts, tests/sentinels).
 */
import { downloads, reads, readsQuietly, writes, type Route, type Storehouse } from "#server/core/door/index.ts";
import type { Tasks } from "#server/platform/jobs/index.ts";
import * as contract from "#shared/customers.ts";
import * as entrusted from "#shared/entrusted.ts";
import * as uses from "#shared/uses.ts";
import * as fields from "#shared/fields.ts";
import { addFieldSection, arrangeFields, changeFieldSection, removeFieldSection } from "./arrange-fields.ts";
import { changeCompany, createCompany } from "./change-company.ts";
import { listCompanies, showCompany } from "./companies.ts";
import { customerExposures } from "./customer-exposures.ts";
import { customerHistory } from "./customer-history.ts";
import { addField, archiveField, changeField } from "./define-field.ts";
import { listFields } from "./fields.ts";
import { entrustCustomers, showEntrusted } from "./entrusted/entrusted-customers.ts";
import { bulkRoutes, bulkTasks } from "./bulk/routes.ts";
import type { HandOverHook } from "./bulk/carry-out.ts";
import { trashRoutes } from "./trash-routes.ts";
import { workingListRoutes } from "./list/routes.ts";
import type { AlikeNumbers } from "./list/resolve-filters.ts";
import { openView } from "./open-view.ts";
import { orderTask } from "./order/order-task.ts";
import { refreshEverySeconds, refreshOrders } from "./order/refresh-orders.ts";
import { reclassEffect } from "./reclass-effect.ts";
import { reindexField, reindexTask } from "./reindex-field.ts";
import { reclassField, resealTask } from "./reclass-field.ts";
import { resealField } from "./reseal-field.ts";
import { retiredValues } from "./retired-values.ts";
import { revealValues } from "./reveal-values.ts";
import { showCustomer } from "./show-customer.ts";
import { restoreCustomer, trashCustomer } from "./trash-customer.ts";
import { printedFreely, type TakenOtherwise } from "./uses/free-prints.ts";
import { askPrint, printApproved, printLabels } from "./uses/print-labels.ts";
import { changePrintOffset, offsetOf, printTestPage } from "./uses/print-offset.ts";
import { renderPrints } from "./uses/render-prints.ts";
import { renderTestPage } from "./uses/render-test-page.ts";
import { useValue } from "./uses/use-value.ts";
import { createViewCache } from "./view-cache.ts";
import { showView, viewRows } from "./view-rows.ts";
import { changeCustomer, createCustomer } from "./write-customer.ts";

export { bulkTrash } from "./bulk/approve-trash.ts";
export type { HandOverHook } from "./bulk/carry-out.ts";
export { printApproval } from "./uses/print-labels.ts";
export { addresseeOf, type Addressee } from "./uses/addressee.ts";
export { drawLines, layOutHorizontally } from "./uses/draw-horizontal.ts";
export { printedFreely };
export { causes } from "./causes.ts";
export { eraseCustomerRows } from "./erase-customer-rows.ts";
export { events } from "./events.ts";
export { addField } from "./define-field.ts";
export { setCustomerSuspended, suspendedSince } from "./suspend-customer.ts";
export { classesOf, customerFor, everyClass, listCustomers, type CustomerRow } from "./customer-records.ts";
export { insertCompany } from "./companies.ts";
export { companyFor, type CompanyFound } from "./change-company.ts";
export { changesOfEvent } from "./customer-history.ts";
export { countIndexGaps, hashedKinds, listHashedRows, type HashedKind } from "./list-hashed-rows.ts";
export { lockForMerge, moveToCompanies, readForMerge, writeMerged, type MergedState, type MergeRow } from "./merge-rows.ts";
export { addEntrusted, consignorsOf, settleEntrusted, takeBackEntrusted } from "./entrusted/entrusted-customers.ts";
export { beyondScope } from "./beyond-scope.ts";
export { customersMergedInto, keptFor, numbersMergedInto, personsOf } from "./merged-customers.ts";
export { numbersOfView } from "./numbers-of-view.ts";
export { nameRecords, type NamedRecords } from "./name-records.ts";
export { findStated } from "./find-stated.ts";
export { insertCustomers } from "./insert-customers.ts";
export { insertCompanies } from "./insert-companies.ts";
export { findCompanyCandidates, findCustomerCandidates, findSimilarCustomers } from "./find-candidates.ts";
export { putBackCustomers, trashImported, updateCustomers, type ChangedCustomer } from "./change-customers.ts";
export { trashImportedCompanies } from "./trash-companies.ts";
export { daysLeft, trashRules, type TrashRules } from "./trash-rules.ts";
export { insertCustomer, setCustomerState, updateCustomer, type NewCustomer } from "./write-customer.ts";

/** What modules above this one do when something happens here. */
export interface Hooks {
  readonly onHandOver?: HandOverHook;
  readonly alikeNumbers?: AlikeNumbers;
  readonly takenOtherwise?: TakenOtherwise;
}
const nobody = async (): Promise<readonly number[]> => [];

/** The routes of this module, with a cache of opened lists of their own. */
export function customerRoutes(hooks: Hooks = {}): Route[] {
  const cache = createViewCache(undefined, hooks.alikeNumbers);
  return [
    reads(contract.openView, "customers.listed", (context, input) => openView(context, input, cache)),
    reads(contract.viewRows, "customers.listed", (context, input) => viewRows(context, input, cache)),
    reads(contract.showView, "customers.listed", (context, input) => showView(context, input, cache)),
    reads(contract.showCustomer, "customer.viewed", showCustomer),
    reads(contract.retiredValues, "customer.viewed", retiredValues),
    reads(contract.revealValues, "customer.revealed", revealValues),
    reads(uses.useValue, "customer.used", useValue),
    downloads(uses.printLabels, "labels.printed", (context, input) => printLabels(context, input, hooks.takenOtherwise ?? nobody), renderPrints),
    writes(uses.askPrint, "labels.asked-for", askPrint),
    downloads(uses.printApproved, "labels.printed", printApproved, renderPrints),
    readsQuietly(uses.showPrintOffset, "print-offset.viewed", offsetOf),
    writes(uses.changePrintOffset, "print-offset.changed", changePrintOffset),
    downloads(uses.printTestPage, "labels.test-printed", printTestPage, renderTestPage),
    writes(contract.createCustomer, "customer.created", createCustomer),
    writes(contract.changeCustomer, "customer.changed", changeCustomer),
    writes(contract.trashCustomer, "customer.trashed", trashCustomer),
    writes(contract.restoreCustomer, "customer.restored", restoreCustomer),
    reads(contract.customerHistory, "customer.history-viewed", customerHistory),
    reads(contract.customerExposures, "customer.exposures-viewed", customerExposures),
    reads(contract.listCompanies, "companies.listed", listCompanies),
    reads(contract.showCompany, "company.viewed", showCompany),
    writes(contract.createCompany, "company.created", createCompany),
    writes(contract.changeCompany, "company.changed", changeCompany),
    writes(fields.reclassField, "field.reclassed", reclassField),
    readsQuietly(fields.reclassEffect, "fields.listed", reclassEffect),
    writes(fields.addField, "field.added", addField),
    writes(fields.changeField, "field.changed", changeField),
    writes(fields.archiveField, "field.archived", archiveField),
    writes(fields.arrangeFields, "fields.arranged", arrangeFields),
    writes(fields.addFieldSection, "fields.arranged", addFieldSection),
    writes(fields.changeFieldSection, "fields.arranged", changeFieldSection),
    writes(fields.removeFieldSection, "fields.arranged", removeFieldSection),
    readsQuietly(fields.listFields, "fields.listed", listFields),
    readsQuietly(entrusted.showEntrusted, "company.entrusted-shown", showEntrusted),
    writes(entrusted.entrustCustomers, "customers.entrusted", entrustCustomers),
    ...bulkRoutes(cache, hooks.onHandOver),
    ...trashRoutes(),
    ...workingListRoutes(cache),
  ];
}
export { countReach } from "./count-reach.ts";

/** Background work of this module. */
export function customerTasks(storehouse: Storehouse, hooks: Hooks = {}): Tasks {
  return {
    ...bulkTasks(storehouse, hooks.onHandOver),
    [resealTask]: { run: (job) => resealField(storehouse, job) },
    [reindexTask]: { run: (job) => reindexField(storehouse, job) },
    [orderTask]: { run: (job) => refreshOrders(storehouse, job), everySeconds: refreshEverySeconds },
  };
}
