import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { downloadVerifier, showVerifier } from "#shared/ledger-export.ts";
import { call, download } from "#web/call.ts";
import styles from "#web/ledger/ledger.module.css";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

/** The one-file verifier to save, its hash, the ledger's keys, and the line that runs it. */
export function HowToVerify({ command }: { command: string }) {
  const { w } = useWords();
  const words = w.ledgerExport;
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const { data } = useQuery({ queryKey: ["ledger-verifier"], queryFn: () => call(showVerifier) });
  const save = () => {
    setIsBusy(true);
    setError(null);
    download(downloadVerifier, { body: {} })
      .catch(setError)
      .finally(() => setIsBusy(false));
  };
  return (
    <>
      <p className="small">{words.verifierHelp}</p>
      {error === null ? null : <ProblemNotice error={error} />}
      <div>
        <Button variant="default" loading={isBusy} onClick={save}>
          {words.verifier}
        </Button>
      </div>
      {data === undefined ? null : (
        <dl className={`${styles["pairs"]} small`}>
          <div>
            <dt>{words.hash}</dt>
            <dd className={styles["code"]} data-testid="verifier-hash">
              {data.sha256}
            </dd>
          </div>
          <div>
            <dt>{words.keys}</dt>
            <dd>
              {data.keys.map((key) => (
                <div key={key} className={styles["code"]} data-testid="ledger-key">
                  {key}
                </div>
              ))}
            </dd>
          </div>
          <div>
            <dt>{words.command}</dt>
            <dd className={styles["code"]}>{command}</dd>
          </div>
        </dl>
      )}
    </>
  );
}
