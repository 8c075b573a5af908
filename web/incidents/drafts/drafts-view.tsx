import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { Estimates } from "#web/incidents/drafts/estimates.tsx";
import { Judgement, Verdict } from "#web/incidents/drafts/judgement.tsx";
import { PaperList } from "#web/incidents/drafts/paper-list.tsx";
import { PaperView } from "#web/incidents/drafts/paper-view.tsx";
import { paperOf, useJudgement } from "#web/incidents/drafts/use-drafts.ts";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

/** 草案: whether to report, by which day, and the papers; one of them where the address names it. */
export function DraftsView({ incidentNo, isBrief = false }: { incidentNo: number; isBrief?: boolean }) {
  const search: { paper?: string } = useSearch({ strict: false });
  const paper = isBrief ? undefined : paperOf(search.paper);
  return paper === undefined ? <Papers incidentNo={incidentNo} isBrief={isBrief} /> : <PaperView key={paper} incidentNo={incidentNo} paper={paper} />;
}

function Papers({ incidentNo, isBrief }: { incidentNo: number; isBrief: boolean }) {
  const { w } = useWords();
  const words = w.incidentDrafts;
  const { data: judgement, error } = useJudgement(incidentNo);
  const [isReckoning, setIsReckoning] = useState(false);
  if (error !== null) return <ProblemNotice error={error} />;
  if (judgement === undefined) return <p className="soft">{w.act.loading}</p>;
  return (
    <div className="column">
      <section className="column tight" aria-label={words.judgement}>
        <h3>{words.judgement}</h3>
        <Verdict judgement={judgement} incidentNo={incidentNo} />
      </section>
      <PaperList incidentNo={incidentNo} isBrief={isBrief} />
      {isBrief ? null : (
        <>
          <Judgement judgement={judgement} incidentNo={incidentNo} />
          <details onToggle={(event) => setIsReckoning(event.currentTarget.open)}>
            <summary>{words.estimates}</summary>
            {isReckoning ? <Estimates incidentNo={incidentNo} /> : null}
          </details>
        </>
      )}
    </div>
  );
}
