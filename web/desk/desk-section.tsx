import { Button, NumberInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { changeDeskPolicy, closeDesk, stateDeskCounts, type DeskPolicy } from "#shared/desk.ts";
import { call } from "#web/call.ts";
import styles from "#web/desk/desk.module.css";
import { OpenDeskDialog, type Invitations } from "#web/desk/open-desk-dialog.tsx";
import { OperatorRows } from "#web/desk/operator-rows.tsx";
import { useDesk, useDeskAct, type WholeDesk } from "#web/desk/use-desk.ts";
import { AccountChip } from "#web/parts/chip.tsx";
import { Confirm } from "#web/parts/confirm.tsx";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { invitationLink, SecretLink } from "#web/parts/secret-link.tsx";
import { Value } from "#web/parts/value.tsx";
import { formatNumber } from "#web/words/format.ts";
import { useWords } from "#web/words/words.ts";

/** The desk on the incident's page: opened from here, and looked after. */
export function DeskSection({ incidentNo }: { incidentNo: number }) {
  const { w, dateTime } = useWords();
  const words = w.desk;
  const { data: desk, error } = useDesk(incidentNo);
  const [isOpening, setIsOpening] = useState(false);
  const [isClosing, setIsClosing] = useState(false);
  const [invitations, setInvitations] = useState<Invitations>([]);
  const close = useDeskAct(
    () => call(closeDesk, { params: { incidentNo } }),
    () => {
      setIsClosing(false);
      return words.closed;
    },
  );
  if (error !== null && desk === undefined) return <ProblemNotice error={error} />;
  if (desk === undefined) return <p className="soft">{w.act.loading}</p>;
  return (
    <div className="column">
      {desk.state === "none" ? (
        <EmptyState title={words.none} help={words.noneHelp} action={<Button onClick={() => setIsOpening(true)}>{words.open}</Button>} />
      ) : (
        <div className="line apart">
          <p className="line">
            <Mark tone={desk.state === "open" ? "act" : "plain"}>{desk.state === "open" ? words.isOpen : words.isClosed}</Mark>
            <span>{words.since(dateTime((desk.state === "open" ? desk.openedAt : desk.closedAt) ?? ""))}</span>
          </p>
          <div className="line">
            {desk.state === "open" ? (
              <>
                <Button variant="default" onClick={() => setIsClosing(true)}>
                  {words.close}
                </Button>
                <Button component={Link} to={`/desk/${incidentNo}`}>
                  {words.toDesk}
                </Button>
              </>
            ) : (
              <Button onClick={() => setIsOpening(true)}>{words.openAgain}</Button>
            )}
          </div>
        </div>
      )}
      {invitations.length === 0 ? null : (
        <section className="column tight" aria-label={words.links}>
          <h2>{words.links}</h2>
          <p>{words.linksLead}</p>
          {invitations.map((one) => (
            <SecretLink key={one.accountNo} label={one.name} text={invitationLink(one.invitationToken)} />
          ))}
          <div>
            <Button variant="default" onClick={() => setInvitations([])}>
              {words.linksDone}
            </Button>
          </div>
        </section>
      )}
      <Staffing desk={desk} />
      {desk.isScopeVerified ? null : (
        <p className="line small">
          <Mark tone="look">{words.answers.checking}</Mark> {words.unverified}
        </p>
      )}
      {desk.state === "none" ? null : (
        <>
          <Counts incidentNo={incidentNo} desk={desk} />
          <OperatorRows incidentNo={incidentNo} desk={desk} onInvited={setInvitations} />
          <Contact incidentNo={incidentNo} desk={desk} />
        </>
      )}
      <Papers incidentNo={incidentNo} desk={desk} />
      {desk.state === "none" ? null : <Policy key={JSON.stringify(desk.policy)} policy={desk.policy} />}
      {isOpening ? <OpenDeskDialog incidentNo={incidentNo} desk={desk} onInvited={setInvitations} onClose={() => setIsOpening(false)} /> : null}
      <Confirm
        title={words.close}
        lead={<p>{words.closeLead}</p>}
        action={words.close}
        isOpen={isClosing}
        isBusy={close.isPending}
        onConfirm={() => close.mutate(undefined)}
        onClose={() => setIsClosing(false)}
      />
    </div>
  );
}

function Staffing({ desk: { staffing } }: { desk: WholeDesk }) {
  const { w } = useWords();
  const words = w.desk;
  return (
    <section className="column tight">
      <h2>{words.staffing}</h2>
      {staffing.persons === null ? (
        <p className="soft">{words.staffingUnknown}</p>
      ) : (
        <p className="line">
          <strong>{words.staffingOf(staffing.staff, staffing.agents)}</strong>
          <span className="small soft">{words.staffingBy(staffing.persons, Math.round(staffing.calls), staffing.peakCalls.toFixed(1))}</span>
        </p>
      )}
    </section>
  );
}

function Counts({ incidentNo, desk: { counts, waiting } }: { incidentNo: number; desk: WholeDesk }) {
  const { w, dateTime } = useWords();
  const words = w.desk;
  const state = useDeskAct(
    () => call(stateDeskCounts, { params: { incidentNo } }),
    () => words.stated,
  );
  const figures: readonly [string, number][] = [
    [words.inquiries, counts.inquiries],
    [words.harm, counts.harm],
    [words.openCases, waiting.open],
    [words.callBacks, waiting.callBacks],
    [words.escalated, waiting.escalated],
  ];
  return (
    <section className="column tight" aria-label={words.counts}>
      <div className="line apart">
        <h2>{words.counts}</h2>
        <Button variant="default" size="xs" loading={state.isPending} onClick={() => state.mutate(undefined)}>
          {words.stateCounts}
        </Button>
      </div>
      <dl className={styles["numbers"]}>
        {figures.map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{formatNumber(count)}</dd>
          </div>
        ))}
      </dl>
      <p className="small soft">{counts.statedAt === null ? words.statedByItself : words.statedAt(dateTime(counts.statedAt))}</p>
      {counts.days.length === 0 ? null : (
        <table className={styles["counts"]} aria-label={words.byDay}>
          <thead>
            <tr>
              <th scope="col">{words.day}</th>
              <th scope="col">{words.inquiries}</th>
              <th scope="col">{words.harm}</th>
            </tr>
          </thead>
          <tbody>
            {counts.days.slice(-14).map((one) => (
              <tr key={one.day}>
                <td>{one.day}</td>
                <td className="number">{formatNumber(one.inquiries)}</td>
                <td className="number">{formatNumber(one.harm)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Contact({ incidentNo, desk: { facts } }: { incidentNo: number; desk: WholeDesk }) {
  const { w } = useWords();
  const words = w.desk;
  return (
    <section className="column tight">
      <div className="line apart">
        <h2>{words.factsTitle}</h2>
        <Link to={`/incidents/${incidentNo}/facts`}>{words.changeFacts}</Link>
      </div>
      <dl className={styles["facts"]}>
        {(["name", "phone", "hours", "mail", "page"] as const).map((key) => (
          <div key={key} style={{ display: "contents" }}>
            <dt>{words.facts[key]}</dt>
            <dd>
              <Value shown={facts[key]} isBare />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Papers({ incidentNo, desk: { papers } }: { incidentNo: number; desk: WholeDesk }) {
  const { w, dateTime } = useWords();
  const words = w.desk;
  return (
    <section className="column tight">
      <div className="line apart">
        <h2>{words.papers}</h2>
        <Link to={`/incidents/${incidentNo}/drafts`}>{words.toDrafts}</Link>
      </div>
      {papers.length === 0 ? <p className="soft">{words.noPapers}</p> : null}
      <ul className={styles["rows"]}>
        {papers.map((one) => (
          <li key={one.paper}>
            <span className="line">
              <strong>{words.paperNames[one.paper]}</strong>
              <span>{words.version(one.version)}</span>
              <span className="small soft">{words.approvedAt(dateTime(one.approvedAt))}</span>
            </span>
            <AccountChip no={one.approvedBy} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Policy({ policy }: { policy: DeskPolicy }) {
  const { w } = useWords();
  const words = w.desk;
  const [next, setNext] = useState(policy);
  const save = useDeskAct(
    () => call(changeDeskPolicy, { body: next }),
    () => words.policySaved,
  );
  const isSame = (Object.keys(policy) as (keyof DeskPolicy)[]).every((key) => policy[key] === next[key]);
  return (
    <section className="column tight">
      <h2>{words.policy}</h2>
      <p className="small soft">{words.policyLead}</p>
      <form
        className="line"
        style={{ alignItems: "end" }}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(undefined);
        }}
      >
        {(["mostFailed", "mostPersons", "mostFailedOfPerson"] as const).map((key) => (
          <NumberInput
            key={key}
            label={words[key]}
            value={next[key]}
            min={1}
            max={key === "mostPersons" ? 1000 : 100}
            clampBehavior="strict"
            allowDecimal={false}
            onChange={(value) => typeof value === "number" && value >= 1 && setNext({ ...next, [key]: value })}
          />
        ))}
        <Button type="submit" variant="default" loading={save.isPending} disabled={isSame}>
          {words.savePolicy}
        </Button>
      </form>
    </section>
  );
}
