import { Tabs } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { EventTable } from "#web/ledger/event-table.tsx";
import styles from "#web/ledger/ledger.module.css";
import { NamesSwitch } from "#web/ledger/names-switch.tsx";
import { DayStepper, today, Window } from "#web/ledger/replay-page.tsx";
import { StateNotSeen } from "#web/ledger/state-not-seen.tsx";
import { Story } from "#web/ledger/story.tsx";
import { useEvents } from "#web/ledger/use-events.ts";
import { useReplay } from "#web/ledger/use-replay.ts";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { PageHead, useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useMe } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

interface OwnSearch {
  readonly view?: string;
  readonly day?: string;
  readonly event?: number;
  readonly names?: number;
}

/** What is recorded about me, I can see: my day as a story, or all of it as a list. */
export function OwnRecord() {
  const { w } = useWords();
  useDocumentTitle(w.ledger.ownTitle);
  const { viewedToday } = useMe();
  const search: OwnSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const isList = search.view === "list";
  const put = (part: Readonly<Record<string, string | number | undefined>>) =>
    void navigate({
      to: "/record",
      search: (former: object) => Object.fromEntries(Object.entries({ ...former, ...part }).filter(([, value]) => value !== undefined)),
      replace: true,
    });
  return (
    <>
      <div className={styles["head"]}>
        <PageHead title={w.ledger.ownTitle} lead={w.ledger.ownLead} marks={<Mark>{w.nav.viewedToday(viewedToday)}</Mark>}>
          <StateNotSeen />
        </PageHead>
        <Tabs value={isList ? "list" : "day"} onChange={(view) => put({ view: view === "list" ? "list" : undefined, event: undefined })}>
          <Tabs.List>
            <Tabs.Tab value="day">{w.records.own.day}</Tabs.Tab>
            <Tabs.Tab value="list">{w.records.own.list}</Tabs.Tab>
          </Tabs.List>
        </Tabs>
      </div>
      {isList ? <OwnList /> : <OwnDay search={search} onPut={put} />}
    </>
  );
}

function OwnList() {
  const { w } = useWords();
  const { events, names, more, hasMore, error, isLoading } = useEvents("own", {});
  if (error !== null) return <ProblemNotice error={error} />;
  if (isLoading) return null;
  return events.length === 0 ? (
    <EmptyState title={w.ledger.none} />
  ) : (
    <EventTable label={w.ledger.ownTitle} listKey="own" events={events} names={names} hasMore={hasMore} onMore={more} hasWho={false} />
  );
}

function OwnDay({ search, onPut }: { search: OwnSearch; onPut: (part: Readonly<Record<string, string | number | undefined>>) => void }) {
  const { w } = useWords();
  const day = search.day ?? today();
  const withNames = search.names === 1;
  const story = useReplay("own", search.event === undefined ? { day, withNames } : { eventNo: search.event, withNames });
  const [part] = story.parts ?? [];
  return (
    <div className={styles["own-day"]}>
      <div className="line">
        {search.event === undefined || part === undefined ? (
          <DayStepper day={day} onChange={(next) => onPut({ day: next === today() ? undefined : next, event: undefined })} />
        ) : (
          <Window from={part.from} to={part.to} />
        )}
        <NamesSwitch isOn={withNames} onChange={(isOn) => onPut({ names: isOn ? 1 : undefined })} />
      </div>
      {story.error === null ? null : <ProblemNotice error={story.error} />}
      {story.isLoading || story.error !== null ? null : story.scenes.length === 0 ? (
        <EmptyState title={w.records.replay.none} help={w.records.replay.noneHelp} />
      ) : (
        <Story key={`${day} ${search.event ?? ""}`} story={story} hasWho={false} isOwn hereNo={search.event} />
      )}
    </div>
  );
}
