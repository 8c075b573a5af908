import { Button, Modal } from "@mantine/core";
import { useState } from "react";
import { inviteOperators, releaseOperator, setOperatorTerm, type DeskOperator } from "#shared/desk.ts";
import { call } from "#web/call.ts";
import styles from "#web/desk/desk.module.css";
import type { Invitations } from "#web/desk/open-desk-dialog.tsx";
import { noOperators, OperatorFields, operatorsOf } from "#web/desk/operator-fields.tsx";
import { useDeskAct, type WholeDesk } from "#web/desk/use-desk.ts";
import { MomentField, momentOf, momentText } from "#web/incidents/moment-field.tsx";
import { ReasonDialog } from "#web/incidents/reason-dialog.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { useWords } from "#web/words/words.ts";

/** Who serves at the desk, until when, and whose looks were stopped. */
export function OperatorRows({ incidentNo, desk, onInvited }: { incidentNo: number; desk: WholeDesk; onInvited: (invitations: Invitations) => void }) {
  const { w } = useWords();
  const words = w.desk;
  const [isInviting, setIsInviting] = useState(false);
  return (
    <section className="column tight">
      <div className="line apart">
        <h2>{words.operators}</h2>
        {desk.state === "open" ? (
          <Button variant="default" size="xs" onClick={() => setIsInviting(true)}>
            {words.inviteMore}
          </Button>
        ) : null}
      </div>
      {desk.operators.length === 0 ? <p className="soft">{words.noOperators}</p> : null}
      <ul className={styles["rows"]} aria-label={words.operators}>
        {desk.operators.map((one) => (
          <OperatorLine key={one.accountNo} incidentNo={incidentNo} operator={one} isOpen={desk.state === "open"} />
        ))}
      </ul>
      {isInviting ? <InviteDialog incidentNo={incidentNo} desk={desk} onInvited={onInvited} onClose={() => setIsInviting(false)} /> : null}
    </section>
  );
}

function OperatorLine({ incidentNo, operator, isOpen }: { incidentNo: number; operator: DeskOperator; isOpen: boolean }) {
  const { w, dateTime } = useWords();
  const words = w.desk;
  const params = { incidentNo, accountNo: operator.accountNo };
  const [asking, setAsking] = useState<"release" | "term">();
  const term = useDeskAct(
    (until: string | null) => call(setOperatorTerm, { params, body: { until } }),
    () => {
      setAsking(undefined);
      return words.termSet;
    },
  );
  const release = useDeskAct(
    (reason: string) => call(releaseOperator, { params, body: { reason } }),
    () => {
      setAsking(undefined);
      return words.released;
    },
  );
  return (
    <li>
      <div className="column tight">
        <div className="line">
          <AccountChip no={operator.accountNo} />
          {operator.isOver ? <Mark>{words.over}</Mark> : null}
          {operator.isEnrolled ? null : <Mark tone="look">{words.notEnrolled}</Mark>}
          {operator.stop === null ? null : <Mark tone="loss">{words.stopped[operator.stop.because]}</Mark>}
        </div>
        <p className="line small soft">
          {operator.endsAt === null ? null : <span>{words.endsAt(dateTime(operator.endsAt))}</span>}
          <span>{words.casesOf(operator.cases)}</span>
          <span>{words.failedToday(operator.failedToday)}</span>
          {operator.stop === null ? null : <span>{words.stopFound[operator.stop.because](operator.stop.found)}</span>}
        </p>
      </div>
      <div className="line">
        {operator.stop === null ? null : (
          <Button size="xs" onClick={() => setAsking("release")}>
            {words.release}
          </Button>
        )}
        {isOpen && operator.endsAt !== null ? (
          <Button variant="default" size="xs" onClick={() => setAsking("term")}>
            {words.extend}
          </Button>
        ) : null}
      </div>
      {asking === "release" ? (
        <ReasonDialog
          title={words.releaseTitle}
          label={w.measures.reason}
          action={words.release}
          isBusy={release.isPending}
          onSay={(reason) => release.mutate(reason)}
          onClose={() => setAsking(undefined)}
        />
      ) : null}
      {asking === "term" ? (
        <TermDialog operator={operator} isBusy={term.isPending} onSet={(until) => term.mutate(until)} onClose={() => setAsking(undefined)} />
      ) : null}
    </li>
  );
}

function TermDialog({
  operator,
  isBusy,
  onSet,
  onClose,
}: {
  operator: DeskOperator;
  isBusy: boolean;
  onSet: (until: string | null) => void;
  onClose: () => void;
}) {
  const { w } = useWords();
  const words = w.desk;
  const [until, setUntil] = useState(() => momentText(operator.endsAt === null ? new Date() : new Date(operator.endsAt)));
  const at = momentOf(until);
  return (
    <Modal opened onClose={onClose} title={words.extend} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          if (at !== undefined) onSet(at);
        }}
      >
        <MomentField label={words.until} help={words.untilHelp} value={until} isRequired onChange={setUntil} />
        <div className="line apart">
          <Button variant="default" disabled={operator.isOver || isBusy} onClick={() => onSet(null)}>
            {words.end}
          </Button>
          <Button type="submit" loading={isBusy} disabled={at === undefined}>
            {words.extend}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function InviteDialog({
  incidentNo,
  desk,
  onInvited,
  onClose,
}: {
  incidentNo: number;
  desk: WholeDesk;
  onInvited: (invitations: Invitations) => void;
  onClose: () => void;
}) {
  const { w } = useWords();
  const words = w.desk;
  const [typed, setTyped] = useState(noOperators);
  const operators = operatorsOf(typed);
  const isSomebody = operators !== undefined && operators.invite.length + operators.accountNos.length > 0;
  const invite = useDeskAct(
    () => call(inviteOperators, { params: { incidentNo }, body: operators ?? { invite: [], accountNos: [], until: "" } }),
    ({ invitations }) => {
      onInvited(invitations);
      onClose();
      return words.invited;
    },
  );
  return (
    <Modal opened onClose={onClose} size="lg" title={words.inviteMore} closeButtonProps={{ "aria-label": w.act.close }}>
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          if (isSomebody) invite.mutate(undefined);
        }}
      >
        <OperatorFields typed={typed} former={desk.former} onType={setTyped} />
        <DialogActs onCancel={onClose} label={words.invite} isBusy={invite.isPending} isDisabled={!isSomebody} />
      </form>
    </Modal>
  );
}
