import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { dayInJapan } from "#shared/day-in-japan.ts";
import { carryOutPrevention, changePrevention, listPreventions, type Prevention } from "#shared/incident-afterwards.ts";
import { call } from "#web/call.ts";
import { DueMark } from "#web/incidents/afterwards/due-mark.tsx";
import { PreventionDialog } from "#web/incidents/afterwards/prevention-dialog.tsx";
import { ProveDialog } from "#web/incidents/afterwards/prove-dialog.tsx";
import { useAfterwardsAct } from "#web/incidents/afterwards/use-afterwards.ts";
import { ReasonDialog } from "#web/incidents/reason-dialog.tsx";
import { useIncident } from "#web/incidents/use-incident.ts";
import { At } from "#web/parts/at.tsx";
import { AccountChip, EventChip } from "#web/parts/chip.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useMay } from "#web/parts/use-me.ts";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

type Asking = "edit" | "carry-out" | "prove" | "back" | "drop";

/** 再発防止策: each with its owner and day, until somebody else has shown that it works. */
export function Preventions({ incidentNo }: { incidentNo: number }) {
  const { w } = useWords();
  const words = w.incidentAfterwards;
  const isOpen = useIncident(incidentNo).data?.incident.closedAt === null;
  const [isAdding, setIsAdding] = useState(false);
  const { data, error } = useQuery({
    queryKey: ["incident", incidentNo, "preventions"],
    queryFn: () => call(listPreventions, { params: { incidentNo } }),
    staleTime: 0,
  });
  return (
    <section className="column tight" aria-label={words.preventions}>
      <div className="line apart">
        <h3>{words.preventions}</h3>
        {isOpen ? <Button onClick={() => setIsAdding(true)}>{words.add}</Button> : null}
      </div>
      <p className="small soft">{words.preventionsLead}</p>
      {error !== null ? (
        <ProblemNotice error={error} />
      ) : data === undefined ? (
        <p className="soft">{w.act.loading}</p>
      ) : data.preventions.length === 0 ? (
        <p className="soft">{words.noPreventions}</p>
      ) : (
        <ul className="ruled" aria-label={words.preventions}>
          {data.preventions.map((one) => (
            <li key={one.preventionNo}>
              <PreventionLine prevention={one} isOpen={isOpen} />
            </li>
          ))}
        </ul>
      )}
      {isAdding ? <PreventionDialog incidentNo={incidentNo} onClose={() => setIsAdding(false)} /> : null}
    </section>
  );
}

const tones = { planned: "plain", done: "look", proven: "act", dropped: "plain" } as const;

function PreventionLine({ prevention, isOpen }: { prevention: Prevention; isOpen: boolean }) {
  const { w } = useWords();
  const words = w.incidentAfterwards;
  const may = useMay();
  const [asking, setAsking] = useState<Asking>();
  const { preventionNo, incidentNo, version, state, done, proof } = prevention;
  const params = { incidentNo, preventionNo };
  const close = () => setAsking(undefined);
  const carryOut = useAfterwardsAct(
    (note: string) => call(carryOutPrevention, { params: { preventionNo }, body: { version, note } }),
    () => {
      close();
      return words.carriedOut;
    },
  );
  const change = useAfterwardsAct(
    (body: { state: "planned" | "dropped"; reason: string }) => call(changePrevention, { params, body: { version, ...body } }),
    () => {
      close();
      return words.changed;
    },
  );
  const act = (key: Asking, label: string, isFirst = false) => (
    <Button key={key} size="compact-sm" variant={isFirst ? "filled" : "default"} onClick={() => setAsking(key)}>
      {label}
    </Button>
  );
  const acts =
    state === "planned"
      ? [act("carry-out", words.carryOut, true), act("edit", words.edit), act("drop", words.drop)]
      : state === "done"
        ? [act("prove", words.prove, true), act("back", words.back), act("drop", words.drop)]
        : [act("back", words.again)];
  return (
    <>
      <div className="line apart">
        <span className="line">
          <Mark tone={tones[state]}>{words.states[state]}</Mark>
          <strong>
            <Value shown={prevention.what} isBare />
          </strong>
        </span>
        {isOpen ? <span className="line">{acts}</span> : null}
      </div>
      <div className="line">
        <AccountChip no={prevention.ownerNo} />
        {state === "planned" ? <DueMark dueOn={prevention.dueOn} today={dayInJapan(new Date())} /> : null}
        {state === "planned" && prevention.reminders > 0 ? <Mark>{words.reminded(prevention.reminders)}</Mark> : null}
      </div>
      {done === null ? null : (
        <p className="small line">
          <span className="soft">{words.doneBy}</span>
          <At iso={done.at} form="date" /> <AccountChip no={done.by} /> <Value shown={done.note} isBare />
        </p>
      )}
      {proof === null ? null : (
        <p className="small line">
          <span className="soft">{words.provenBy}</span>
          <At iso={proof.at} form="date" /> <AccountChip no={proof.by} /> <span>{words.ways[proof.how]}</span> <Value shown={proof.evidence} isBare />
          {proof.eventNo !== null && may("read-ledger") ? <EventChip no={proof.eventNo}>{words.event(proof.eventNo)}</EventChip> : null}
        </p>
      )}
      {prevention.reason === null ? null : (
        <p className="small">
          <span className="soft">{words.reason}: </span>
          <Value shown={prevention.reason} isBare />
        </p>
      )}
      {asking === "edit" ? <PreventionDialog incidentNo={incidentNo} prevention={prevention} onClose={close} /> : null}
      {asking === "prove" ? <ProveDialog prevention={prevention} onClose={close} /> : null}
      {asking === "carry-out" ? (
        <ReasonDialog
          title={words.carryOut}
          label={words.carryOutLabel}
          action={words.carryOut}
          most={1000}
          isBusy={carryOut.isPending}
          onSay={(note) => carryOut.mutate(note)}
          onClose={close}
        />
      ) : null}
      {asking === "back" || asking === "drop" ? (
        <ReasonDialog
          title={asking === "drop" ? words.drop : state === "done" ? words.back : words.again}
          label={asking === "drop" ? words.dropLabel : words.backLabel}
          action={asking === "drop" ? words.drop : words.back}
          most={1000}
          isBusy={change.isPending}
          onSay={(reason) => change.mutate({ state: asking === "drop" ? "dropped" : "planned", reason })}
          onClose={close}
        />
      ) : null}
    </>
  );
}
