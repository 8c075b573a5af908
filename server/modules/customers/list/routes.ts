import { reads, readsQuietly, writes, type Route } from "#server/core/door/index.ts";
import * as contract from "#shared/working-list.ts";
import type { ViewCache } from "../view-cache.ts";
import { countCustomers } from "./count-customers.ts";
import { saveLayout, showLayout } from "./list-layout.ts";
import { changeSavedView, createSavedView, listSavedViews, removeSavedView } from "./saved-views.ts";
import { listStars, putStars } from "./stars.ts";
import { nameCompanies, viewGroups, viewNumbers } from "./view-groups.ts";

/** The routes of the working list: how it is arranged, what is kept of it, and what is counted over it. */
export function workingListRoutes(cache: ViewCache): Route[] {
  return [
    readsQuietly(contract.showLayout, "list.layout-shown", showLayout),
    writes(contract.saveLayout, "list.arranged", saveLayout),
    readsQuietly(contract.listSavedViews, "saved-views.listed", listSavedViews),
    writes(contract.createSavedView, "saved-view.created", createSavedView),
    writes(contract.changeSavedView, "saved-view.changed", changeSavedView),
    writes(contract.removeSavedView, "saved-view.removed", removeSavedView),
    readsQuietly(contract.listStars, "stars.listed", listStars),
    writes(contract.putStars, "customers.starred", putStars),
    readsQuietly(contract.countCustomers, "customers.counted", (context, input) => countCustomers(context, input, cache.alikeNumbers)),
    reads(contract.viewNumbers, "customers.chosen", (context, input) => viewNumbers(context, input, cache)),
    readsQuietly(contract.viewGroups, "customers.grouped", (context, input) => viewGroups(context, input, cache)),
    reads(contract.nameCompanies, "companies.listed", nameCompanies),
  ];
}
