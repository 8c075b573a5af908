import { Button } from "@mantine/core";
import { useState } from "react";
import { listMatchedPeople, type MatchList, type MatchOutcome } from "#shared/incident-match.ts";
import type { ScopeCause } from "#shared/incident-scope.ts";
import { call } from "#web/call.ts";
import { MatchDialog } from "#web/incidents/scope/match-dialog.tsx";
import { MatchRows } from "#web/incidents/scope/match-rows.tsx";
import styles from "#web/incidents/scope/scope.module.css";
import { isSameCauses, useScopeAct } from "#web/incidents/scope/use-scope.ts";
import { At } from "#web/parts/at.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

const mostPeople = 20_000;

/** Lists that somebody wrote by hand: matched, settled row by row, and taken as a cause. */
export function MatchedLists({
  incidentNo,
  matches,
  causes,
  onUse,
}: {
  incidentNo: number;
  matches: readonly MatchList[];
  causes: readonly ScopeCause[];
  onUse: (cause: ScopeCause) => void;
}) {
  const { w } = useWords();
  const words = w.incidentScope.match;
  const [isAdding, setIsAdding] = useState(false);
  const [opened, setOpened] = useState<{ matchNo: number; outcome: MatchOutcome }>();
  const used = causes.filter((cause) => cause.kind === "people");
  const take = useScopeAct(
    (matchNo: number) => call(listMatchedPeople, { params: { incidentNo, matchNo } }),
    ({ customerNos }) => {
      const cause: ScopeCause = { kind: "people", values: customerNos };
      if (customerNos.length === 0) return undefined;
      if (customerNos.length > mostPeople) return words.tooMany;
      if (used.some((one) => isSameCauses([one], [cause]))) return words.inUse;
      onUse(cause);
      return words.used;
    },
  );
  return (
    <section className="column tight">
      <div className="line apart">
        <h3>{words.title}</h3>
        <Button variant="default" onClick={() => setIsAdding(true)}>
          {words.add}
        </Button>
      </div>
      <p className="small soft">{words.lead}</p>
      <ul className="ruled" aria-label={words.title}>
        {matches.map((match) => {
          const isOpen = opened?.matchNo === match.matchNo;
          return (
            <li key={match.matchNo}>
              <div className={styles["head"]}>
                <Value shown={match.fileName} isBare />
                <span className="small soft">{words.rows(match.rowCount)}</span>
                <span className="small">{words.comesTo(match.people)}</span>
                {match.undecided > 0 ? (
                  <Mark tone="look">{words.undecided(match.undecided)}</Mark>
                ) : match.ambiguous > 0 ? (
                  <Mark>{words.allSettled}</Mark>
                ) : null}
                <span className="small soft">
                  <At iso={match.madeAt} form="short" />
                </span>
                <AccountChip no={match.madeBy} />
              </div>
              <div className="line">
                {(["sure", "ambiguous", "none"] as const).map((outcome) => (
                  <Button
                    key={outcome}
                    size="compact-sm"
                    variant={isOpen && opened?.outcome === outcome ? "light" : "subtle"}
                    aria-expanded={isOpen && opened?.outcome === outcome}
                    disabled={match[outcome] === 0}
                    onClick={() => setOpened(isOpen && opened?.outcome === outcome ? undefined : { matchNo: match.matchNo, outcome })}
                  >
                    {words.outcomes[outcome]} {words.rows(match[outcome])}
                  </Button>
                ))}
                <Button size="compact-sm" variant="default" disabled={match.people === 0} loading={take.isPending} onClick={() => take.mutate(match.matchNo)}>
                  {words.use}
                </Button>
              </div>
              {isOpen && opened !== undefined ? (
                <MatchRows key={opened.outcome} incidentNo={incidentNo} matchNo={match.matchNo} outcome={opened.outcome} />
              ) : null}
            </li>
          );
        })}
      </ul>
      {isAdding ? (
        <MatchDialog
          incidentNo={incidentNo}
          onClose={() => setIsAdding(false)}
          onMatched={(matchNo) => {
            setIsAdding(false);
            setOpened({ matchNo, outcome: "ambiguous" });
          }}
        />
      ) : null}
    </section>
  );
}
