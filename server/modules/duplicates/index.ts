/**
 * Duplicates (名寄せ): who may be the same person or company, merging them value by value, and taking that back.
 *
 * Invariants: a use case here holds numbers and handles, never a value (the door compares and reseals); no pair tells of a row
 * or a field that the caller does not see; a merge loses no value of anybody, and after it was taken back all stands as before
 * (duplicates.db.test.ts).
 */
import { reads, readsQuietly, writes, type Route, type Storehouse } from "#server/core/door/index.ts";
import type { Tasks } from "#server/platform/jobs/index.ts";
import * as contract from "#shared/duplicates.ts";
import { compareRecords } from "./compare-records.ts";
import { findAlike } from "./find-alike.ts";
import { findPairs, findTask } from "./find-pairs.ts";
import { keepApart } from "./keep-apart.ts";
import { alikeNumbers, companyMerges, countPairs, listPairs } from "./list-pairs.ts";
import { mergeRecords } from "./merge-records.ts";
import { movePeople, movePeopleTask } from "./move-people.ts";
import { undoMerge } from "./undo-merge.ts";

export { eraseMerged, everyNumberOf, numbersOfPerson } from "./erase-merged.ts";
export { alikeNumbers };
export { events } from "./events.ts";
export { findPairs } from "./find-pairs.ts";
export { movePeople } from "./move-people.ts";
export { customersMergedInto, personsOf } from "#server/modules/customers/index.ts";

export function duplicateRoutes(): Route[] {
  return [
    reads(contract.findAlike, "duplicates.checked", findAlike),
    reads(contract.listPairs, "duplicates.listed", listPairs),
    readsQuietly(contract.countPairs, "duplicates.listed", countPairs),
    readsQuietly(contract.companyMerges, "duplicates.listed", companyMerges),
    reads(contract.compareRecords, "duplicates.compared", compareRecords),
    writes(contract.keepApart, "duplicates.kept-apart", keepApart),
    writes(contract.mergeRecords, "customer.merged", mergeRecords),
    writes(contract.undoMerge, "customer.unmerged", undoMerge),
  ];
}

/** Seconds between two looks at what was written since. */
const searchEverySeconds = 20;

export function duplicateTasks(storehouse: Storehouse): Tasks {
  return {
    [findTask]: { run: (job) => findPairs(storehouse, job), everySeconds: searchEverySeconds },
    [movePeopleTask]: { run: (job) => movePeople(storehouse, job) },
  };
}
