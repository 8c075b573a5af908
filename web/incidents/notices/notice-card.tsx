import { Button, Progress } from "@mantine/core";
import { useState } from "react";
import { askNoticeApproval, noticeWays, startNotice, stopNotice, withdrawNotice, type Notice } from "#shared/incident-notices.ts";
import { call } from "#web/call.ts";
import { NoticeLetters } from "#web/incidents/notices/notice-letters.tsx";
import { NoticePeople } from "#web/incidents/notices/notice-people.tsx";
import styles from "#web/incidents/notices/notices.module.css";
import { peopleOf } from "#web/incidents/notices/use-notices.ts";
import { ReasonDialog } from "#web/incidents/reason-dialog.tsx";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { Confirm } from "#web/parts/confirm.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { useWords } from "#web/words/words.ts";

const tones: Readonly<Record<Notice["state"], "plain" | "look" | "loss" | "act">> = {
  planning: "act",
  planned: "plain",
  asked: "look",
  approved: "act",
  sending: "act",
  stopped: "look",
  done: "act",
  refused: "loss",
  withdrawn: "plain",
};

/** One notice: to whom by which way, how far it is, and the next act. */
export function NoticeCard({ notice, isDrill }: { notice: Notice; isDrill: boolean }) {
  const { w, dateTime } = useWords();
  const words = w.incidentNotices;
  const [isListed, setIsListed] = useState(false);
  const isOver = notice.state === "withdrawn" || notice.state === "refused";
  return (
    <section className={styles["notice"]} aria-label={words.nth(notice.noticeNo)}>
      <div className="line apart">
        <div className="line">
          <h3>{words.nth(notice.noticeNo)}</h3>
          <Mark tone={tones[notice.state]}>{words.states[notice.state]}</Mark>
          {notice.isAgain ? <Mark>{words.again}</Mark> : null}
          {notice.hasPossible ? <Mark>{words.withPossible}</Mark> : null}
          <span className="small soft">
            {words.version(notice.version)} {dateTime(notice.madeAt)}
          </span>
          {notice.approvedBy === null ? null : (
            <span className="line small soft">
              {w.incidentDrafts.approvedBy} <AccountChip no={notice.approvedBy} />
            </span>
          )}
        </div>
        <NoticeActs notice={notice} isDrill={isDrill} />
      </div>
      {notice.state === "planning" ? <Planning notice={notice} /> : null}
      <Ways notice={notice} />
      {isOver ? null : <Sending notice={notice} />}
      {notice.parts.length > 0 && notice.startedAt !== null ? <NoticeLetters notice={notice} /> : null}
      <div>
        <Button variant="subtle" size="compact-sm" aria-expanded={isListed} onClick={() => setIsListed(!isListed)}>
          {isListed ? words.hideWhom : words.whom}
        </Button>
      </div>
      {isListed ? <NoticePeople notice={notice} /> : null}
    </section>
  );
}

function Ways({ notice }: { notice: Notice }) {
  const { w } = useWords();
  const words = w.incidentNotices;
  const left = [
    notice.already > 0 ? words.already(notice.already) : undefined,
    notice.suspended > 0 ? words.suspended(notice.suspended) : undefined,
    notice.gone > 0 ? words.gone(notice.gone) : undefined,
    peopleOf(notice, "none") > 0 ? words.wayHelp : undefined,
  ].filter((one) => one !== undefined);
  return (
    <>
      <ul className={styles["ways"]}>
        {noticeWays
          .filter((way) => peopleOf(notice, way) > 0)
          .map((way) => (
            <li key={way}>
              <span>{words.ways[way]}</span>
              <strong className="number">{words.people(peopleOf(notice, way))}</strong>
              <span className="line small">
                {way === "none"
                  ? null
                  : notice.counts
                      .filter((one) => one.way === way && one.people > 0)
                      .map(({ outcome, people }) => (
                        <Mark key={outcome} tone={["refused", "bounced", "returned"].includes(outcome) ? "loss" : outcome === "unsure" ? "look" : "plain"}>
                          {way === "letter" && outcome === "sent" ? words.posted : words.outcomes[outcome]} {people.toLocaleString()}
                        </Mark>
                      ))}
              </span>
            </li>
          ))}
      </ul>
      {left.length === 0 ? null : <p className="small soft">{left.join(" ")}</p>}
    </>
  );
}

