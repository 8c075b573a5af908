import { Button, Checkbox, Modal } from "@mantine/core";
import { IconFileExport } from "@tabler/icons-react";
import { useState } from "react";
import { dayAfter, dayBegins } from "#shared/day-in-japan.ts";
import { exportLedger } from "#shared/ledger-export.ts";
import { download } from "#web/call.ts";
import { HowToVerify } from "#web/ledger/how-to-verify.tsx";
import { DayField } from "#web/parts/day-field.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

/** The ledger with its proofs as a file, and the one file that verifies it elsewhere. */
export function ExportLedger() {
  const { w } = useWords();
  const words = w.ledgerExport;
  const [isOpen, setIsOpen] = useState(false);
  const [from, setFrom] = useState<string>();
  const [to, setTo] = useState<string>();
  const [withEntries, setWithEntries] = useState(true);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const take = () => {
    setIsBusy(true);
    setError(null);
    download(exportLedger, {
      body: {
        withEntries,
        ...(from === undefined ? {} : { from: dayBegins(from) }),
        ...(to === undefined ? {} : { to: dayBegins(dayAfter(to, 1)) }),
      },
    })
      .catch(setError)
      .finally(() => setIsBusy(false));
  };
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
            <Button loading={isBusy} onClick={take} data-autofocus>
              {words.take}
            </Button>
          </div>
          <HowToVerify command="node kuraban-verify.mjs FILE --key KEY" />
        </div>
      </Modal>
    </>
  );
}
