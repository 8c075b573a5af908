import { IconAlertTriangle, IconCheck, IconClock } from "@tabler/icons-react";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { showCheckpoint } from "#shared/ledger.ts";
import styles from "#web/ledger/ledger.module.css";
import { At } from "#web/parts/at.tsx";
import { useWords } from "#web/words/words.ts";

type Checkpoint = ReplyOf<typeof showCheckpoint>;

/** Who else holds the seal: witnesses with what they last saw, and the last time stamp. Without any it says what that means. */
export function SealWitnesses({ witnesses, lastStampedAt }: Pick<Checkpoint, "witnesses" | "lastStampedAt">) {
  const { w } = useWords();
  const words = w.records.seal;
  if (witnesses.length === 0 && lastStampedAt === null) return <p className="small soft">{words.none}</p>;
  return (
    <ul className={styles["witnesses"]} aria-label={words.witnesses}>
      {witnesses.map(({ name, state, lastSize, lastAt }) => (
        <li key={name} className={state === "refused" ? styles["bad"] : undefined}>
          {state === "ok" ? (
            <IconCheck size={14} aria-hidden />
          ) : state === "waiting" ? (
            <IconClock size={14} aria-hidden />
          ) : (
            <IconAlertTriangle size={14} aria-hidden />
          )}
          <span>
            {words.witness(name)} {w.proofs.states[state]}
            {lastSize === null || lastAt === null ? null : (
              <span className="soft">
                {" "}
                {w.proofs.last(lastSize)} <At iso={lastAt} form="short" />
              </span>
            )}
          </span>
        </li>
      ))}
      {lastStampedAt === null ? null : (
        <li>
          <IconClock size={14} aria-hidden />
          <span>
            {words.stamped} <At iso={lastStampedAt} form="short" />
          </span>
        </li>
      )}
    </ul>
  );
}
