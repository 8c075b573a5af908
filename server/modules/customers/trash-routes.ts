import { reads, readsQuietly, writes, type Route } from "#server/core/door/index.ts";
import * as contract from "#shared/trash.ts";
import { listTrash } from "./list-trash.ts";
import { restoreCompany, trashCompany } from "./trash-company.ts";
import { changeTrashRules, trashRules } from "./trash-rules.ts";
import { undoEdit } from "./undo-edit.ts";

/** The trash, and undoing what was done by a slip of the hand. */
export function trashRoutes(): Route[] {
  return [
    reads(contract.listTrash, "trash.listed", listTrash),
    readsQuietly(contract.showTrashRules, "trash.rules-shown", trashRules),
    writes(contract.changeTrashRules, "trash.rules-changed", changeTrashRules),
    writes(contract.trashCompany, "company.trashed", trashCompany),
    writes(contract.restoreCompany, "company.restored", restoreCompany),
    writes(contract.undoEdit, "customer.edit-undone", undoEdit),
  ];
}
