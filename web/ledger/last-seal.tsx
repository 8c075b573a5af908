import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { verifyLedgerNow } from "#shared/ledger.ts";
import { call } from "#web/call.ts";
import styles from "#web/ledger/ledger.module.css";
import { SealWitnesses } from "#web/ledger/seal-witnesses.tsx";
import { useCheckpoint } from "#web/ledger/use-checkpoint.ts";
import { At } from "#web/parts/at.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { Seal } from "#web/parts/seal.tsx";
import { useMay } from "#web/parts/use-me.ts";
import { useFindingName } from "#web/words/finding-names.ts";
import { formatNumber } from "#web/words/format.ts";
import { useWords } from "#web/words/words.ts";

/** The seal of the last checkpoint, and the check of everything behind it. */
export function LastSeal() {
  const { w, dateTime } = useWords();
  const may = useMay();
  const nameOf = useFindingName();
  const client = useQueryClient();
  const { data } = useCheckpoint();
  const verify = useMutation({ mutationFn: () => call(verifyLedgerNow), onSuccess: () => void client.invalidateQueries({ queryKey: ["checkpoint"] }) });
  if (data === undefined) return null;
  const { checkpoint, lastVerifiedAt, lastVerifiedOk, unsequenced } = data;
  const verified =
    lastVerifiedAt === null
      ? w.ledger.neverVerified
      : lastVerifiedOk === false
        ? w.ledger.verifiedBad(dateTime(lastVerifiedAt))
        : w.ledger.verified(dateTime(lastVerifiedAt));
  return (
    <section className={styles["seal"]} aria-label={w.ledger.sealTitle}>
      {checkpoint === null ? null : <Seal character="封" size={44} />}
      <div className={styles["words"]}>
        <p>
          {checkpoint === null ? (
            w.ledger.sealNone
          ) : (
            <>
              <strong>{w.ledger.sealEvents(checkpoint.treeSize)}</strong> <At iso={checkpoint.at} />
            </>
          )}
          {unsequenced > 0 ? <span className="soft"> {w.ledger.sealWaiting(unsequenced)}</span> : null}
        </p>
        <p className={lastVerifiedOk === false ? styles["bad"] : "soft"}>{verified}</p>
        {checkpoint === null ? null : <SealWitnesses witnesses={data.witnesses} lastStampedAt={data.lastStampedAt} />}
        {checkpoint === null ? null : (
          <details className="small">
            <summary className="soft">{w.ledger.note}</summary>
            <pre className={styles["note"]} tabIndex={0} aria-label={w.ledger.note}>
              {checkpoint.note}
            </pre>
          </details>
        )}
        {verify.data === undefined ? null : verify.data.ok ? (
          <p role="status" className="line">
            <IconCheck size={16} aria-hidden /> {w.ledger.verifyOk(verify.data.events, verify.data.rowsSwept)}
          </p>
        ) : (
          <div role="alert" className={styles["bad"]}>
            <p className="line">
              <IconAlertTriangle size={16} aria-hidden /> {w.ledger.verifyBad(verify.data.findings.length)}
            </p>
            <ul>
              {verify.data.findings.slice(0, 50).map((finding, index) => (
                <li key={index}>
                  {nameOf(finding.what).text} {finding.sequence === null ? "" : formatNumber(finding.sequence)} {finding.subject ?? ""}
                </li>
              ))}
            </ul>
          </div>
        )}
        {verify.error === null ? null : <ProblemNotice error={verify.error} />}
      </div>
      {may("verify-ledger") ? (
        <Button variant="default" loading={verify.isPending} onClick={() => verify.mutate()}>
          {w.ledger.verify}
        </Button>
      ) : null}
    </section>
  );
}
