import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReplyOf } from "#shared/endpoint.ts";
import { makeDrafts, type DraftState, type listDrafts } from "#shared/incident-drafts.ts";
import { paperNames } from "#shared/incident-papers.ts";
import { call } from "#web/call.ts";
import styles from "#web/incidents/drafts/drafts.module.css";
import { useDrafts } from "#web/incidents/drafts/use-drafts.ts";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { At } from "#web/parts/at.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

type Paper = ReplyOf<typeof listDrafts>["papers"][number];
export const stateTones: Readonly<Record<DraftState, "plain" | "look" | "loss" | "act">> = { draft: "plain", asked: "look", approved: "act", refused: "loss" };

/** The papers of an incident: state, what changed since, what is not known. */
export function PaperList({ incidentNo, isBrief = false }: { incidentNo: number; isBrief?: boolean }) {
  const { w } = useWords();
  const words = w.incidentDrafts;
  const { data, error } = useDrafts(incidentNo);
  const make = useIncidentAct(
    () => call(makeDrafts, { params: { incidentNo }, body: {} }),
    (reply) => (reply.made.length === 0 ? words.upToDate : words.made(reply.made.length)),
  );
  if (error !== null) return <ProblemNotice error={error} />;
  if (data === undefined) return <p className="soft">{w.act.loading}</p>;
  const isOurs = (paper: Paper): boolean => paper.isNeeded || paper.latest !== null;
  const ours = data.papers.filter(isOurs);
  const stale = ours.filter((paper) => paper.latest === null || paper.changed > 0);
  const isBegun = ours.some((paper) => paper.latest !== null);
  return (
    <section className="column" aria-label={words.papers}>
      <div className="line apart">
        <h3>{words.papers}</h3>
        {stale.length === 0 ? (
          <span className="small soft">{words.upToDate}</span>
        ) : (
          <Button size={isBrief ? "xs" : "sm"} loading={make.isPending} onClick={() => make.mutate(undefined)}>
            {isBegun ? words.remake(stale.length) : words.make}
          </Button>
        )}
      </div>
      {isBrief ? null : <p className="soft">{words.papersLead}</p>}
      <Papers papers={ours} incidentNo={incidentNo} label={words.needed} />
      {isBrief ? null : (
        <details>
          <summary>{words.others}</summary>
          <Papers papers={data.papers.filter((paper) => !isOurs(paper))} incidentNo={incidentNo} label={words.others} />
        </details>
      )}
    </section>
  );
}

function Papers({ papers, incidentNo, label: name }: { papers: readonly Paper[]; incidentNo: number; label: string }) {
  const { w, label } = useWords();
  const words = w.incidentDrafts;
  return (
    <ul className={styles["papers"]} aria-label={name}>
      {papers.map((paper) => (
        <li key={paper.paper}>
          <Link to="/incidents/$incidentNo/$section" params={{ incidentNo: String(incidentNo), section: "drafts" }} search={{ paper: paper.paper } as never}>
            {label(paperNames[paper.paper])}
          </Link>
          <span className="line">
            {paper.latest === null ? (
              <span className="small soft">{words.notMade}</span>
            ) : (
              <>
                <span className="small soft">{words.version(paper.latest.version)}</span>
                {paper.handed === null ? (
                  <Mark tone={stateTones[paper.latest.state]}>{words.states[paper.latest.state]}</Mark>
                ) : (
                  <>
                    <Mark tone="act">{words.handing.handed}</Mark>
                    <span className="small soft">
                      <At iso={paper.handed.at} form="short" />
                    </span>
                  </>
                )}
              </>
            )}
            {paper.changed > 0 ? <Mark tone="look">{words.changed(paper.changed)}</Mark> : null}
            {paper.unknown > 0 ? <span className="small soft">{words.unknown(paper.unknown)}</span> : null}
          </span>
        </li>
      ))}
    </ul>
  );
}
