import { Progress } from "@mantine/core";
import { scopeTiers, type ScopeTier } from "#shared/incident-scope.ts";
import styles from "#web/incidents/scope/scope.module.css";
import type { Run } from "#web/incidents/scope/use-scope.ts";
import { EventChip } from "#web/parts/chip.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { Why } from "#web/parts/why.tsx";
import { useFindingName } from "#web/words/finding-names.ts";
import { formatNumber as n } from "#web/words/format.ts";
import { useWords } from "#web/words/words.ts";

/** The three tiers as big numbers that open into people, how many were within reach beside them, and whether the ledger verifies. */
export function ScopeNumbers({ run, opened, onOpen }: { run: Run; opened: ScopeTier | undefined; onOpen: (tier: ScopeTier) => void }) {
  const { w, dateTime } = useWords();
  const words = w.incidentScope;
  return (
    <section className={`column tight ${styles["numbers"] ?? ""}`}>
      <div className={styles["tiers"]}>
        {scopeTiers.map((tier) => (
          <button
            key={tier}
            type="button"
            className={styles["tier"]}
            aria-pressed={tier === opened}
            title={words.openTier(words.tiers[tier], run[tier])}
            onClick={() => onOpen(tier)}
          >
            <span className={styles["name"]}>{words.tiers[tier]}</span>
            <span className={styles["number"]}>
              {n(run[tier])}
              <small> {words.unit}</small>
            </span>
            <span className={styles["note"]}>
              {words.tierHelp[tier]}
              {run.computed[tier] === run[tier] ? "" : `(${words.computed(run.computed[tier])})`}
            </span>
            {tier === "confirmed" && run.sensitive > 0 ? (
              <span>
                <Mark tone="look">{words.sensitive(run.sensitive)}</Mark>
              </span>
            ) : null}
          </button>
        ))}
        {run.withinReach === null ? null : (
          <div className={`${styles["tier"]} ${styles["beside"]}`}>
            <span className={styles["name"]}>
              {words.withinReach} <Why>{words.withinReachHelp}</Why>
            </span>
            <span className={styles["number"]}>{words.people(run.withinReach)}</span>
            <span className={styles["note"]}>{words.existed(run.existed)}</span>
          </div>
        )}
      </div>
      <Verification run={run} />
      <p className="line small soft">
        <EventChip no={run.asOfEvent}>{words.asOf(run.asOfEvent, dateTime(run.asOfAt))}</EventChip>
        <span>{words.took((run.tookMs / 1000).toFixed(1))}</span>
        <span className={styles["hash"]}>
          {words.hash} {run.hash}
        </span>
      </p>
    </section>
  );
}

const tones = { pending: "look", holds: "plain", fails: "loss" } as const;

function Verification({ run: { verification } }: { run: Run }) {
  const { w, dateTime } = useWords();
  const words = w.incidentScope;
  const nameOf = useFindingName();
  const { state, events, of, basis, found, wholeAt } = verification;
  return (
    <div className="line" role="status">
      <Mark tone={tones[state]}>{words.verification[state]}</Mark>
      {state === "pending" && of > 0 ? (
        <>
          <Progress.Root size="sm" w={140}>
            <Progress.Section value={(events / of) * 100} aria-label={words.verification.pending} />
          </Progress.Root>
          <span className="small soft">{words.verifying(events, of)}</span>
        </>
      ) : null}
      <Why article="ledger">
        {state === "holds" && basis === "proved"
          ? words.verificationHelp.proved(events, wholeAt === null ? null : dateTime(wholeAt))
          : words.verificationHelp[state]}
        {found.length === 0 ? null : (
          <>
            <p>{words.notHolding}</p>
            <ul>
              {found.map((what) => {
                const { text, ...language } = nameOf(what);
                return (
                  <li key={what} {...language}>
                    {text}
                  </li>
                );
              })}
            </ul>
          </>
        )}
      </Why>
    </div>
  );
}
