import { Link } from "@tanstack/react-router";
import type { JudgedReason, JudgementOut } from "#shared/incident-drafts.ts";
import { factDefinition } from "#shared/incident-facts.ts";
import styles from "#web/incidents/drafts/drafts.module.css";
import { ToCheck } from "#web/incidents/drafts/to-check.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { useWords } from "#web/words/words.ts";

const tones = { yes: "loss", no: "plain", unknown: "look" } as const;
const dayOf = (day: string): string => `${day}T12:00:00+09:00`;

/** The verdict in one line, what it needs, and both terms. */
export function Verdict({ judgement, incidentNo }: { judgement: JudgementOut; incidentNo: number }) {
  const { w, date } = useWords();
  const words = w.incidentDrafts;
  const { overall, persons, terms } = judgement;
  const isRolled = terms.final.raw !== terms.final.due;
  return (
    <div className="column tight">
      <p className={styles["overall"]}>
        <span className={styles["verdict"]} data-overall={overall}>
          {words.overall[overall]}
        </span>
        {persons === null ? null : <span className="number">{words.persons(persons.atLeast, persons.atMost)}</span>}
      </p>
      <p>{words.overallLead[overall]}</p>
      {judgement.missing.length === 0 ? null : <MissingFacts keys={judgement.missing} incidentNo={incidentNo} />}
      {overall === "not-reportable" ? null : (
        <p className="line small">
          <span>{words.preliminary(date(dayOf(terms.preliminary.early)), date(dayOf(terms.preliminary.late)))}</span>
          <span>{words.final(date(dayOf(terms.final.due)), terms.final.days)}</span>
          {isRolled ? <span className="soft">{words.rolled(date(dayOf(terms.final.raw)))}</span> : null}
          {terms.isToBeChecked ? <ToCheck /> : null}
        </p>
      )}
    </div>
  );
}

function MissingFacts({ keys, incidentNo }: { keys: readonly string[]; incidentNo: number }) {
  const { w, label } = useWords();
  const words = w.incidentDrafts;
  return (
    <div className="column tight">
      <ul className={styles["reasons"]} aria-label={words.missing}>
        {keys.map((key) => {
          const definition = factDefinition(key);
          return <li key={key}>{definition === undefined ? key : label(definition)}</li>;
        })}
      </ul>
      <p>
        <Link to="/incidents/$incidentNo/$section" params={{ incidentNo: String(incidentNo), section: "facts" }}>
          {words.state}
        </Link>
      </p>
    </div>
  );
}

/** Limb by limb, with the reasons. */
export function Judgement({ judgement, incidentNo }: { judgement: JudgementOut; incidentNo: number }) {
  const { w, label, date } = useWords();
  const words = w.incidentDrafts;
  const { leak, exemption, limbs, law } = judgement;
  const lines = [
    { key: "leak", no: "", title: words.leak, answer: leak.answer, reasons: leak.reasons, note: undefined },
    ...limbs.map((limb) => ({
      key: `limb ${limb.no}`,
      no: words.limb(limb.no),
      title: label(limb),
      answer: limb.applies,
      reasons: limb.reasons,
      note: limb.applies === "yes" ? words.days(limb.days) : undefined,
    })),
    { key: "exemption", no: "", title: words.exemption, answer: exemption.answer, reasons: exemption.reasons, note: undefined },
  ];
  return (
    <section className="column" aria-label={words.reasons7}>
      <h3>{words.reasons7}</h3>
      <ul className={styles["limbs"]}>
        {lines.map((line) => (
          <li key={line.key}>
            <span className="soft">{line.no}</span>
            <span>
              <Mark tone={line.key === "exemption" ? "plain" : tones[line.answer]}>{words.answer[line.answer]}</Mark>
            </span>
            <div className="column tight">
              <h4>{line.title}</h4>
              <Reasons reasons={line.reasons} incidentNo={incidentNo} />
              {line.note === undefined ? null : <p className="small soft">{line.note}</p>}
            </div>
          </li>
        ))}
      </ul>
      <details>
        <summary>{words.notes}</summary>
        <Reasons reasons={judgement.notes} incidentNo={incidentNo} />
        <p className="small soft">{judgement.coming.map(label).join(" ")}</p>
      </details>
      <p className="small soft">
        {law === null ? "" : words.law(label(law), date(dayOf(law.from)))} {words.noAdvice}
      </p>
    </section>
  );
}

function Reasons({ reasons, incidentNo }: { reasons: readonly JudgedReason[]; incidentNo: number }) {
  const { w, label } = useWords();
  return (
    <>
      {reasons.map((reason) => (
        <p key={reason.ja} className="line small">
          <span>{label(reason)}</span>
          {reason.runNo === null ? null : (
            <Link to="/incidents/$incidentNo/$section" params={{ incidentNo: String(incidentNo), section: "scope" }} search={{ run: reason.runNo } as never}>
              {w.incidentDrafts.evidence["scope-run"](reason.runNo)}
            </Link>
          )}
          {reason.isToBeChecked ? <ToCheck /> : null}
        </p>
      ))}
    </>
  );
}
