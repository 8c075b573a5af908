/**
 * Customers and companies: lists and searches, one record, changes, trash.
 *
 * Invariants: no use case here holds a value (handles only, door); a row is reached only by `customerFor`, `listCustomers`
 * or the search function, each within the caller's scope; a changed row carries its hash in the event of the change
 * (customers.db.test.ts, tests/sentinels).
 */
import { reads, readsQuietly, writes, type Route, type Storehouse } from "#server/core/door/index.ts";
import type { Tasks } from "#server/platform/jobs/index.ts";
import * as contract from "#shared/customers.ts";
import { listFields as listFieldsEndpoint, reclassField as reclassFieldEndpoint } from "#shared/fields.ts";
import { listCompanies, showCompany } from "./companies.ts";
import { customerExposures } from "./customer-exposures.ts";
import { customerHistory } from "./customer-history.ts";
import { listFields } from "./fields.ts";
import { openView } from "./open-view.ts";
import { reclassField, resealTask } from "./reclass-field.ts";
import { resealField } from "./reseal-field.ts";
import { revealValues } from "./reveal-values.ts";
import { showCustomer } from "./show-customer.ts";
import { restoreCustomer, trashCustomer } from "./trash-customer.ts";
import { createViewCache } from "./view-cache.ts";
import { showView, viewRows } from "./view-rows.ts";
import { changeCustomer, createCustomer } from "./write-customer.ts";

export { causes } from "./causes.ts";
export { eraseCustomerRows } from "./erase-customer-rows.ts";
export { events } from "./events.ts";
export { classesOf, customerFor, everyClass, listCustomers, type CustomerRow } from "./customer-records.ts";
export { insertCompany, mayWriteCompanies } from "./companies.ts";
export { countIndexGaps, hashedKinds, listHashedRows, type HashedKind } from "./list-hashed-rows.ts";
export { insertCustomers } from "./insert-customers.ts";
export { insertCompanies } from "./insert-companies.ts";
export { findCompanyCandidates, findCustomerCandidates } from "./find-candidates.ts";
export { putBackCustomers, trashImported, updateCustomers, type ChangedCustomer } from "./change-customers.ts";
export { trashImportedCompanies } from "./trash-companies.ts";
export { insertCustomer, setCustomerState, updateCustomer, type NewCustomer } from "./write-customer.ts";

/** The routes of this module, with a cache of opened lists of their own. */
export function customerRoutes(): Route[] {
  const cache = createViewCache();
  return [
    reads(contract.openView, "customers.listed", (context, input) => openView(context, input, cache)),
    reads(contract.viewRows, "customers.listed", (context, input) => viewRows(context, input, cache)),
    reads(contract.showView, "customers.listed", (context, input) => showView(context, input, cache)),
    reads(contract.showCustomer, "customer.viewed", showCustomer),
    reads(contract.revealValues, "customer.revealed", revealValues),
    writes(contract.createCustomer, "customer.created", createCustomer),
    writes(contract.changeCustomer, "customer.changed", changeCustomer),
    writes(contract.trashCustomer, "customer.trashed", trashCustomer),
    writes(contract.restoreCustomer, "customer.restored", restoreCustomer),
    reads(contract.customerHistory, "customer.history-viewed", customerHistory),
    reads(contract.customerExposures, "customer.exposures-viewed", customerExposures),
    reads(contract.listCompanies, "companies.listed", listCompanies),
    reads(contract.showCompany, "company.viewed", showCompany),
    writes(reclassFieldEndpoint, "field.reclassed", reclassField),
    readsQuietly(listFieldsEndpoint, "fields.listed", async (context) => listFields(context)),
  ];
}
export { countReach } from "./count-reach.ts";

/** Background work of this module. */
export function customerTasks(storehouse: Storehouse): Tasks {
  return { [resealTask]: { run: (job) => resealField(storehouse, job) } };
}
