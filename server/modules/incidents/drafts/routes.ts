import { downloads, reads, readsQuietly, writes, type Route } from "#server/core/door/index.ts";
import * as contract from "#shared/incident-drafts.ts";
import { handOver, withdrawHanding } from "./hand-over.ts";
import { renderPaperPdf } from "./render-paper-pdf.ts";
import { renderPaperWord } from "./render-paper-word.ts";
import { askApproval, makeDrafts, writePassage } from "./save-drafts.ts";
import { downloadDraft, listDrafts, previewDraft, showDraft } from "./show-drafts.ts";
import { estimateIncident, showJudgement } from "./show-judgement.ts";

export function draftRoutes(): Route[] {
  return [
    readsQuietly(contract.showJudgement, "incident.judgement-viewed", showJudgement),
    readsQuietly(contract.estimateIncident, "incident.judgement-viewed", estimateIncident),
    readsQuietly(contract.listDrafts, "incident.drafts-listed", listDrafts),
    writes(contract.makeDrafts, "incident.drafted", makeDrafts),
    reads(contract.previewDraft, "incident.draft-viewed", previewDraft),
    reads(contract.showDraft, "incident.draft-viewed", showDraft),
    writes(contract.writePassage, "incident.passage-written", writePassage),
    writes(contract.askDraftApproval, "incident.draft-approval-asked", askApproval),
    writes(contract.handOverDraft, "incident.paper-handed", handOver),
    writes(contract.withdrawHanding, "incident.paper-handing-withdrawn", withdrawHanding),
    downloads(contract.downloadDraftWord, "incident.draft-downloaded", (context, input) => downloadDraft(context, input, "word"), renderPaperWord),
    downloads(contract.downloadDraftPdf, "incident.draft-downloaded", (context, input) => downloadDraft(context, input, "pdf"), renderPaperPdf),
  ];
}
