import { Button, NativeSelect } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { listNoticePeople, markReached, noticeOutcomes, type Notice, type NoticeOutcome } from "#shared/incident-notices.ts";
import { call } from "#web/call.ts";
import styles from "#web/incidents/notices/notices.module.css";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { CustomerChip } from "#web/parts/chip.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { textOf } from "#web/parts/use-directory.ts";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

const pageSize = 50;

/** The people of a notice by what became of it, with who was reached by other means. */
export function NoticePeople({ notice }: { notice: Notice }) {
  const { w, short } = useWords();
  const words = w.incidentNotices;
  const [outcome, setOutcome] = useState<NoticeOutcome>();
  const [offset, setOffset] = useState(0);
  const { data, error } = useQuery({
    queryKey: ["incident", "notice-people", notice.noticeNo, outcome, offset],
    queryFn: () =>
      call(listNoticePeople, { params: { noticeNo: notice.noticeNo }, body: { offset, limit: pageSize, ...(outcome === undefined ? {} : { outcome }) } }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  const mark = useIncidentAct(({ personNo, isReached }: { personNo: number; isReached: boolean }) =>
    call(markReached, { params: { noticeNo: notice.noticeNo }, body: { personNo, isReached } }),
  );
  if (error !== null) return <ProblemNotice error={error} />;
  if (data === undefined) return <p className="soft">{w.act.loading}</p>;
  const present = noticeOutcomes.filter((one) => notice.counts.some((count) => count.outcome === one));
  const last = Math.min(offset + pageSize, data.total);
  return (
    <div className="column tight">
      <NativeSelect
        size="xs"
        w={220}
        label={words.filter}
        value={outcome ?? ""}
        data={[{ value: "", label: words.everybody }, ...present.map((one) => ({ value: one, label: words.outcomes[one] }))]}
        onChange={(event) => {
          setOutcome(noticeOutcomes.find((one) => one === event.currentTarget.value));
          setOffset(0);
        }}
      />
      {data.people.length === 0 ? <p className="soft">{words.nobody}</p> : null}
      <ul className={styles["rows"]} aria-label={words.whom}>
        {data.people.map((person) => {
          const name = textOf(person.name);
          return (
            <li key={person.personNo}>
              <CustomerChip no={person.customerNo} name={name} />
              {name === undefined && person.name !== null ? <Value shown={person.name} isBare /> : null}
              <span className="small">{words.ways[person.way]}</span>
              <Mark tone={["refused", "bounced", "returned"].includes(person.outcome) ? "loss" : person.outcome === "unsure" ? "look" : "plain"}>
                {person.way === "letter" && person.outcome === "sent" ? words.posted : words.outcomes[person.outcome]}
              </Mark>
              {person.letterNumber === null ? null : <span className="small soft number">{words.number(person.letterNumber)}</span>}
              {person.status === null ? null : <span className="small soft">{words.status(person.status)}</span>}
              <span className="small soft">{short(person.at)}</span>
              {notice.startedAt === null || ["planned", "sending", "gone", "moved"].includes(person.outcome) ? null : (
                <Button
                  variant="subtle"
                  size="compact-xs"
                  aria-label={person.outcome === "reached" ? words.unreach : words.reachFor(name ?? w.customers.ofNumber(person.customerNo))}
                  onClick={() => mark.mutate({ personNo: person.personNo, isReached: person.outcome !== "reached" })}
                >
                  {person.outcome === "reached" ? words.unreach : words.reach}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {data.total > pageSize ? (
        <div className="line">
          <Button variant="default" size="xs" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - pageSize))}>
            {words.before}
          </Button>
          <span className="small soft">{words.page(offset + 1, last, data.total)}</span>
          <Button variant="default" size="xs" disabled={last >= data.total} onClick={() => setOffset(offset + pageSize)}>
            {words.next}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
