import { Link, useParams } from "@tanstack/react-router";
import { paperNames } from "#shared/incident-papers.ts";
import { stateTones } from "#web/incidents/drafts/paper-list.tsx";
import { PaperSheet } from "#web/incidents/drafts/paper-sheet.tsx";
import { useDraft } from "#web/incidents/drafts/use-drafts.ts";
import { Mark } from "#web/parts/mark.tsx";
import { useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

/** One version of a paper, for whoever is to approve it. */
export function PaperPage() {
  const { w, label } = useWords();
  const words = w.incidentDrafts;
  const { draftNo = "0" }: { draftNo?: string } = useParams({ strict: false });
  const { data, error } = useDraft(Number(draftNo));
  const title = data === undefined ? words.papers : words.asPaper(label(paperNames[data.paper]), data.head?.version ?? 1);
  useDocumentTitle(title);
  return (
    <div className="page">
      <p>
        <Link to="/approvals">{words.toApprovals}</Link>
      </p>
      {error === null ? null : <ProblemNotice error={error} />}
      {data === undefined ? (
        error === null ? (
          <p className="soft">{w.act.loading}</p>
        ) : null
      ) : (
        <>
          <div className="line">
            <h1>{title}</h1>
            {data.head === null ? null : <Mark tone={stateTones[data.head.state]}>{words.states[data.head.state]}</Mark>}
          </div>
          <PaperSheet paper={data} incidentNo={null} />
        </>
      )}
    </div>
  );
}
