import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, Navigate } from "@tanstack/react-router";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { listConsents } from "#shared/accounts.ts";
import { listOwnEvents } from "#shared/ledger.ts";
import { DueList } from "#web/activities/due-list.tsx";
import { WaitingApprovals } from "#web/approvals/waiting-approvals.tsx";
import { call } from "#web/call.ts";
import { FirstHour, useFirstHour } from "#web/home/first-hour.tsx";
import { OwnChanges } from "#web/home/own-changes.tsx";
import { RecentPeople } from "#web/home/recent-people.tsx";
import { describeSubjects } from "#web/ledger/describe-event.ts";
import { useCheckpoint } from "#web/ledger/use-checkpoint.ts";
import styles from "#web/home/home.module.css";
import { StolenNow } from "#web/reach/stolen-now.tsx";
import { OwnPreventions, useOwnPreventions } from "#web/incidents/afterwards/own-preventions.tsx";
import { PageHead, useDocumentTitle } from "#web/parts/page-head.tsx";
import { Timeline } from "#web/parts/timeline.tsx";
import { useIsAtDeskAlone, useMay, useMe } from "#web/parts/use-me.ts";
import { useEventName } from "#web/words/event-names.ts";
import { formatNumber } from "#web/words/format.ts";
import { useWords } from "#web/words/words.ts";

const shownAtMost = 8;

export function Home() {
  return useIsAtDeskAlone() ? <Navigate to="/desk" replace /> : <HomePage />;
}

function HomePage() {
  const { w, date } = useWords();
  useDocumentTitle(w.home.title);
  const { viewedToday, mayRead } = useMe();
  const may = useMay();
  // The rest waits until it is known what stands above it, so that nothing moves; it is fetched meanwhile.
  const isKnown = [useFirstHour().isPending, useOwnPreventions().isPending].every((isPending) => !isPending);
  return (
    <div className="page">
      <PageHead title={date(new Date().toISOString())}>
        {mayRead.customer ? (
          <Button component={Link} to="/customers">
            {w.home.toSearch}
          </Button>
        ) : null}
        {may("import") ? (
          <Button component={Link} to="/import" variant="default">
            {w.home.toImport}
          </Button>
        ) : null}
      </PageHead>
      <Safety />
      <FirstHour />
      <div className={styles["rest"]} hidden={!isKnown}>
        {may("take-measures") ? <StolenNow /> : null}
        {may("consent-rights") ? <Waiting /> : null}
        <WaitingApprovals />
        <OwnPreventions />
        {mayRead.customer || mayRead.company ? <DueList /> : null}
        {mayRead.customer ? <OwnChanges /> : null}
        {mayRead.customer ? <RecentPeople /> : null}
        <section className="column tight">
          <h2>{w.home.today}</h2>
          <p>
            {w.home.seen}{" "}
            <Link to="/record" className={styles["count"]}>
              {formatNumber(viewedToday)}
            </Link>
            {w.home.seenUnit}
          </p>
        </section>
        <Recent />
      </div>
    </div>
  );
}

/** One line of safety: closed, or what is open. */
function Safety() {
  const { w, dateTime } = useWords();
  const { data } = useCheckpoint();
  if (data === undefined) return <p className={styles["safety"]}>{w.act.loading}</p>;
  const isBroken = data.lastVerifiedOk === false;
  const text = isBroken
    ? w.home.broken
    : data.lastVerifiedAt !== null
      ? w.home.safe(dateTime(data.lastVerifiedAt))
      : data.checkpoint !== null
        ? w.home.sealed(dateTime(data.checkpoint.at))
        : w.home.notSealed;
  return (
    <p className={styles["safety"]} data-broken={isBroken || undefined}>
      {isBroken ? <IconAlertTriangle size={18} aria-hidden /> : <IconCheck size={18} aria-hidden />} {text}
    </p>
  );
}

function Waiting() {
  const { w } = useWords();
  const { data } = useQuery({ queryKey: ["consents"], queryFn: () => call(listConsents) });
  const waiting = data?.consents.filter((one) => one.state === "pending").length ?? 0;
  if (waiting === 0) return null;
  return (
    <section className="column tight">
      <h2>{w.home.waiting}</h2>
      <p>
        <Link to="/settings/$section" params={{ section: "consents" }}>
          {w.home.waitingCount(waiting)}
        </Link>
      </p>
    </section>
  );
}

/** What a screen asks for by itself is recorded as well, but nobody remembers having done it. */
function isByTheWay(type: string): boolean {
  return /^(session\.shown|first-hour\.shown|ledger\.(own-read|checkpoint-shown)|actions\.listed|home\.changes-shown|incident\.own-preventions-listed|import\.(viewed|listed|problems-listed)|(staff|fields|roles|departments|sessions|accounts|consents)\.listed)$/.test(
    type,
  );
}

function Recent() {
  const { w } = useWords();
  const eventName = useEventName();
  const { data } = useQuery({ queryKey: ["own-events", "recent"], queryFn: () => call(listOwnEvents, { body: { limit: 100 } }), staleTime: 10_000 });
  if (data === undefined) return null;
  const acts = data.events.filter(({ type }) => !isByTheWay(type)).slice(0, shownAtMost);
  return (
    <section className="column tight">
      <h2>{w.home.recent}</h2>
      {acts.length === 0 ? (
        <p className="soft">{w.home.noRecent}</p>
      ) : (
        <Timeline
          label={w.home.recent}
          happenings={acts.map((event) => ({ key: event.eventNo, at: event.at, what: `${eventName(event.type)} ${describeSubjects(event, w)}` }))}
        />
      )}
    </section>
  );
}
