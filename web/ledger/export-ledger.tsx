import { Button, Checkbox, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconFileExport } from "@tabler/icons-react";
import { useState } from "react";
import { downloadVerifier, exportLedger, showVerifier } from "#shared/ledger-export.ts";
import { call, download } from "#web/call.ts";
import styles from "#web/ledger/ledger.module.css";
import { DayField } from "#web/parts/day-field.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

/** The day after, as a day: what lasts until the end of a day ends there. */
function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

/** The ledger with its proofs as a file, and the one file that verifies it elsewhere. */
export function ExportLedger() {
  const { w } = useWords();
  const words = w.ledgerExport;
  const [isOpen, setIsOpen] = useState(false);
  const [from, setFrom] = useState<string>();
  const [to, setTo] = useState<string>();
  const [withEntries, setWithEntries] = useState(true);
  const [busy, setBusy] = useState<"export" | "verifier">();
  const [error, setError] = useState<unknown>(null);
  const { data } = useQuery({ queryKey: ["ledger-verifier"], queryFn: () => call(showVerifier), enabled: isOpen });
  const run = (what: "export" | "verifier", act: () => Promise<void>) => {
    setBusy(what);
    setError(null);
    act()
      .catch(setError)
      .finally(() => setBusy(undefined));
  };
  const midnight = (day: string) => `${day}T00:00:00+09:00`;
  const take = () =>
    download(exportLedger, {
      body: {
        withEntries,
        ...(from === undefined ? {} : { from: midnight(from) }),
        ...(to === undefined ? {} : { to: midnight(dayAfter(to)) }),
      },
    });
  return (
    <>
      <Button variant="default" leftSection={<IconFileExport size={16} aria-hidden />} onClick={() => setIsOpen(true)}>
        {words.open}
      </Button>
      <Modal opened={isOpen} onClose={() => setIsOpen(false)} title={words.title} size="lg" closeButtonProps={{ "aria-label": w.act.close }}>
        <div className="column">
          <p>{words.lead}</p>
          <div className="line">
            <DayField label={words.from} value={from} onChange={setFrom} isLabelled />
            <DayField label={words.to} value={to} onChange={setTo} isLabelled />
          </div>
          <Checkbox
            label={words.withEntries}
            description={words.withEntriesHelp}
            checked={withEntries}
            onChange={(event) => setWithEntries(event.currentTarget.checked)}
          />
          <p className="soft small">{words.purpose}</p>
          {error === null ? null : <ProblemNotice error={error} />}
          <div>
            <Button loading={busy === "export"} onClick={() => run("export", take)} data-autofocus>
              {words.take}
            </Button>
          </div>
          <p className="small">{words.verifierHelp}</p>
          <div>
            <Button variant="default" loading={busy === "verifier"} onClick={() => run("verifier", () => download(downloadVerifier, { body: {} }))}>
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
                <dd className={styles["code"]}>node kuraban-verify.mjs FILE --key KEY</dd>
              </div>
            </dl>
          )}
        </div>
      </Modal>
    </>
  );
}
