import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { dayInJapan } from "#shared/day-in-japan.ts";
import { changeIncident, phases, type Phase } from "#shared/incidents.ts";
import { call } from "#web/call.ts";
import { useFinalDue } from "#web/incidents/use-final-due.ts";
import { EditIncidentDialog } from "#web/incidents/edit-incident-dialog.tsx";
import styles from "#web/incidents/incidents.module.css";
import { useIncidentAct, type WholeIncident } from "#web/incidents/use-incident.ts";
import { At } from "#web/parts/at.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { Confirm } from "#web/parts/confirm.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { PageHead } from "#web/parts/page-head.tsx";
import { showUndo } from "#web/parts/show-undo.tsx";
import { useMay } from "#web/parts/use-me.ts";
import { Value } from "#web/parts/value.tsx";
import { Why } from "#web/parts/why.tsx";
import { useWords } from "#web/words/words.ts";

const dayMs = 86_400_000;

/** What an incident is, where it stands, and both clocks. */
export function IncidentHead({ whole }: { whole: WholeIncident }) {
  const { w, short } = useWords();
  const words = w.incidents;
  const { incident, cause, tasks } = whole;
  const may = useMay();
  const [isEditing, setIsEditing] = useState(false);
  const [isClosing, setIsClosing] = useState(false);
  const isOpen = incident.closedAt === null;
  const no = incident.incidentNo;
  const close = useIncidentAct(
    (isClosed: boolean) => call(changeIncident, { params: { incidentNo: no }, body: { version: incident.version, isClosed } }),
    () => {
      setIsClosing(false);
      return isOpen ? words.closedNote : words.reopenedNote;
    },
  );
  return (
    <>
      <PageHead
        title={(incident.isDrill ? words.drillNth : words.nth)(no)}
        lead={<Value shown={incident.what} />}
        marks={
          <>
            <Mark>{words.playbooks[incident.playbook]}</Mark>
            {incident.isDrill ? <Mark tone="look">{words.drill}</Mark> : null}
            {isOpen ? null : <Mark>{words.closed}</Mark>}
          </>
        }
      >
        {isOpen ? (
          <>
            <Button variant="default" onClick={() => setIsEditing(true)}>
              {words.edit}
            </Button>
            <Button variant="default" onClick={() => setIsClosing(true)}>
              {words.close}
            </Button>
          </>
        ) : (
          <Button variant="default" loading={close.isPending} onClick={() => close.mutate(false)}>
            {words.reopen}
          </Button>
        )}
      </PageHead>
      <div className="column">
        <Phases whole={whole} />
        <Clocks whole={whole} />
        {cause === null || cause.kind !== "account" ? null : (
          <p className={`line ${styles["cause"] ?? ""}`}>
            <span className="soft">{words.cause}</span>
            <AccountChip no={cause.no} />
            {cause.from === null || cause.to === null ? null : <span>{words.causeAccount(short(cause.from), short(cause.to))}</span>}
            {may("read-ledger") ? (
              <Link
                to="/ledger"
                search={{
                  account: cause.no,
                  ...(cause.from === null ? {} : { from: inJapan(cause.from) }),
                  ...(cause.to === null ? {} : { to: inJapan(cause.to) }),
                }}
              >
                {words.causeLedger}
              </Link>
            ) : null}
          </p>
        )}
      </div>
      {isEditing ? <EditIncidentDialog incident={incident} onClose={() => setIsEditing(false)} /> : null}
      <Confirm
        title={words.close}
        lead={words.closeLead(tasks.filter((task) => task.state === "open").length)}
        action={words.close}
        isOpen={isClosing}
        isBusy={close.isPending}
        onConfirm={() => close.mutate(true)}
        onClose={() => setIsClosing(false)}
      />
    </>
  );
}

/** A minute in Japan as the ledger's address takes it. */
function inJapan(iso: string): string {
  return new Date(Date.parse(iso) + 9 * 3_600_000).toISOString().slice(0, 16);
}

function Phases({ whole: { incident } }: { whole: WholeIncident }) {
  const { w } = useWords();
  const words = w.incidents;
  const params = { incidentNo: incident.incidentNo };
  const undo = useIncidentAct(({ phase, version }: { phase: Phase; version: number }) => call(changeIncident, { params, body: { version, phase } }));
  const move = useIncidentAct(
    (phase: Phase) => call(changeIncident, { params, body: { version: incident.version, phase } }).then(({ version }) => ({ phase, version })),
    ({ phase, version }) => {
      const former = incident.phase;
      showUndo({
        id: `incident-phase-${incident.incidentNo}`,
        message: words.moved(words.phases[phase]),
        label: w.act.undo,
        onUndo: () => undo.mutate({ phase: former, version }),
      });
      return undefined;
    },
  );
  const isOpen = incident.closedAt === null;
  return (
    <ol className={styles["phases"]} aria-label={words.phasesLabel} data-drill={incident.isDrill || undefined}>
      {phases.map((phase) => {
        const standing = phase < incident.phase ? "past" : phase === incident.phase && isOpen ? "now" : phase === incident.phase ? "past" : "next";
        return (
          <li key={phase} data-standing={standing} {...(standing === "now" ? { "aria-current": "step" as const } : {})}>
            <button
              type="button"
              disabled={!isOpen || phase === incident.phase || move.isPending}
              title={words.moveTo(words.phases[phase])}
              onClick={() => move.mutate(phase)}
            >
              <span className={styles["nth"]}>{phase}</span>
              <span>{words.phases[phase]}</span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}

/** Whole days from today to a day, in Japan. */
function daysTo(day: string): number {
  return Math.round((Date.parse(`${day}T00:00:00Z`) - Date.parse(`${dayInJapan(new Date())}T00:00:00Z`)) / dayMs);
}

function Clocks({ whole: { incident, terms } }: { whole: WholeIncident }) {
  const { w, date } = useWords();
  const words = w.incidents;
  const day = (text: string): string => date(`${text}T12:00:00+09:00`);
  const isOpen = incident.closedAt === null;
  const { isLong, final } = useFinalDue({ incident, terms });
  const left = (text: string, soon: number, handed: string | null) => {
    if (handed !== null) {
      return (
        <>
          <Mark tone="act">{w.incidentDrafts.handing.handed}</Mark>
          <span className="small soft">
            <At iso={handed} form="short" />
          </span>
        </>
      );
    }
    const days = daysTo(text);
    return isOpen ? <Mark tone={days < 0 ? "loss" : days <= soon ? "look" : "plain"}>{words.daysLeft(days)}</Mark> : null;
  };
  return (
    <dl className={styles["clocks"]}>
      <div>
        <dt>{words.clockKnown}</dt>
        <dd>
          <At iso={incident.knownAt} />
        </dd>
      </div>
      <div>
        <dt>
          {words.clockPreliminary} <Why>{words.guideHelp}</Why>
        </dt>
        <dd className="line">
          <span>{words.guide(day(terms.early), day(terms.late))}</span> {left(terms.late, 2, terms.preliminaryHanded)}
        </dd>
      </div>
      <div>
        <dt>
          {words.clockFinal} <Why>{words.finalHelp(day(terms.final60))}</Why>
        </dt>
        <dd className="line">
          <span>{day(final)}</span> {left(final, 7, terms.finalHanded)}
          <span className="small soft">{isLong ? words.finalIsLong : words.finalLong(day(terms.final60))}</span>
          {terms.isToBeChecked ? (
            <>
              <Mark tone="look">{words.toBeChecked}</Mark>
              <Why>{words.toBeCheckedWhy}</Why>
            </>
          ) : null}
        </dd>
      </div>
    </dl>
  );
}
