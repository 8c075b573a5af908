import { Button, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { incidentTimeline, noteOnIncident } from "#shared/incidents.ts";
import { factDefinition } from "#shared/incident-facts.ts";
import { shippedTask } from "#shared/incident-playbooks.ts";
import { call } from "#web/call.ts";
import { MomentField, momentOf, momentText } from "#web/incidents/moment-field.tsx";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { AccountChip, EventChip } from "#web/parts/chip.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { Timeline, type Happening } from "#web/parts/timeline.tsx";
import { useMay } from "#web/parts/use-me.ts";
import { Value } from "#web/parts/value.tsx";
import { useEventName } from "#web/words/event-names.ts";
import { useWords } from "#web/words/words.ts";

/** 経過: what people wrote and what the ledger says of acts on the incident. */
export function IncidentTimeline({ incidentNo, isOpen }: { incidentNo: number; isOpen: boolean }) {
  const { w } = useWords();
  const words = w.incidents;
  const may = useMay();
  const nameOf = useEventName();
  const describe = useActWords();
  const { data, error } = useQuery({
    queryKey: ["incident", incidentNo, "timeline"],
    queryFn: () => call(incidentTimeline, { params: { incidentNo } }),
    staleTime: 0,
  });
  if (error !== null) return <ProblemNotice error={error} />;
  if (data === undefined) return <p>{w.act.loading}</p>;
  const happenings: Happening[] = [
    ...data.notes.map((note) => ({ key: `note-${note.noteNo}`, at: note.happenedAt, who: <AccountChip no={note.by} />, what: <Value shown={note.text} /> })),
    ...data.acts
      .filter((act) => act.type !== "incident.noted")
      .map((act) => ({
        key: act.eventNo,
        at: act.at,
        who: <AccountChip no={act.by} />,
        what: (
          <span className="line">
            {may("read-ledger") ? <EventChip no={act.eventNo}>{nameOf(act.type)}</EventChip> : nameOf(act.type)}
            {act.outcome === "ok" ? null : <Mark tone="loss">{w.ledger.outcomes[act.outcome as "refused" | "failed"]}</Mark>}
            <span className="soft">{describe(act.facts)}</span>
          </span>
        ),
      })),
  ].toSorted((a, b) => b.at.localeCompare(a.at));
  return (
    <section className="column" aria-label={words.sections.timeline}>
      <h2>{words.sections.timeline}</h2>
      <p className="soft">{words.timelineLead}</p>
      {isOpen ? <AddNote incidentNo={incidentNo} /> : null}
      <Timeline label={words.sections.timeline} happenings={happenings} hasDays />
    </section>
  );
}

/** The little that the facts of an act add to its name. */
function useActWords(): (facts: Readonly<Record<string, string | number | boolean>>) => string {
  const { w, label, list } = useWords();
  const words = w.incidents;
  return (facts) => {
    const told: string[] = [];
    const phase = words.phases[facts["phase"] as keyof typeof words.phases] as string | undefined;
    if (phase !== undefined) told.push(phase);
    const task = typeof facts["task"] === "string" ? shippedTask(facts["task"]) : undefined;
    if (task !== undefined) told.push(label(task));
    const fact = typeof facts["fact"] === "string" ? factDefinition(facts["fact"]) : undefined;
    if (fact !== undefined) told.push(label(fact));
    const certainty = words.certainties[facts["certainty"] as keyof typeof words.certainties] as string | undefined;
    if (certainty !== undefined) told.push(certainty);
    if (facts["state"] === "done") told.push(words.done);
    if (facts["state"] === "skipped") told.push(words.skipped);
    return list(told);
  };
}

function AddNote({ incidentNo }: { incidentNo: number }) {
  const { w } = useWords();
  const words = w.incidents;
  const [text, setText] = useState("");
  const [happenedAt, setHappenedAt] = useState(() => momentText(new Date()));
  const at = momentOf(happenedAt);
  const add = useIncidentAct(
    () => call(noteOnIncident, { params: { incidentNo }, body: { happenedAt: at ?? "", text: text.trim() } }),
    () => {
      setText("");
      setHappenedAt(momentText(new Date()));
      return words.noted;
    },
  );
  return (
    <form
      className="column tight"
      onSubmit={(event) => {
        event.preventDefault();
        if (at !== undefined && text.trim() !== "") add.mutate(undefined);
      }}
    >
      <Textarea
        label={words.noteText}
        value={text}
        autosize
        minRows={2}
        maxLength={2000}
        autoComplete="off"
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className="line" style={{ alignItems: "end" }}>
        <MomentField label={words.happenedAt} value={happenedAt} latest={momentText(new Date())} onChange={setHappenedAt} />
        <Button type="submit" loading={add.isPending} disabled={at === undefined || text.trim() === ""}>
          {words.addNote}
        </Button>
      </div>
    </form>
  );
}
