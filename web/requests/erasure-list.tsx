import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { askDisposal, dueDisposals, listErasures } from "#shared/person-requests.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { call } from "#web/call.ts";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { ErasureRows } from "#web/requests/erasure-rows.tsx";
import { ReasonDialog } from "#web/requests/reason-dialog.tsx";
import { useAct } from "#web/requests/use-act.ts";
import { useWords } from "#web/words/words.ts";

/** What is past its term, what was asked to be erased, and how far that has come. */
export function ErasureList() {
  const { w } = useWords();
  const words = w.requests;
  const { data, error } = useQuery({
    queryKey: ["erasures"],
    queryFn: () => call(listErasures),
    staleTime: 0,
    refetchInterval: (query) => (query.state.data?.erasures.some((one) => one.state === "running") === true ? 1_000 : false),
  });
  return (
    <div className="column">
      <Disposals />
      <h2>{words.erasures}</h2>
      <p className="small soft">{words.horizon}</p>
      {error !== null ? <ProblemNotice error={error} /> : null}
      {data === undefined ? null : data.erasures.length === 0 ? <p className="soft">{words.noErasures}</p> : <ErasureRows erasures={data.erasures} />}
    </div>
  );
}

type Group = ReplyOf<typeof dueDisposals>["groups"][number];

function Disposals() {
  const { w } = useWords();
  const words = w.requests;
  const { data, error } = useQuery({ queryKey: ["disposals"], queryFn: () => call(dueDisposals), staleTime: 0 });
  const [asking, setAsking] = useState<Group | null>(null);
  const ask = useAct(
    (given: { group: Group; comment: string }) =>
      call(askDisposal, { body: { reason: given.group.reason, expectedPersons: given.group.persons, comment: given.comment } }),
    () => {
      setAsking(null);
      return words.erasureAsked;
    },
  );
  if (error !== null) return <ProblemNotice error={error} />;
  if (data === undefined) return <p className="soft">{w.act.loading}</p>;
  const due = data.groups.filter((group) => group.persons > 0 || group.held > 0);
  return (
    <section className="column tight" aria-label={words.disposal}>
      <h2>{words.disposal}</h2>
      {data.retentionYears === null ? <p className="small soft">{words.disposalOff}</p> : null}
      {due.length === 0 ? <p className="soft">{words.disposalNone}</p> : null}
      {due.map((group) => (
        <div key={group.reason} className="line apart">
          <span>
            {group.reason === "term-over"
              ? words.disposalGroup["term-over"](data.retentionYears ?? 0, group.persons)
              : words.disposalGroup["trash-term-over"](data.trashDays, group.persons)}
            {group.held > 0 ? <span className="soft"> {words.disposalHeld(group.held)}</span> : null}
          </span>
          <Button variant="default" disabled={group.persons === 0} onClick={() => setAsking(group)}>
            {words.askDisposal}
          </Button>
        </div>
      ))}
      <ReasonDialog
        title={words.askDisposalTitle(asking?.persons ?? 0)}
        lead={words.eraseLead}
        help={words.reasonHelp}
        action={words.askDisposal}
        isOpen={asking !== null}
        isBusy={ask.isPending}
        error={ask.error}
        isLoss
        onConfirm={(comment) => asking !== null && ask.mutate({ group: asking, comment })}
        onClose={() => {
          setAsking(null);
          ask.reset();
        }}
      />
    </section>
  );
}
