import { EventTable } from "#web/ledger/event-table.tsx";
import styles from "#web/ledger/ledger.module.css";
import { useEvents } from "#web/ledger/use-events.ts";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { PageHead, useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useMe } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

/** What is recorded about me, I can see. */
export function OwnRecord() {
  const { w } = useWords();
  useDocumentTitle(w.ledger.ownTitle);
  const { viewedToday } = useMe();
  const { events, more, hasMore, error, isLoading } = useEvents("own", {});
  return (
    <>
      <div className={styles["head"]}>
        <PageHead title={w.ledger.ownTitle} lead={w.ledger.ownLead} marks={<Mark>{w.nav.viewedToday(viewedToday)}</Mark>} />
      </div>
      {error === null ? null : <ProblemNotice error={error} />}
      {isLoading || error !== null ? null : events.length === 0 ? (
        <EmptyState title={w.ledger.none} />
      ) : (
        <EventTable label={w.ledger.ownTitle} listKey="own" events={events} hasMore={hasMore} onMore={more} hasWho={false} />
      )}
    </>
  );
}