function Planning({ notice }: { notice: Notice }) {
  const { w } = useWords();
  const words = w.incidentNotices;
  const done = notice.gone + noticeWays.reduce((sum, way) => sum + peopleOf(notice, way), 0);
  const all = done + notice.toPlan;
  const said = notice.problem === null ? words.planning(done, all) : words.planningStopped;
  return (
    <div className={`column tight ${styles["bar"] ?? ""}`}>
      <Progress value={all === 0 ? 0 : (done / all) * 100} aria-label={words.planning(done, all)} animated={notice.problem === null} />
      <p className="small soft" role="status">
        {said}
      </p>
    </div>
  );
}

/** The bar stands there from the approval on, so that nothing moves when sending begins. */
function Sending({ notice }: { notice: Notice }) {
  const { w } = useWords();
  const words = w.incidentNotices;
  const all = peopleOf(notice, "mail") - peopleOf(notice, "mail", "moved");
  if (all === 0 || ["planning", "planned", "asked"].includes(notice.state)) return null;
  const done = all - peopleOf(notice, "mail", "planned", "sending");
  return (
    <div className={`column tight ${styles["bar"] ?? ""}`}>
      <Progress value={(done / all) * 100} aria-label={words.progress(done, all)} animated={notice.state === "sending"} />
      <p className="small soft" role="status">
        {words.progress(done, all)} {notice.problem === null ? "" : words.problems[notice.problem]}
      </p>
    </div>
  );
}

function NoticeActs({ notice, isDrill }: { notice: Notice; isDrill: boolean }) {
  const { w } = useWords();
  const words = w.incidentNotices;
  const [isAsking, setIsAsking] = useState(false);
  const [isStarting, setIsStarting] = useState(false);
  const params = { noticeNo: notice.noticeNo };
  const mails = peopleOf(notice, "mail", "planned", "sending");
  const letters = peopleOf(notice, "letter");
  const ask = useIncidentAct(
    (reason: string) => call(askNoticeApproval, { params, body: { reason } }),
    () => {
      setIsAsking(false);
      return words.asked;
    },
  );
  const start = useIncidentAct(
    () => call(startNotice, { params }),
    () => {
      setIsStarting(false);
      return words.started;
    },
  );
  const stop = useIncidentAct(
    () => call(stopNotice, { params }),
    () => words.stopped,
  );
  const withdraw = useIncidentAct(
    () => call(withdrawNotice, { params }),
    () => words.withdrawn,
  );
  const { state } = notice;
  return (
    <div className="line">
      {state === "planned" || state === "refused" ? <Button onClick={() => setIsAsking(true)}>{words.ask}</Button> : null}
      {state === "approved" || state === "stopped" ? (
        <Button onClick={() => setIsStarting(true)}>{state === "stopped" ? words.goOn : mails > 0 ? words.start : words.startLetters}</Button>
      ) : null}
      {state === "sending" ? (
        <Button color="red" loading={stop.isPending} onClick={() => stop.mutate(undefined)}>
          {words.stop}
        </Button>
      ) : null}
      {["planning", "planned", "asked", "approved", "refused"].includes(state) ? (
        <Button variant="subtle" loading={withdraw.isPending} onClick={() => withdraw.mutate(undefined)}>
          {words.withdraw}
        </Button>
      ) : null}
      {isAsking ? (
        <ReasonDialog
          title={words.askTitle}
          label={`${words.askLead(mails, letters)} ${words.reason}`}
          action={words.ask}
          isOptional
          isBusy={ask.isPending}
          onSay={(text) => ask.mutate(text)}
          onClose={() => setIsAsking(false)}
        />
      ) : null}
      <Confirm
        title={words.startTitle}
        lead={isDrill ? words.startDrill : words.startLead(mails, letters)}
        action={mails > 0 ? words.start : words.startLetters}
        isOpen={isStarting}
        isBusy={start.isPending}
        onConfirm={() => start.mutate(undefined)}
        onClose={() => setIsStarting(false)}
      />
    </div>
  );
}
