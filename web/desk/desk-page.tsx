import { Button, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, Navigate, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { beginCase, caseQueues, channels, listCases, listDesks, type Channel, type DeskCaseHead } from "#shared/desk.ts";
import { call } from "#web/call.ts";
import { CallScreen } from "#web/desk/call-screen.tsx";
import styles from "#web/desk/desk.module.css";
import { useDeskAct } from "#web/desk/use-desk.ts";
import { At } from "#web/parts/at.tsx";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { PageHead, useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useKeptFocus } from "#web/parts/use-kept-focus.ts";
import { useMay } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

type Queue = (typeof caseQueues)[number];
/** Who waits to be called back is everybody's at the desk. */
const lookMilliseconds = 20_000;

/** Where operators work: the desks they serve at, the cases, one case. */
export function DeskPage() {
  const { w, dateTime } = useWords();
  const words = w.desk;
  const { incidentNo, caseNo }: { incidentNo?: string; caseNo?: string } = useParams({ strict: false });
  useDocumentTitle(words.title);
  const room = useKeptFocus();
  const { data, error } = useQuery({ queryKey: ["desks"], queryFn: () => call(listDesks), staleTime: 0, refetchInterval: lookMilliseconds });
  if (error !== null && data === undefined) {
    return (
      <div className="page">
        <ProblemNotice error={error} />
      </div>
    );
  }
  if (data === undefined) return <div className="page">{w.act.loading}</div>;
  const [only, ...others] = data.desks;
  if (only === undefined) return <EmptyState as="h1" title={words.noDesk} help={words.noDeskHelp} />;
  if (incidentNo === undefined) {
    if (others.length === 0) return <Navigate to={`/desk/${only.incidentNo}`} replace />;
    return (
      <div className="page">
        <PageHead title={words.yours} />
        <ul className={styles["rows"]}>
          {data.desks.map((one) => (
            <li key={one.incidentNo}>
              <Link to={`/desk/${one.incidentNo}`}>{words.nth(one.incidentNo, one.isDrill)}</Link>
            </li>
          ))}
        </ul>
      </div>
    );
  }
  const desk = data.desks.find((one) => one.incidentNo === Number(incidentNo));
  if (desk === undefined) return <EmptyState as="h1" title={words.noDesk} help={words.noDeskHelp} />;
  return (
    <div ref={room} className="page">
      <PageHead
        title={caseNo === undefined ? words.nth(desk.incidentNo, desk.isDrill) : words.caseNth(Number(caseNo))}
        lead={desk.endsAt === null ? undefined : words.term(dateTime(desk.endsAt))}
        marks={
          <>
            {desk.isDrill ? <Mark tone="look">{words.drill}</Mark> : null}
            {desk.isStopped ? <Mark tone="loss">{words.stoppedYou}</Mark> : null}
          </>
        }
      >
        {caseNo === undefined ? null : (
          <Button component={Link} to={`/desk/${desk.incidentNo}`} variant="default">
            {words.back}
          </Button>
        )}
      </PageHead>
      {caseNo === undefined ? <Cases incidentNo={desk.incidentNo} /> : <CallScreen key={caseNo} incidentNo={desk.incidentNo} caseNo={Number(caseNo)} />}
    </div>
  );
}

function Cases({ incidentNo }: { incidentNo: number }) {
  const { w } = useWords();
  const words = w.desk;
  const navigate = useNavigate();
  const may = useMay();
  const [queue, setQueue] = useState<Queue>("own");
  const begin = useDeskAct(
    (given: { channel: Channel; caller: "self" | "agent" }) => call(beginCase, { params: { incidentNo }, body: given }),
    ({ caseNo }) => {
      void navigate({ to: `/desk/${incidentNo}/${caseNo}` });
      return undefined;
    },
  );
  const queues = caseQueues.filter((one) => one !== "all" || may("handle-incidents"));
  return (
    <div className="column">
      <section className="column tight" aria-label={words.take}>
        <h2>{words.take}</h2>
        <div className="line">
          {channels.map((channel) => (
            <Button
              key={channel}
              variant={channel === "call" ? "filled" : "default"}
              loading={begin.isPending}
              onClick={() => begin.mutate({ channel, caller: "self" })}
            >
              {words.channels[channel]}
            </Button>
          ))}
          <Button variant="default" loading={begin.isPending} onClick={() => begin.mutate({ channel: "call", caller: "agent" })}>
            {words.channels.call} ({words.callers.agent})
          </Button>
        </div>
      </section>
      <Tabs value={queue} keepMounted={false} onChange={(next) => setQueue((next ?? "own") as Queue)}>
        <Tabs.List>
          {queues.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {words.queues[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {queues.map((one) => (
          <Tabs.Panel key={one} value={one}>
            <CaseList incidentNo={incidentNo} queue={one} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </div>
  );
}

function CaseList({ incidentNo, queue }: { incidentNo: number; queue: Queue }) {
  const { w } = useWords();
  const words = w.desk;
  const [before, setBefore] = useState<number>();
  const { data, error } = useQuery({
    queryKey: ["desk-cases", incidentNo, queue, before ?? null],
    queryFn: () => call(listCases, { params: { incidentNo }, query: { queue, ...(before === undefined ? {} : { before }) } }),
    staleTime: 0,
    refetchInterval: lookMilliseconds,
  });
  if (error !== null && data === undefined) return <ProblemNotice error={error} />;
  if (data === undefined) return <p className="soft">{w.act.loading}</p>;
  if (data.cases.length === 0) return <p className="soft">{words.noCases[queue]}</p>;
  return (
    <>
      <ul className={styles["rows"]} aria-label={words.queues[queue]}>
        {data.cases.map((one) => (
          <li key={one.caseNo}>
            <Link className={styles["case"]} to={`/desk/${incidentNo}/${one.caseNo}`}>
              <strong>{words.caseNth(one.caseNo)}</strong>
              <span className="small soft">
                <At iso={one.openedAt} />
              </span>
              <span>
                {words.channels[one.channel]}
                {one.caller === "agent" ? ` (${words.callers.agent})` : ""}
              </span>
              <CaseMarks head={one} />
            </Link>
          </li>
        ))}
      </ul>
      {data.nextBefore === null ? null : (
        <div>
          <Button variant="default" onClick={() => setBefore(data.nextBefore ?? undefined)}>
            {words.more}
          </Button>
        </div>
      )}
    </>
  );
}

/** Where a case stands, in words. */
export function CaseMarks({ head }: { head: DeskCaseHead }) {
  const { w, dateTime } = useWords();
  const words = w.desk;
  return (
    <>
      <Mark>{words.states[head.state]}</Mark>
      {head.answer === null ? (
        <Mark>{words.notIdentified}</Mark>
      ) : (
        <Mark tone={head.answer === "affected" ? "look" : "plain"}>{words.answers[head.answer]}</Mark>
      )}
      {head.callBackAt === null ? null : <Mark tone="look">{words.callBackAt(dateTime(head.callBackAt))}</Mark>}
      {head.isEscalated ? <Mark tone="look">{words.isEscalated}</Mark> : null}
      {head.hasHarm ? <Mark tone="loss">{words.hasHarm}</Mark> : null}
    </>
  );
}
