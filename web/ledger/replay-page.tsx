import { Button, SegmentedControl } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { dayAfter, dayInJapan } from "#shared/day-in-japan.ts";
import styles from "#web/ledger/ledger.module.css";
import { NamesSwitch } from "#web/ledger/names-switch.tsx";
import { StateNotSeen } from "#web/ledger/state-not-seen.tsx";
import { Story } from "#web/ledger/story.tsx";
import { useReplay, type ReplayAsk } from "#web/ledger/use-replay.ts";
import { AccountChip } from "#web/parts/chip.tsx";
import { DayField } from "#web/parts/day-field.tsx";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { FilterChip } from "#web/parts/filter-chip.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { PageHead, useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { textOf, useStaff } from "#web/parts/use-directory.ts";
import { useWords } from "#web/words/words.ts";

interface ReplaySearch {
  readonly event?: number;
  readonly account?: number;
  readonly day?: string;
  readonly minutes?: number;
  readonly all?: number;
  readonly names?: number;
}
const widths = [1, 5, 15, 60];
const usualMinutes = 5;

/** 再現: what happened around a moment, or an account's day, read again as a story. */
export function ReplayPage() {
  const { w } = useWords();
  useDocumentTitle(w.records.replay.title);
  const search: ReplaySearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const staff = useStaff();
  const put = (part: Readonly<Record<string, string | number | undefined>>) =>
    void navigate({
      to: "/ledger/replay",
      search: (former: object) => Object.fromEntries(Object.entries({ ...former, ...part }).filter(([, value]) => value !== undefined)),
      replace: true,
    });
  const ask = askOf(search);
  const story = useReplay("all", ask);
  const [part] = story.parts ?? [];
  const isEverybody = search.all === 1 || (part !== undefined && part.accountNo === null);
  const people = story.parts?.length === 1 ? part?.people : undefined;
  const whose = part?.accountNo ?? search.account;
  return (
    <div className="page">
      <PageHead
        title={w.records.replay.title}
        lead={w.records.replay.lead}
        marks={people === undefined || people === 0 ? undefined : <Mark>{w.records.replay.people(people)}</Mark>}
      >
        {search.account === undefined ? null : <StateNotSeen key={search.account} accountNo={search.account} />}
        <Button component={Link} to="/ledger" variant="default">
          {w.ledger.title}
        </Button>
      </PageHead>
      <div className="line" role="group" aria-label={w.customers.filter}>
        {search.event === undefined ? (
          <>
            <FilterChip
              label={w.ledger.filterWho}
              choices={[...staff].map(([no, name]) => ({ value: String(no), label: textOf(name) ?? w.settings.ofNumber(no) }))}
              value={search.account === undefined ? null : String(search.account)}
              onChange={(account) => put({ account: account === null ? undefined : Number(account) })}
            />
            <DayStepper day={ask?.day ?? today()} onChange={(day) => put({ day })} />
          </>
        ) : (
          <>
            {isEverybody || whose === undefined ? null : <AccountChip no={whose} />}
            {part === undefined ? null : <Window from={part.from} to={part.to} />}
            <SegmentedControl
              size="xs"
              aria-label={w.records.replay.width}
              value={String(search.minutes ?? usualMinutes)}
              data={widths.map((minutes) => ({ value: String(minutes), label: w.records.replay.minutes(minutes) }))}
              onChange={(minutes) => put({ minutes: Number(minutes) === usualMinutes ? undefined : Number(minutes) })}
            />
            <SegmentedControl
              size="xs"
              aria-label={w.records.replay.whose}
              value={isEverybody ? "all" : "one"}
              data={[
                { value: "one", label: w.records.replay.one },
                { value: "all", label: w.records.replay.everybody },
              ]}
              onChange={(value) => put({ all: value === "all" ? 1 : undefined })}
            />
            {part === undefined || whose === undefined ? null : (
              <Button
                component={Link}
                to="/ledger/replay"
                search={{ account: whose, day: dayInJapan(new Date(part.from)) } as never}
                variant="default"
                size="xs"
              >
                {w.records.replay.wholeDay}
              </Button>
            )}
          </>
        )}
        <NamesSwitch isOn={search.names === 1} onChange={(isOn) => put({ names: isOn ? 1 : undefined })} />
      </div>
      {story.error === null ? null : <ProblemNotice error={story.error} />}
      {ask === undefined ? (
        <EmptyState title={w.records.replay.choose} />
      ) : story.isLoading ? (
        <p className="soft">{w.act.loading}</p>
      ) : story.error !== null ? null : story.scenes.length === 0 ? (
        <EmptyState title={w.records.replay.none} help={w.records.replay.noneHelp} />
      ) : (
        <Story
          key={`${search.event ?? ""} ${search.account ?? ""} ${search.day ?? ""}`}
          story={story}
          hasWho={isEverybody}
          isOwn={false}
          hereNo={search.event}
        />
      )}
    </div>
  );
}

function askOf(search: ReplaySearch): ReplayAsk | undefined {
  const withNames = search.names === 1;
  if (search.event !== undefined) return { eventNo: search.event, minutes: search.minutes ?? usualMinutes, isEverybody: search.all === 1, withNames };
  return search.account === undefined ? undefined : { accountNo: search.account, day: search.day ?? today(), withNames };
}

export function today(): string {
  return dayInJapan(new Date());
}

export function Window({ from, to }: { from: string; to: string }) {
  const { w, dateTime } = useWords();
  return <span className={styles["window"]}>{w.records.replay.window(dateTime(from), dateTime(to).slice(-5))}</span>;
}

/** A day with the one before and the one after. */
export function DayStepper({ day, onChange }: { day: string; onChange: (day: string) => void }) {
  const { w } = useWords();
  return (
    <span className="line">
      <Button size="xs" variant="default" aria-label={w.records.replay.previousDay} onClick={() => onChange(dayAfter(day, -1))} px={6}>
        <IconChevronLeft size={16} />
      </Button>
      <DayField label={w.records.replay.day} value={day} isRequired onChange={(next) => next !== undefined && onChange(next)} />
      <Button size="xs" variant="default" aria-label={w.records.replay.nextDay} disabled={day >= today()} onClick={() => onChange(dayAfter(day, 1))} px={6}>
        <IconChevronRight size={16} />
      </Button>
    </span>
  );
}
