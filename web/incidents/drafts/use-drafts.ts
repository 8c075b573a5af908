import { useQuery } from "@tanstack/react-query";
import { listDrafts, previewDraft, showDraft, showJudgement } from "#shared/incident-drafts.ts";
import { paperKeys, type PaperKey } from "#shared/incident-papers.ts";
import { call } from "#web/call.ts";

// Everything stands under ["incident", no]: an act on the incident has it fetched anew.

export function useJudgement(incidentNo: number) {
  return useQuery({ queryKey: ["incident", incidentNo, "judgement"], queryFn: () => call(showJudgement, { params: { incidentNo } }), staleTime: 0 });
}

export function useDrafts(incidentNo: number) {
  return useQuery({ queryKey: ["incident", incidentNo, "drafts"], queryFn: () => call(listDrafts, { params: { incidentNo } }), staleTime: 0 });
}

/** A paper as it would read now. */
export function usePreview(incidentNo: number, paper: PaperKey) {
  return useQuery({
    queryKey: ["incident", incidentNo, "drafts", paper],
    queryFn: () => call(previewDraft, { params: { incidentNo, paper } }),
    staleTime: 0,
  });
}

/** One saved version. */
export function useDraft(draftNo: number | undefined) {
  return useQuery({
    queryKey: ["incident", "draft", draftNo],
    queryFn: () => call(showDraft, { params: { draftNo: draftNo ?? 0 } }),
    enabled: draftNo !== undefined,
    staleTime: 0,
  });
}

export function paperOf(text: string | undefined): PaperKey | undefined {
  return paperKeys.find((key) => key === text);
}
