import type { Context } from "#server/core/door/index.ts";
import type { ApprovalKind, ApprovalRequest } from "#server/modules/approvals/index.ts";
import { Problem } from "#shared/problems.ts";
import { demandUnchanged } from "./draft-hash.ts";
import { draftsOf, holdDraft, noteDraft, type DraftRow } from "./draft-records.ts";
import { demandSettled } from "./save-drafts.ts";

/** The version that a request is about; the hash that was asked about is the one that is approved. */
async function draftOf(context: Context, { facts }: ApprovalRequest): Promise<DraftRow> {
  const row = await holdDraft(context, Number(facts["draftNo"]));
  if (row.content_hash.toString("hex") !== facts["hash"]) {
    throw new Problem("conflict", { reason: "changed" });
  }
  return row;
}

/**
 * Nothing of an incident leaves before a second person approved the very version (approval.version → incident_drafts). What was asked
 * of it then is asked again: that there is no newer one, and that the people whom it names are as settled as they were.
 */
export const draftApproval: ApprovalKind = {
  kind: "incident-paper",
  async approved(context, request) {
    const row = await draftOf(context, request);
    noteDraft(context, row);
    demandUnchanged(row);
    const [latest] = await draftsOf(context, row.incident_no, row.paper);
    if (latest?.draft_no !== row.draft_no) throw new Problem("conflict", { reason: "not-latest" });
    await demandSettled(context, row, request.facts["isBeforeVerification"] === true);
    await context.db.query("update incident_drafts set state = 'approved', approved_by = $2, approved_at = $3 where draft_no = $1", [
      row.draft_no,
      context.actor.accountNo,
      context.now,
    ]);
  },
  async refused(context, request) {
    const row = await holdDraft(context, Number(request.facts["draftNo"]));
    noteDraft(context, row);
    await context.db.query("update incident_drafts set state = 'refused' where draft_no = $1", [row.draft_no]);
  },
};
