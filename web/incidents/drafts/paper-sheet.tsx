import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { DraftEntry, DraftPiece, PaperOut } from "#shared/incident-drafts.ts";
import { factDefinition } from "#shared/incident-facts.ts";
import styles from "#web/incidents/drafts/drafts.module.css";
import { ToCheck } from "#web/incidents/drafts/to-check.tsx";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

export function Pieces({ pieces }: { pieces: readonly DraftPiece[] }) {
  return pieces.map((piece, index) => (piece.kind === "plain" ? <span key={index}>{piece.text}</span> : <Value key={index} shown={piece.text} isBare />));
}

/** A paper as it reads, each entry with what it rests on and how it read before. `edit` brings what changes a passage. */
export function PaperSheet({
  paper,
  incidentNo,
  isOnlyChanged = false,
  edit,
}: {
  paper: PaperOut;
  /** Null: for a reader who has no way to the incident. */
  incidentNo: number | null;
  isOnlyChanged?: boolean;
  edit?: ((entry: DraftEntry) => ReactNode) | undefined;
}) {
  const { w } = useWords();
  const words = w.incidentDrafts;
  return (
    <article className={styles["sheet"]} lang={paper.locale} aria-label={paper.title}>
      {paper.isDrill ? <p className={styles["drill"]}>{words.drill}</p> : null}
      <h2>{paper.title}</h2>
      {paper.sections.map((section) => {
        const entries = section.entries.filter((entry) => !isOnlyChanged || entry.isChanged);
        return entries.length === 0 ? null : (
          <section key={section.key}>
            {section.title === null ? null : <h3>{section.title}</h3>}
            <div className={styles["rows"]}>
              {entries.map((entry) => (
                <EntryRow key={entry.key} entry={entry} incidentNo={incidentNo} edit={edit} />
              ))}
            </div>
          </section>
        );
      })}
      {paper.gone.length === 0 ? null : (
        <section>
          <h3>{words.gone}</h3>
          {paper.gone.map((entry) => (
            <p key={entry.key} className={styles["former"]}>
              {entry.label} <Pieces pieces={entry.pieces} />
            </p>
          ))}
        </section>
      )}
    </article>
  );
}

function EntryRow({ entry, incidentNo, edit }: { entry: DraftEntry; incidentNo: number | null; edit: ((entry: DraftEntry) => ReactNode) | undefined }) {
  const { w } = useWords();
  const words = w.incidentDrafts;
  const state = words.entryStates[entry.state];
  return (
    <div data-changed={entry.isChanged || undefined} data-running={entry.label === null || undefined}>
      {entry.label === null ? null : <div className={styles["label"]}>{entry.label}</div>}
      <div className={styles["value"]}>
        {entry.former === null ? null : (
          <del className={styles["former"]} title={words.former}>
            <Pieces pieces={entry.former} />
          </del>
        )}
        <Pieces pieces={entry.pieces} />
        <div className={styles["about"]}>
          {state === "" || (entry.state === "derived" && entry.evidence.length === 0) ? null : <span>{state}</span>}
          {entry.state === "unknown" && incidentNo !== null && factDefinition(entry.key) !== undefined ? (
            <Link to="/incidents/$incidentNo/$section" params={{ incidentNo: String(incidentNo), section: "facts" }}>
              {words.state}
            </Link>
          ) : null}
          {entry.isToBeChecked ? <ToCheck /> : null}
          {entry.isInternal ? <span>{words.internal}</span> : null}
          {entry.evidence.map((one) => (
            <EvidenceLink key={`${one.kind} ${one.no}`} evidence={one} incidentNo={incidentNo} />
          ))}
          {entry.isEditable ? edit?.(entry) : null}
        </div>
      </div>
    </div>
  );
}

const sections = { fact: "facts", note: "timeline", "scope-run": "scope" } as const;

function EvidenceLink({ evidence, incidentNo }: { evidence: DraftEntry["evidence"][number]; incidentNo: number | null }) {
  const { w } = useWords();
  const text = w.incidentDrafts.evidence[evidence.kind](evidence.no);
  if (incidentNo === null) return <span>{text}</span>;
  return evidence.kind === "event" ? (
    <Link to="/ledger/replay" search={{ event: evidence.no } as never}>
      {text}
    </Link>
  ) : (
    <Link
      to="/incidents/$incidentNo/$section"
      params={{ incidentNo: String(incidentNo), section: sections[evidence.kind] }}
      search={(evidence.kind === "scope-run" ? { run: evidence.no } : {}) as never}
    >
      {text}
    </Link>
  );
}
