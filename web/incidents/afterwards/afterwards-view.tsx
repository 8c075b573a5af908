import { Button } from "@mantine/core";
import { printSummary } from "#shared/incident-afterwards.ts";
import { download } from "#web/call.ts";
import { Lessons } from "#web/incidents/afterwards/lessons.tsx";
import { Preventions } from "#web/incidents/afterwards/preventions.tsx";
import { Redress } from "#web/incidents/afterwards/redress.tsx";
import { useAfterwardsAct } from "#web/incidents/afterwards/use-afterwards.ts";
import { useWords } from "#web/words/words.ts";

/** 事後対応: preventions until proven, compensation and follow-up, lessons, and the summary on one page. */
export function AfterwardsView({ incidentNo }: { incidentNo: number }) {
  const { w } = useWords();
  const words = w.incidentAfterwards;
  const print = useAfterwardsAct(
    () => download(printSummary, { params: { incidentNo }, body: {} }),
    () => words.summaryMade,
  );
  return (
    <div className="column">
      <section className="column tight" aria-label={words.summary}>
        <div className="line apart">
          <h3>{words.summary}</h3>
          <Button variant="default" loading={print.isPending} onClick={() => print.mutate(undefined)}>
            {words.makeSummary}
          </Button>
        </div>
        <p className="small soft">{words.summaryLead}</p>
      </section>
      <Preventions incidentNo={incidentNo} />
      <Redress incidentNo={incidentNo} />
      <Lessons incidentNo={incidentNo} />
    </div>
  );
}
