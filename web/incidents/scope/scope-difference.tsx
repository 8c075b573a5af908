import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { compareScopes } from "#shared/incident-scope.ts";
import { call } from "#web/call.ts";
import { useCauseWords } from "#web/incidents/scope/cause-words.ts";
import styles from "#web/incidents/scope/scope.module.css";
import type { Run } from "#web/incidents/scope/use-scope.ts";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

/** What the newest run shows otherwise than an earlier one: the last before it, unless another is chosen. */
export function ScopeDifference({ incidentNo, runs }: { incidentNo: number; runs: readonly Run[] }) {
  const { w, short } = useWords();
  const words = w.incidentScope;
  const say = useCauseWords();
  const [newest, ...earlier] = runs;
  const [chosen, setChosen] = useState<number>();
  const otherRunNo = chosen ?? earlier[0]?.runNo;
  const runNo = newest?.runNo;
  const { data, error } = useQuery({
    queryKey: ["scope-difference", incidentNo, runNo, otherRunNo],
    queryFn: () => call(compareScopes, { params: { incidentNo, runNo: runNo as number }, body: { otherRunNo: otherRunNo as number } }),
    enabled: runNo !== undefined && otherRunNo !== undefined,
    staleTime: 0,
  });
  if (otherRunNo === undefined) return null;
  const tierOf = (tier: keyof typeof words.tiers | null): string => (tier === null ? words.nowhere : words.tiers[tier]);
  const placeOf = (no: number): number => runs.length - runs.findIndex((one) => one.runNo === no);
  return (
    <section className="column tight">
      <div className="line">
        <h3>{words.difference}</h3>
        <NativeSelect
          size="xs"
          aria-label={words.runs}
          value={String(otherRunNo)}
          data={earlier.map((one) => ({ value: String(one.runNo), label: words.differenceWith(placeOf(one.runNo), short(one.askedAt)) }))}
          onChange={(event) => setChosen(Number(event.currentTarget.value))}
        />
      </div>
      {error === null ? null : <ProblemNotice error={error} />}
      {data === undefined ? null : (
        <ul className={`${styles["plain"]} small`}>
          {data.causesAdded.map((cause, at) => (
            <li key={`added${at}`}>+ {say(cause)}</li>
          ))}
          {data.causesRemoved.map((cause, at) => (
            <li key={`removed${at}`}>− {say(cause)}</li>
          ))}
          {data.changes.map((change) => (
            <li key={`${change.from}:${change.to}:${change.reason}`}>
              {words.moved(tierOf(change.from), tierOf(change.to), change.people, words.changeReasons[change.reason])}
            </li>
          ))}
          {data.changes.length === 0 ? <li>{words.noDifference}</li> : null}
        </ul>
      )}
    </section>
  );
}
