/**
 * Lists (持ち出しリスト): what is taken out of the storehouse, by whom, what for, until when.
 *
 * Invariants: above the limit, or with a sensitive field, nothing leaves without a second person (lists.db.test.ts); a file holds
 * exactly what its event says (lists.db.test.ts, tests/sentinels); a colleague's list is not there, an ended one is drawn no
 * more (lists.db.test.ts); every file is encrypted by a password of its own, which its owner alone reads.
 */
import { downloads, onTheWayOut, reads, readsQuietly, writes, type Route } from "#server/core/door/index.ts";
import * as contract from "#shared/lists.ts";
import { createList } from "./create-list.ts";
import { disposeList, downloadList, showListPassword } from "./download-list.ts";
import { changeListPolicy, showListPolicy } from "./list-policy.ts";
import { renderList } from "./render-list.ts";
import { listLists, showList } from "./show-lists.ts";

export { makePassword } from "./make-password.ts";
export { causes } from "./causes.ts";
export { eraseListRows } from "./erase-list-rows.ts";
export { events } from "./events.ts";
export { listApproval } from "./list-approval.ts";
export { listedFreely } from "./list-policy.ts";

export function listRoutes(): Route[] {
  return [
    readsQuietly(contract.showListPolicy, "list-policy.viewed", showListPolicy),
    writes(contract.changeListPolicy, "list-policy.changed", changeListPolicy),
    onTheWayOut(writes(contract.createList, "list.created", createList)),
    readsQuietly(contract.listLists, "lists.listed", listLists),
    readsQuietly(contract.showList, "list.viewed", showList),
    downloads(contract.downloadList, "list.downloaded", downloadList, renderList),
    onTheWayOut(reads(contract.showListPassword, "list.password-shown", showListPassword)),
    writes(contract.disposeList, "list.disposed", disposeList),
  ];
}
