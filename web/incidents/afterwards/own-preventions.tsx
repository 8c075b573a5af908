import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ReplyOf } from "#shared/endpoint.ts";
import { carryOutPrevention, listOwnPreventions } from "#shared/incident-afterwards.ts";
import { call } from "#web/call.ts";
import { DueMark } from "#web/incidents/afterwards/due-mark.tsx";
import { useAfterwardsAct } from "#web/incidents/afterwards/use-afterwards.ts";
import { ReasonDialog } from "#web/incidents/reason-dialog.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

type Own = ReplyOf<typeof listOwnPreventions>["preventions"][number];

export function useOwnPreventions() {
  return useQuery({ queryKey: ["preventions", "own"], queryFn: () => call(listOwnPreventions), staleTime: 30_000 });
}

/** On Home: preventions that are mine to carry out. Nothing where there are none. */
export function OwnPreventions() {
  const { w } = useWords();
  const words = w.incidentAfterwards;
  const { data } = useOwnPreventions();
  const [chosen, setChosen] = useState<Own>();
  const carryOut = useAfterwardsAct(
    ({ preventionNo, version, note }: { preventionNo: number; version: number; note: string }) =>
      call(carryOutPrevention, { params: { preventionNo }, body: { version, note } }),
    () => {
      setChosen(undefined);
      return words.carriedOut;
    },
  );
  if (data === undefined || data.preventions.length === 0) return null;
  return (
    <section className="column tight" aria-label={words.mine}>
      <h2>{words.mine}</h2>
      <ul className="ruled">
        {data.preventions.map((one) => (
          <li key={one.preventionNo}>
            <div className="line apart">
              <span className="line">
                <DueMark dueOn={one.dueOn} today={data.today} />
                <Value shown={one.what} isBare />
                <span className="small soft">{words.mineOf(one.incidentNo)}</span>
                {one.reminders > 0 ? <Mark>{words.reminded(one.reminders)}</Mark> : null}
              </span>
              <Button size="compact-sm" variant="default" onClick={() => setChosen(one)}>
                {words.carryOut}
              </Button>
            </div>
            {one.reason === null ? null : (
              <p className="small">
                <span className="soft">{words.reason}: </span>
                <Value shown={one.reason} isBare />
              </p>
            )}
          </li>
        ))}
      </ul>
      {chosen === undefined ? null : (
        <ReasonDialog
          title={words.carryOut}
          label={words.carryOutLabel}
          action={words.carryOut}
          most={1000}
          isBusy={carryOut.isPending}
          onSay={(note) => carryOut.mutate({ preventionNo: chosen.preventionNo, version: chosen.version, note })}
          onClose={() => setChosen(undefined)}
        />
      )}
    </section>
  );
}
