import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { showWhatIWasShown, showWhatWasShown } from "#shared/ledger.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { call } from "#web/call.ts";
import type { Named } from "#web/ledger/describe-event.ts";
import { SubjectChip, useFieldNames } from "#web/ledger/event-sentence.tsx";
import styles from "#web/ledger/ledger.module.css";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

type ShownRecord = ReplyOf<typeof showWhatWasShown>["records"][number];
const recordsAtOnce = 50;

/** Whom an event showed, and which fields, as they were then. Fetched once: each look at it is recorded. */
export function WhatWasShown({ eventNo, isOwn }: { eventNo: number; isOwn: boolean }) {
  const { w } = useWords();
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ["shown", isOwn, eventNo],
    queryFn: ({ pageParam }) => call(isOwn ? showWhatIWasShown : showWhatWasShown, { params: { eventNo }, body: { offset: pageParam, limit: recordsAtOnce } }),
    initialPageParam: 0,
    getNextPageParam: (page, pages) => (pages.length * recordsAtOnce < page.total ? pages.length * recordsAtOnce : undefined),
    staleTime: Infinity,
  });
  if (error !== null) return <ProblemNotice error={error} />;
  if (data === undefined) return <p className="soft small">{w.act.loading}</p>;
  const records = data.pages.flatMap((page) => page.records);
  const total = data.pages[0]?.total ?? 0;
  const names: Named = new Map(records.map((one) => [`${one.kind} ${one.no}`, one.name]));
  return (
    <section className={styles["shown"]} aria-label={w.records.shown.title}>
      {records.length === 0 ? <p className="small soft">{w.records.shown.none}</p> : <p className="small soft">{w.records.shown.then}</p>}
      {groupsOf(records).map((group) => (
        <div key={`${group.kind} ${group.numbers[0] ?? 0}`} className={styles["shown-group"]}>
          <FieldsShown fields={group.fields} />
          <div className={styles["chips"]}>
            {group.numbers.map((no) => (
              <SubjectChip key={no} kind={group.kind} no={no} names={names} />
            ))}
          </div>
        </div>
      ))}
      {hasNextPage ? (
        <div>
          <Button variant="default" size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {w.records.shown.more(total - records.length)}
          </Button>
        </div>
      ) : null}
    </section>
  );
}

/** Which fields stood there in full and which in part. */
export function FieldsShown({ fields }: { fields: ShownRecord["fields"] }) {
  const { w, list } = useWords();
  const fieldName = useFieldNames();
  const of = (how: "full" | "partial") => fields.filter((one) => one.how === how).map((one) => fieldName(one.field));
  const [full, partial] = [of("full"), of("partial")];
  if (fields.length === 0) return <p className="small soft">{w.records.shown.touched}</p>;
  return (
    <dl className={styles["fields"]}>
      {full.length === 0 ? null : (
        <div>
          <dt>{w.records.shown.whole}</dt>
          <dd>{list(full)}</dd>
        </div>
      )}
      {partial.length === 0 ? null : (
        <div>
          <dt>{w.records.shown.partial}</dt>
          <dd>{list(partial)}</dd>
        </div>
      )}
    </dl>
  );
}

/** Records of one kind with the same fields stand together. */
function groupsOf(records: readonly ShownRecord[]): { kind: string; fields: ShownRecord["fields"]; numbers: number[] }[] {
  const groups = new Map<string, { kind: string; fields: ShownRecord["fields"]; numbers: number[] }>();
  for (const { kind, no, fields } of records) {
    const key = JSON.stringify([kind, fields]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { kind, fields, numbers: [no] });
    else group.numbers.push(no);
  }
  return [...groups.values()];
}
