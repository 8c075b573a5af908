import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import {
  IconArrowsJoin,
  IconFileImport,
  IconMail,
  IconNote,
  IconPencil,
  IconPhone,
  IconSend,
  IconShoppingBag,
  IconUsersGroup,
  IconWalk,
  type TablerIcon,
} from "@tabler/icons-react";
import { useState } from "react";
import { companyTimeline, customerTimeline, type TimelineSort } from "#shared/activities.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { NoteKind } from "#shared/activities.ts";
import { NoteBox, type About } from "#web/activities/note-box.tsx";
import boxStyles from "#web/activities/note-box.module.css";
import { NoteEntry } from "#web/activities/note-entry.tsx";
import entryStyles from "#web/activities/note-entry.module.css";
import { readPurchase } from "#web/activities/purchase-text.ts";
import styles from "#web/activities/subject-timeline.module.css";
import { call } from "#web/call.ts";
import { AccountChip } from "#web/parts/chip.tsx";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { Timeline, type Happening } from "#web/parts/timeline.tsx";
import { useAllFields } from "#web/parts/use-directory.ts";
import { useKeys } from "#web/parts/use-keys.ts";
import { Value } from "#web/parts/value.tsx";
import { useEventName } from "#web/words/event-names.ts";
import { useWords } from "#web/words/words.ts";

type Entry = ReplyOf<typeof customerTimeline>["entries"][number];

const icons: Readonly<Record<TimelineSort, TablerIcon>> = {
  note: IconNote,
  call: IconPhone,
  visit: IconWalk,
  mail: IconMail,
  meeting: IconUsersGroup,
  edit: IconPencil,
  use: IconSend,
  import: IconFileImport,
  merge: IconArrowsJoin,
  purchase: IconShoppingBag,
};
const sortsOf = {
  customer: ["note", "call", "visit", "mail", "meeting", "purchase", "edit", "use", "import", "merge"],
  company: ["note", "call", "visit", "mail", "meeting", "edit"],
} as const satisfies Readonly<Record<About["kind"], readonly TimelineSort[]>>;

/** Everything that happened with a person or company, newest first, and where the next note is written. */
export function SubjectTimeline({ about, openWith, onNoteClosed }: { about: About; openWith?: NoteKind | undefined; onNoteClosed?: () => void }) {
  const { w } = useWords();
  const [sort, setSort] = useState<TimelineSort | null>(null);
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["timeline", about.no, about.kind, sort],
    queryFn: ({ pageParam }) => {
      const query = { ...(pageParam === null ? {} : { before: pageParam }), ...(sort === null ? {} : { sorts: sort }) };
      return about.kind === "customer"
        ? call(customerTimeline, { params: { customerNo: about.no }, query })
        : call(companyTimeline, { params: { companyNo: about.no }, query });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextBefore,
    placeholderData: (former, query) => (query?.queryKey[1] === about.no && query.queryKey[2] === about.kind ? former : undefined),
  });
  const happeningOf = useHappening(about);
  const [isAwaited, setIsAwaited] = useState(false);
  useKeys({ n: () => setIsAwaited(true) }, data === undefined);
  const closeNote = () => {
    setIsAwaited(false);
    onNoteClosed?.();
  };
  if (error !== null) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <p className="soft">{w.act.loading}</p>;
  const entries = data.pages.flatMap((page) => page.entries);
  return (
    <div className="column">
      {data.pages[0]?.mayNote === true ? (
        <NoteBox key={`${about.kind}-${about.no}`} about={about} openWith={openWith ?? (isAwaited ? "note" : undefined)} onClosed={closeNote} />
      ) : null}
      <div className={styles["sorts"]} role="group" aria-label={w.activities.sortsLabel}>
        <button type="button" className={boxStyles["choice"]} aria-pressed={sort === null} onClick={() => setSort(null)}>
          {w.activities.all}
        </button>
        {sortsOf[about.kind].map((one) => (
          <button key={one} type="button" className={boxStyles["choice"]} aria-pressed={sort === one} onClick={() => setSort(sort === one ? null : one)}>
            {w.activities.sorts[one]}
          </button>
        ))}
      </div>
      {entries.length > 0 ? (
        <Timeline label={w.activities.timeline} hasDays happenings={entries.map(happeningOf)} />
      ) : hasNextPage ? null : sort === null ? (
        <EmptyState title={w.activities.none} help={w.activities.noneHelp} />
      ) : (
        <p className="soft">{w.activities.noneOfSort}</p>
      )}
      {hasNextPage ? (
        <Button variant="default" size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {w.act.more}
        </Button>
      ) : null}
    </div>
  );
}

function useHappening(about: About): (entry: Entry) => Happening {
  const { w } = useWords();
  const eventName = useEventName();
  return (entry) => {
    const Icon = icons[entry.sort];
    const name = entry.event === null ? w.activities.sorts[entry.sort] : eventName(entry.event.type);
    return {
      key: entry.key,
      at: entry.at,
      isWholeDay: entry.sort === "purchase",
      icon: <Icon size={16} aria-hidden />,
      who: (
        <>
          <span>{name}</span>
          <AccountChip no={entry.accountNo} />
          {entry.event?.purpose === null || entry.event?.purpose === undefined ? null : <Purpose purpose={entry.event.purpose} />}
        </>
      ),
      what:
        entry.note !== null ? (
          <NoteEntry about={about} note={entry.note} />
        ) : entry.purchase !== null ? (
          <PurchaseLine purchase={entry.purchase} />
        ) : (
          <Changes about={about} fields={entry.event?.fields ?? []} />
        ),
    };
  };
}

function Purpose({ purpose }: { purpose: string }) {
  const { w } = useWords();
  const known = w.purposes as Readonly<Record<string, string>>;
  return <span className="small soft">{known[purpose] ?? purpose}</span>;
}

function PurchaseLine({ purchase }: { purchase: NonNullable<Entry["purchase"]> }) {
  const { w } = useWords();
  const text = readPurchase(purchase.purchase);
  if (text === null) return <Value shown={purchase.purchase} isBare />;
  return (
    <span className={entryStyles["purchase"]} data-personal>
      <span>{text.product}</span>
      {text.quantity === "" ? null : <span className="soft number">× {text.quantity}</span>}
      {text.amount === "" ? null : <span className={`${entryStyles["amount"]} number`}>{w.activities.yen(Number(text.amount))}</span>}
    </span>
  );
}

/** Before and after of an edit, as far as one may read the fields. */
function Changes({ about, fields: changed }: { about: About; fields: NonNullable<Entry["event"]>["fields"] }) {
  const { label } = useWords();
  const fields = useAllFields(about.kind);
  if (changed.length === 0) return null;
  return (
    <dl className={styles["changes"]}>
      {changed.map((change) => {
        const field = fields.find((one) => one.key === change.field);
        return (
          <div key={change.field}>
            <dt>{field === undefined ? change.field : label(field)}</dt>
            <dd>
              <Value shown={change.before} isBare /> <span className="soft">→</span> <Value shown={change.after} isBare />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
