import { Button } from "@mantine/core";
import { useState } from "react";
import { liftHold, type EvidenceHold } from "#shared/evidence.ts";
import { call } from "#web/call.ts";
import styles from "#web/incidents/evidence/evidence.module.css";
import { HoldDialog } from "#web/incidents/evidence/hold-dialog.tsx";
import type { Evidence } from "#web/incidents/evidence/use-evidence.ts";
import { ReasonDialog } from "#web/incidents/reason-dialog.tsx";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { At } from "#web/parts/at.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

/** 法的保全: what is kept from erasure and disposal, until a second person lifts it. */
export function HoldList({ incidentNo, evidence }: { incidentNo: number; evidence: Evidence }) {
  const { w } = useWords();
  const words = w.evidence;
  const [isPlacing, setIsPlacing] = useState(false);
  const [lifting, setLifting] = useState<number>();
  const lift = useIncidentAct(
    (reason: string) => call(liftHold, { params: { holdNo: lifting ?? 0 }, body: { reason } }),
    () => {
      setLifting(undefined);
      return words.liftAsked;
    },
  );
  return (
    <section className="column" aria-label={words.holds}>
      <div className="line apart">
        <h3>{words.holds}</h3>
        <Button variant="default" onClick={() => setIsPlacing(true)}>
          {words.place}
        </Button>
      </div>
      <p className="small soft">{words.holdsLead}</p>
      {evidence.holds.length === 0 ? (
        <p className="soft">{words.noHolds}</p>
      ) : (
        <ul className={styles["holds"]} aria-label={words.holds}>
          {evidence.holds.map((hold) => (
            <Line key={hold.holdNo} hold={hold} onLift={() => setLifting(hold.holdNo)} />
          ))}
        </ul>
      )}
      {isPlacing ? <HoldDialog incidentNo={incidentNo} run={evidence.run} onClose={() => setIsPlacing(false)} /> : null}
      {lifting === undefined ? null : (
        <ReasonDialog
          title={words.liftTitle}
          label={`${words.reason} — ${words.liftLead}`}
          action={words.lift}
          isBusy={lift.isPending}
          onSay={(reason) => lift.mutate(reason)}
          onClose={() => setLifting(undefined)}
        />
      )}
    </section>
  );
}

function Line({ hold, onLift }: { hold: EvidenceHold; onLift: () => void }) {
  const { w } = useWords();
  const words = w.evidence;
  const isStanding = hold.liftedAt === null;
  return (
    <li>
      <div className="column tight">
        <span className="line">
          <strong>{words.hold(hold.holdNo)}</strong>
          <Mark tone={isStanding ? "act" : "plain"}>{isStanding ? words.standing : words.lifted}</Mark>
          {hold.requestNo === null ? null : <Mark tone="look">{words.liftWaiting}</Mark>}
          <strong className="number">{words.persons(hold.persons)}</strong>
          {hold.lists > 0 ? <span>{words.lists(hold.lists)}</span> : null}
          {hold.imports > 0 ? <span>{words.imports(hold.imports)}</span> : null}
          {hold.ledgerTo === null ? null : <span>{words.ledgerHeld}</span>}
          {hold.followedRun === null || !isStanding ? null : (
            <span className="small soft">{hold.isBehind ? words.following : words.followed(hold.followedRun)}</span>
          )}
        </span>
        <span className="line small soft">
          <At iso={hold.placedAt} form="short" />
          {hold.placedBy === null ? words.system : <AccountChip no={hold.placedBy} />}
          <Value shown={hold.reason} isBare />
        </span>
        {hold.liftedAt === null ? null : (
          <span className="line small soft">
            {words.lifted} <At iso={hold.liftedAt} form="short" /> {hold.liftedBy === null ? null : <AccountChip no={hold.liftedBy} />}
          </span>
        )}
      </div>
      {isStanding && hold.requestNo === null ? (
        <Button size="compact-sm" variant="default" onClick={onLift}>
          {words.lift}
        </Button>
      ) : null}
    </li>
  );
}
