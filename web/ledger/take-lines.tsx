import { Button, Popover } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { ledgerLines } from "#shared/ledger.ts";
import { download } from "#web/call.ts";
import type { LedgerFilter } from "#web/ledger/ledger-ask.ts";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

/** The filtered ledger as a file of lines, for people and their programs. */
export function TakeLines({ filter }: { filter: LedgerFilter }) {
  const { w } = useWords();
  const [isOpen, setIsOpen] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const take = () => {
    setIsBusy(true);
    setError(null);
    download(ledgerLines, { body: filter })
      .then(() => setIsOpen(false))
      .catch(setError)
      .finally(() => setIsBusy(false));
  };
  return (
    <Popover opened={isOpen} onChange={setIsOpen} position="bottom-end" width={300} trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={() => setIsOpen(!isOpen)}>
          {w.records.lines}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={w.records.lines}>
        <div className="column tight">
          <p className="small">{w.records.linesHelp}</p>
          {error === null ? null : <ProblemNotice error={error} />}
          <div>
            <Button size="xs" loading={isBusy} onClick={take} data-autofocus>
              {w.records.take}
            </Button>
          </div>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
